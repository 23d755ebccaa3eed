package io.parley.projection.projector;

import io.parley.projection.projector.Rows.Head;
import io.parley.schemas.wire.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as bytes: those that PostgreSQL sends of a record ({@code record_send}), one behind the
 * other, in the order of their sequence numbers and, of one sequence number, of their ids' bytes.
 * So both can make one digest of them, and rows that stand as they were made need not be sent to be
 * compared (ADR 12). They are no objects either, which a collector would have to carry along.
 *
 * <p>A record is the number of its columns and for each the oid of its type, its length and its
 * bytes; no bytes and the length -1 for null: no two sequences of rows are the same bytes.
 */
final class RecordBytes {
  private static final int NULL = -1;
  private static final int BYTEA = 17;
  private static final int BIGINT = 20;
  private static final int TEXT = 25;
  private static final int TEXTS = 1009;

  private final List<Head> heads;
  private final int at;
  private final int id;
  private ByteBuffer bytes;
  private int rows;

  /**
   * None yet.
   *
   * @param heads columns
   * @param at column of the sequence number
   * @param id column that, with it, names a row
   */
  RecordBytes(List<Head> heads, String at, String id) {
    this.heads = heads;
    List<String> names = heads.stream().map(Head::name).toList();
    this.at = names.indexOf(at);
    this.id = names.indexOf(id);
    this.bytes = ByteBuffer.allocate(1024);
  }

  /**
   * The SQL expression that gives the digest of rows, over all of them.
   *
   * @param at column of the sequence number
   * @param id column that, with it, names a row
   */
  static String sql(List<Head> heads, String at, String id) {
    return """
        encode(sha256(coalesce(
          string_agg(record_send(row(%1$s)), ''::bytea order by %2$s, %3$s collate "C"), '')), 'hex')"""
        .formatted(heads.stream().map(Head::name).collect(Collectors.joining(", ")), at, id);
  }

  /** Adds rows that come after those which are here, whose columns are among theirs. */
  void add(Rows added) {
    List<List<@Nullable Object>> columns =
        heads.stream().map(head -> added.column(head.name())).toList();
    for (int row : order(columns.get(at), columns.get(id))) {
      room(Integer.BYTES).putInt(heads.size());
      for (int i = 0; i < columns.size(); i++) {
        put(heads.get(i).type(), columns.get(i).get(row));
      }
    }
    rows += added.size();
  }

  /** Has none again; what they took stays its own. */
  void clear() {
    bytes.clear();
    rows = 0;
  }

  /** How many they are. */
  int size() {
    return rows;
  }

  /** Bytes of all of them. */
  int length() {
    return bytes.position();
  }

  /** The digest: SHA-256 in hexadecimal. */
  String digest() {
    MessageDigest sha = Sha256.begin();
    sha.update(bytes.duplicate().flip());
    return HexFormat.of().formatHex(sha.digest());
  }

  /** The rows themselves. */
  Rows rows(String table) {
    Rows read = new Rows(table, heads);
    ByteBuffer from = bytes.duplicate().flip();
    while (from.hasRemaining()) {
      from.getInt();
      List<@Nullable Object> values = new ArrayList<>();
      heads.forEach(head -> values.add(read(from, head.type())));
      read.add(values);
    }
    return read;
  }

  private void put(Column.Type type, @Nullable Object value) {
    switch (type) {
      case BIGINT -> {
        room(2 * Integer.BYTES + Long.BYTES).putInt(BIGINT);
        if (value == null) {
          bytes.putInt(NULL);
        } else {
          bytes.putInt(Long.BYTES).putLong((Long) value);
        }
      }
      case TEXT -> {
        room(Integer.BYTES).putInt(TEXT);
        text(Rows.text(value));
      }
      case JSON -> {
        room(Integer.BYTES).putInt(TEXT);
        bytes((byte[]) value);
      }
      case TEXTS -> {
        room(Integer.BYTES).putInt(TEXTS);
        texts((List<?>) value);
      }
      case BYTES -> {
        room(Integer.BYTES).putInt(BYTEA);
        bytes((ByteBuffer) value);
      }
    }
  }

  private void text(@Nullable String text) {
    bytes(text == null ? null : utf8(text));
  }

  private void bytes(byte @Nullable [] utf8) {
    if (utf8 == null) {
      room(Integer.BYTES).putInt(NULL);
    } else {
      room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
    }
  }

  private void bytes(@Nullable ByteBuffer value) {
    if (value == null) {
      room(Integer.BYTES).putInt(NULL);
    } else {
      room(Integer.BYTES + value.remaining()).putInt(value.remaining()).put(value.duplicate());
    }
  }

  /** Dimensions, whether there are nulls, the type; of the one dimension length and first index. */
  private void texts(@Nullable List<?> list) {
    int length = room(Integer.BYTES).position();
    bytes.putInt(NULL);
    if (list == null) {
      return;
    }
    room(5 * Integer.BYTES).putInt(list.isEmpty() ? 0 : 1).putInt(0).putInt(TEXT);
    if (!list.isEmpty()) {
      bytes.putInt(list.size()).putInt(1);
    }
    list.forEach(each -> text(String.valueOf(each)));
    bytes.putInt(length, bytes.position() - length - Integer.BYTES);
  }

  private static @Nullable Object read(ByteBuffer from, Column.Type type) {
    from.getInt();
    int length = from.getInt();
    if (length == NULL) {
      return null;
    }
    return switch (type) {
      case BIGINT -> from.getLong();
      case TEXT -> new String(readBytes(from, length), StandardCharsets.UTF_8);
      case JSON -> readBytes(from, length);
      case TEXTS -> readTexts(from);
      case BYTES -> ByteBuffer.wrap(readBytes(from, length));
    };
  }

  private static List<String> readTexts(ByteBuffer from) {
    boolean empty = from.getInt() == 0;
    from.getLong();
    List<String> list = new ArrayList<>();
    if (!empty) {
      int size = from.getInt();
      from.getInt();
      for (int i = 0; i < size; i++) {
        list.add(new String(readBytes(from, from.getInt()), StandardCharsets.UTF_8));
      }
    }
    return list;
  }

  private static byte[] readBytes(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int length = bytes.position();
      bytes =
          ByteBuffer.wrap(Arrays.copyOf(bytes.array(), 2 * Math.addExact(length, more)))
              .position(length);
    }
    return bytes;
  }

  /** The rows' numbers in the order of their ids, where several are of one sequence number. */
  private static int[] order(List<@Nullable Object> at, List<@Nullable Object> id) {
    int[] order = new int[at.size()];
    for (int from = 0, to; from < order.length; from = to) {
      to = from;
      do {
        order[to] = to;
        to++;
      } while (to < order.length && at.get(to) instanceof Long next && next.equals(at.get(from)));
      if (to - from > 1) {
        int begin = from;
        int[] sorted =
            IntStream.range(begin, to)
                .boxed()
                .sorted(
                    (one, other) -> Arrays.compareUnsigned(utf8(id.get(one)), utf8(id.get(other))))
                .mapToInt(Integer::intValue)
                .toArray();
        System.arraycopy(sorted, 0, order, begin, sorted.length);
      }
    }
    return order;
  }

  private static byte[] utf8(@Nullable Object text) {
    return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
  }
}
