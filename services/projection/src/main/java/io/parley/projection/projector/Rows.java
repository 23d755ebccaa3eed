package io.parley.projection.projector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table on their way into it, all by one statement: a round trip a row would cost a
 * hundred times as much.
 */
final class Rows {
  /** A column's name and type. */
  record Head(String name, Column.Type type) {}

  private final String table;
  private final String insert;
  private final String made;
  private final List<Head> heads;
  private final List<List<@Nullable Object>> columns;

  Rows(String table, List<Head> heads) {
    this.table = table;
    this.heads = heads;
    this.columns = heads.stream().<List<@Nullable Object>>map(head -> new ArrayList<>()).toList();
    this.made =
        "select %s from unnest(%s) as x(%s)"
            .formatted(
                heads.stream()
                    .map(head -> head.type().stored("x." + head.name()) + " as " + head.name())
                    .collect(Collectors.joining(", ")),
                IntStream.range(0, heads.size())
                    .mapToObj(i -> bound(i, heads))
                    .collect(Collectors.joining(", ")),
                names(heads));
    this.insert = "insert into {schema}.%s (%s) %s".formatted(table, names(heads), made);
  }

  private static String bound(int column, List<Head> heads) {
    return heads.get(column).type() == Column.Type.BIGINT
        ? "$" + (column + 1) + "::bigint[]"
        : Packing.unpacked(column + 1, heads.size() + 1, heads.size() + 2);
  }

  /** Adds a row, its values in the order of the columns. */
  void add(List<? extends @Nullable Object> values) {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).add(values.get(i));
    }
  }

  int size() {
    return columns.getFirst().size();
  }

  void clear() {
    columns.forEach(List::clear);
  }

  String table() {
    return table;
  }

  List<Head> heads() {
    return heads;
  }

  /** The values of a column, in the order of the rows. */
  List<@Nullable Object> column(String name) {
    for (int i = 0; i < heads.size(); i++) {
      if (heads.get(i).name().equals(name)) {
        return columns.get(i);
      }
    }
    throw new IllegalArgumentException(table + " has no column " + name);
  }

  String insert() {
    return insert;
  }

  /**
   * The statement that finds the first row which is not as it stands in the table, or stands there
   * alone, in a negotiation from one sequence number (exclusive) to another. These bind behind the
   * columns. It gives sequence, id, and both rows as JSON.
   *
   * @param at column of the sequence number
   * @param id column that, with it, names a row
   */
  String difference(String at, String id) {
    int next = heads.size() + 3;
    return """
        with made as (%s)
        select coalesce(m.%2$s, l.%2$s), coalesce(m.%3$s, l.%3$s), to_json(m)::text, to_json(l)::text
        from made m full join (select %4$s from {schema}.%5$s t
          where t.negotiation = $%6$d and t.%2$s > $%7$d and t.%2$s <= $%8$d) l
          on m.%2$s = l.%2$s and m.%3$s = l.%3$s
        where row(m.*) is distinct from row(l.*)
        order by 1, 2 limit 1"""
        .formatted(made, at, id, names(heads), table, next, next + 1, next + 2);
  }

  /** What is to be bound: the columns, and how those of texts are packed. */
  List<Object> values() {
    List<List<@Nullable String>> texts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      switch (heads.get(i).type()) {
        case BIGINT -> {}
        case TEXT, JSON -> texts.add(mapped(columns.get(i), Rows::text));
        case TEXTS -> texts.add(mapped(columns.get(i), Rows::literal));
        case BYTES -> texts.add(mapped(columns.get(i), Rows::base64));
      }
    }
    Packing packing = Packing.of(texts);
    List<Object> values = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < columns.size(); i++) {
      values.add(
          heads.get(i).type() == Column.Type.BIGINT
              ? columns.get(i).toArray(new Long[0])
              : packing.packed(texts.get(next++)));
    }
    values.add(packing.delimiter());
    values.add(packing.nothing());
    return values;
  }

  private static List<@Nullable String> mapped(
      List<@Nullable Object> values, Function<@Nullable Object, @Nullable String> text) {
    List<@Nullable String> texts = new ArrayList<>(values.size());
    values.forEach(value -> texts.add(text.apply(value)));
    return texts;
  }

  /** PostgreSQL has no zero character in text; a body has it escaped, other columns go without. */
  static @Nullable String text(@Nullable Object value) {
    if (value instanceof byte[] json) {
      return new String(json, StandardCharsets.UTF_8);
    }
    String text = (String) value;
    return text == null || text.indexOf('\0') < 0 ? text : text.replace("\0", "");
  }

  private static @Nullable String base64(@Nullable Object bytes) {
    return bytes == null
        ? null
        : new String(
            Base64.getEncoder().encode(((ByteBuffer) bytes).duplicate()).array(),
            StandardCharsets.ISO_8859_1);
  }

  /** An array as PostgreSQL writes it (array_out), and reads it. */
  static @Nullable String literal(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    StringBuilder literal = new StringBuilder("{");
    for (Object each : (List<?>) value) {
      literal.append(literal.length() == 1 ? "" : ",");
      String text = String.valueOf(each);
      if (isBare(text)) {
        literal.append(text);
      } else {
        literal.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return literal.append('}').toString();
  }

  private static boolean isBare(String text) {
    return !text.isEmpty()
        && !text.equalsIgnoreCase("null")
        && text.chars().noneMatch(each -> "\"\\{}, \t\n\r\u000b\f".indexOf(each) >= 0);
  }

  private static String names(List<Head> heads) {
    return heads.stream().map(Head::name).collect(Collectors.joining(", "));
  }
}
