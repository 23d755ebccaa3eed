package io.parley.projection.projector;

import io.parley.projection.projector.Rows.Head;
import io.parley.projection.shape.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as one digest, made alike by PostgreSQL of a table's rows and here of those that were
 * folded: so rows that stand as they were made need not be sent to be compared (ADR 12).
 *
 * <p>SHA-256, in hexadecimal, of the values of each row in the order of its columns, rows in the
 * order of their sequence numbers and, of one sequence number, of their ids' bytes. A text is the
 * number of its bytes, a colon and the text; a number is its digits and a semicolon; a list is what
 * PostgreSQL writes of it and a semicolon. Null is the mark alone. So no two sequences of rows are
 * the same bytes. What is searched in is left out: only PostgreSQL knows what it makes of a text.
 */
final class RowDigest {
  private static final byte[] COLON = {':'};
  private static final byte[] SEMICOLON = {';'};

  private RowDigest() {}

  /** Whether a column is in the digest. */
  static boolean has(Head head) {
    return head.type() != Column.Type.SEARCH;
  }

  /**
   * The statement that gives the digest of a negotiation's rows in a table, from one sequence
   * number (exclusive) to another; these three are bound, in this order.
   *
   * @param at column of the sequence number
   * @param id column that, with it, names a row
   */
  static String sql(String table, List<Head> heads, String at, String id) {
    return """
        select encode(sha256(convert_to(
          coalesce(string_agg(concat(%1$s), '' order by %2$s, %3$s collate "C"), ''), 'UTF8')), 'hex')
        from {schema}.%4$s where negotiation = $1 and %2$s > $2 and %2$s <= $3"""
        .formatted(
            heads.stream()
                .filter(RowDigest::has)
                .map(head -> sql(head.name(), head.type()))
                .collect(Collectors.joining(", ")),
            at,
            id,
            table);
  }

  private static String sql(String name, Column.Type type) {
    return switch (type) {
      case TEXT -> "octet_length(%1$s), ':', %1$s".formatted(name);
      case BIGINT, TEXTS -> name + ", ';'";
      case SEARCH -> throw new IllegalArgumentException(name + " is not in the digest");
    };
  }

  /** The digest of these rows, which are in the order of their sequence numbers. */
  static String of(Rows rows, String at, String id) {
    List<Head> heads = rows.heads().stream().filter(RowDigest::has).toList();
    List<List<@Nullable Object>> columns =
        heads.stream().map(head -> rows.column(head.name())).toList();
    MessageDigest sha = Sha256.begin();
    for (int row : order(rows.column(at), rows.column(id))) {
      for (int i = 0; i < columns.size(); i++) {
        update(sha, heads.get(i).type(), columns.get(i).get(row));
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void update(MessageDigest sha, Column.Type type, @Nullable Object value) {
    switch (type) {
      case TEXT -> {
        byte[] text = value == null ? null : utf8(Rows.text(value));
        sha.update(text == null ? COLON : utf8(text.length + ":"));
        if (text != null) {
          sha.update(text);
        }
      }
      case BIGINT -> sha.update(value == null ? SEMICOLON : utf8(value + ";"));
      case TEXTS -> sha.update(value == null ? SEMICOLON : utf8(Rows.literal(value) + ";"));
      case SEARCH -> throw new IllegalArgumentException("it is not in the digest");
    }
  }

  /** The rows' numbers in the order of the digest. */
  private static int[] order(List<@Nullable Object> at, List<@Nullable Object> id) {
    return IntStream.range(0, at.size())
        .boxed()
        .sorted(
            (one, other) -> {
              int first = Long.compare((Long) at.get(one), (Long) at.get(other));
              return first != 0
                  ? first
                  : Arrays.compareUnsigned(utf8(id.get(one)), utf8(id.get(other)));
            })
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static byte[] utf8(@Nullable Object text) {
    return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
  }
}
