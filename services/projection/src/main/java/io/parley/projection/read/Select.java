package io.parley.projection.read;

import io.parley.journal.reading.Problem;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list's query: filters, a key that orders it and that is unique, and a page of it. */
public final class Select {
  /** Beyond every sequence number, and a cursor can hold it. */
  private static final long AFTER_ALL = 400_000_000_000_000_000L;

  private final String relation;
  private final StringBuilder where = new StringBuilder("true");
  private final List<Object> values = new ArrayList<>();
  private String key = "t.id";
  private String keyType = "text";
  private boolean descending;

  /** The view's table where rows are found by their items; then $1 is the negotiation. */
  private @Nullable String searched;

  private Select(String relation) {
    this.relation = relation;
  }

  /** Everything in a table. */
  public static Select from(String table) {
    return new Select("{schema}." + table);
  }

  /**
   * Everything that a query gives, which names its own tables and has a column {@code id}.
   *
   * @param values what $1, $2 and so on stand for in it
   */
  public static Select derived(String query, List<?> values) {
    Select select = new Select("(" + query + ")");
    select.values.addAll(values);
    return select;
  }

  /** The items of a view's table as they were at a moment. */
  public static Select items(String table, Moment moment) {
    Select select =
        derived(
            "select * from " + valid(table, "$1", "$2"),
            List.of(moment.negotiation(), moment.sequence()));
    select.searched = table;
    return select;
  }

  /**
   * The rows of a view's table as they were at a moment, as a relation with the table's columns:
   * from each item that was there, found by its first row, to its last row up to then. What it
   * takes grows with the items, and not with what became of them before or after.
   *
   * @param negotiation placeholder of the negotiation
   * @param sequence placeholder of the last sequence number
   */
  public static String valid(String table, String negotiation, String sequence) {
    return """
        (select * from (select f.id, f.first_sequence from {schema}.%1$s f
          where f.negotiation = %2$s and f.first_sequence <= %3$s
          and f.from_sequence = f.first_sequence) first
        join lateral (select * from {schema}.%1$s r where r.negotiation = %2$s and r.id = first.id
          and r.from_sequence <= %3$s order by r.from_sequence desc limit 1) last
        using (id, first_sequence)) t"""
        .formatted(table, negotiation, sequence);
  }

  /**
   * The condition that a row which was found in some other way is as its item was at a moment.
   *
   * @param alias what the table is called in the statement
   * @param sequence the last sequence number: a placeholder or an expression
   */
  public static String isValid(String table, String alias, String sequence) {
    return ("%2$s.from_sequence = (select max(l.from_sequence) from {schema}.%1$s l"
            + " where l.negotiation = %2$s.negotiation and l.id = %2$s.id"
            + " and l.from_sequence <= %3$s)")
        .formatted(table, alias, sequence);
  }

  /** The items of a view's table in all negotiations, as they were at an instant; null: now. */
  public static Select across(String table, @Nullable Long recordedMillis) {
    String rows =
        "select * from (select f.negotiation, f.id from {schema}.%1$s f"
            + " where f.from_sequence = f.first_sequence) first"
            + " join lateral (select * from {schema}.%1$s r where r.negotiation = first.negotiation"
            + " and r.id = first.id%2$s order by r.from_sequence desc limit 1) last"
            + " using (negotiation, id)";
    return recordedMillis == null
        ? derived(rows.formatted(table, ""), List.of())
        : derived(
            rows.formatted(table, " and r.from_sequence <= " + head("first", "$1")),
            List.of(recordedMillis));
  }

  /**
   * The condition that a row of a table is as its item was at an instant, in whatever negotiation.
   *
   * @param alias what the table is called in the statement
   * @param millis placeholder of the instant, in milliseconds since 1970; empty: now
   */
  public static String then(String table, String alias, String millis) {
    return isValid(table, alias, millis.isEmpty() ? "9223372036854775807" : head(alias, millis));
  }

  /** The end of a negotiation's timeline at an instant. */
  private static String head(String alias, String millis) {
    return "(select max(e.sequence) from {schema}.timeline e where e.negotiation = %s.negotiation and e.recorded_ms <= %s)"
        .formatted(alias, millis);
  }

