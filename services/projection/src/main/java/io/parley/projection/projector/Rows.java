package io.parley.projection.projector;

import java.util.ArrayList;
import java.util.List;
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
  private long characters;

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
                    .mapToObj(i -> "$" + (i + 1) + "::" + heads.get(i).type().bound() + "[]")
                    .collect(Collectors.joining(", ")),
                names(heads));
    this.insert = "insert into {schema}.%s (%s) %s".formatted(table, names(heads), made);
  }

  /** Adds a row, its values in the order of the columns. */
  void add(List<? extends @Nullable Object> values) {
    for (int i = 0; i < columns.size(); i++) {
      Object value = values.get(i);
      columns.get(i).add(value);
      characters += value instanceof String text ? text.length() : 0;
    }
  }

  /** Characters of the texts that were added: what they take in memory, about. */
  long characters() {
    return characters;
  }

  /** Changes a value of a row that is already added. */
  void set(int row, int column, Object value) {
    columns.get(column).set(row, value);
  }

  int size() {
    return columns.getFirst().size();
  }

  void clear() {
    columns.forEach(List::clear);
    characters = 0;
  }

  String table() {
    return table;
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
    int next = heads.size() + 1;
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

  /** The columns as arrays, to be bound. */
  List<Object> arrays() {
    List<Object> arrays = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      arrays.add(array(heads.get(i).type(), columns.get(i)));
    }
    return arrays;
  }

  private static Object array(Column.Type type, List<@Nullable Object> values) {
    return switch (type) {
      case BIGINT -> values.toArray(new Long[0]);
      case TEXT, SEARCH -> values.stream().map(Rows::text).toArray(String[]::new);
      case TEXTS -> values.stream().map(Rows::literal).toArray(String[]::new);
    };
  }

  /** PostgreSQL has no zero character in text; a body has it escaped, other columns go without. */
  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : ((String) value).replace("\0", "");
  }

  /** An array as PostgreSQL writes it. */
  private static @Nullable String literal(@Nullable Object value) {
    return value == null
        ? null
        : ((List<?>) value)
            .stream()
                .map(
                    each ->
                        '"'
                            + String.valueOf(each).replace("\\", "\\\\").replace("\"", "\\\"")
                            + '"')
                .collect(Collectors.joining(",", "{", "}"));
  }

  private static String names(List<Head> heads) {
    return heads.stream().map(Head::name).collect(Collectors.joining(", "));
  }
}
