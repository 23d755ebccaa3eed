package io.parley.projection.read;

import io.parley.journal.reading.Problem;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list's query: filters, a key that orders it and that is unique, and a page of it. */
public final class Select {
  private final String relation;
  private final StringBuilder where = new StringBuilder("true");
  private final List<Object> values = new ArrayList<>();
  private String key = "t.id";
  private String keyType = "text";
  private boolean descending;

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
    return from(table)
        .where("t.negotiation = ?", moment.negotiation())
        .where("t.from_sequence <= ?", moment.sequence())
        .where("coalesce(t.to_sequence, 9223372036854775807) > ?", moment.sequence());
  }

  /** The items of a view's table in all negotiations, as they were at an instant; null: now. */
  public static Select across(String table, @Nullable Long recordedMillis) {
    Select select = from(table);
    return recordedMillis == null
        ? select.where(then("t", ""))
        : select.where(then("t", "?"), recordedMillis);
  }

  /**
   * The condition that a row of a table is as it was at an instant, in whatever negotiation.
   *
   * @param alias what the table is called in the statement
   * @param millis placeholder of the instant, in milliseconds since 1970; empty: now
   */
  public static String then(String alias, String millis) {
    return millis.isEmpty()
        ? alias + ".to_sequence is null"
        : "exists (select 1 from (select max(e.sequence) as last from {schema}.timeline e"
            + " where e.negotiation = %1$s.negotiation and e.recorded_ms <= %2$s) head"
                .formatted(alias, millis)
            + " where %1$s.from_sequence <= head.last".formatted(alias)
            + " and coalesce(%s.to_sequence, 9223372036854775807) > head.last)".formatted(alias);
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

  /** Adds a condition if there is a value for it. */
  public Select whereIf(String condition, @Nullable Object value) {
    return value == null ? this : where(condition, value);
  }

  /** Adds a condition that a column of {@link Column#search} has these words, if any are given. */
  public Select whereWords(String column, @Nullable String words) {
    return words == null
        ? this
        : where(column + " @@ websearch_to_tsquery('simple', ?)", Words.folded(words));
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