  /**
   * The items of a view's table as they were at a moment, with the restricted ones that somebody
   * may learn of and that were not public then; those come after all others by number.
   *
   * @param columns the columns that the list is filtered and ordered by, {@code body} too; of
   *     restricted items {@code first_sequence} is made up
   */
  public static Select items(String table, List<String> columns, Moment moment, Sight sight) {
    if (sight.isNothing()) {
      // The very question of somebody without the right: no trace of a difference.
      return items(table, moment);
    }
    String open = String.join(", ", columns.stream().map(column -> "o." + column).toList());
    String restricted =
        String.join(
            ", ",
            columns.stream()
                .map(
                    column ->
                        column.equals("first_sequence")
                            ? AFTER_ALL + " + r.first_offset as first_sequence"
                            : "r." + column)
                .toList());
    Select select =
        new Select(
            "(select o.id, "
                + open
                + " from (select * from "
                + valid(table, "$1", "$2")
                + ") o union all select r.id, "
                + restricted
                + " from {schema}.restricted r where r.negotiation = $1 and r.view = '"
                + table
                + "' and r.from_ms <= $3 and coalesce(r.to_ms, 9223372036854775807) > $3"
                + " and ($4 or r.issuer = any($5))"
                + " and not exists (select 1 from {schema}."
                + table
                + " o where o.negotiation = $1 and o.id = r.id and o.from_sequence <= $2))");
    select.values.addAll(
        List.of(
            moment.negotiation(),
            moment.sequence(),
            sight.atMillis(),
            sight.all(),
            sight.parties().toArray(new String[0])));
    return select;
  }

  /** Adds a condition on no value. */
  public Select where(String condition) {
    where.append(" and ").append(condition);
    return this;
  }

  /** Adds a condition; its question mark stands for the value. */
  public Select where(String condition, Object value) {
    values.add(value);
    where.append(" and ").append(condition.replace("?", "$" + values.size()));
    return this;
  }

  /**
   * Adds a condition that a column that is made of {@link Column#words} has these words, if any are
   * given.
   */
  public Select whereWords(String column, @Nullable String words) {
    return words == null
        ? this
        : where(
            indexed(column + " @@ websearch_to_tsquery('simple', ?)"),
            (Object) Words.folded(words));
  }

  /** Adds a condition on any of these values, if there are any, for which there is an index. */
  public Select whereAnyIndexed(String condition, List<String> any) {
    return whereAny(indexed(condition), any);
  }

  /**
   * The condition, and that the item has met it in some row: an index finds those, of however many
   * items.
   */
  private String indexed(String condition) {
    return searched == null
        ? condition
        : condition
            + " and t.id in (select i.id from {schema}."
            + searched
            + " i where i.negotiation = $1 and "
            + condition.replace("t.", "i.")
            + ")";
  }

  /** Adds a condition on any of these values, if there are any. */
  public Select whereAny(String condition, List<String> any) {
    return any.isEmpty() ? this : where(condition, any.toArray(new String[0]));
  }

  /** Orders by another text instead of the id. */
  public Select by(String column) {
    key = column;
    return this;
  }

  /** Orders by a number instead of the id. */
  public Select byNumber(String column, boolean newestFirst) {
    key = column;
    keyType = "bigint";
    descending = newestFirst;
    return this;
  }

  /** Goes on after a page's last key. */
  Select after(String last) {
    boolean readable = keyType.equals("text") ? last.indexOf(0) < 0 : last.matches("-?[0-9]{1,18}");
    if (!readable) {
      throw Problem.invalid(
          "the query parameters cannot be answered",
          List.of(new Problem.Fault("cursor", "not a cursor")));
    }
    return where(key + (descending ? " < " : " > ") + "?::text::" + keyType, last);
  }

  /** The statement; its first column is the key as text. */
  public String sql(String columns, int limit) {
    return "select "
        + key
        + "::text, "
        + columns
        + " from "
        + relation
        + " t where "
        + where
        + " order by "
        + key
        + (descending ? " desc" : "")
        + " limit "
        + limit;
  }

  /** What its placeholders stand for. */
  public List<Object> values() {
    return values;
  }
}
