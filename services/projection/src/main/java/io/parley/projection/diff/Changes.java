package io.parley.projection.diff;

import io.parley.projection.diff.Difference.Version;
import io.parley.projection.projector.Database;
import io.parley.projection.projector.View;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Reads what became of items between two moments, from the rows of the views. */
@Component
final class Changes {
  /** Most events of one item that are looked at: the newest ones. */
  static final int MOST_EVENTS = 200;

  /**
   * The views that are read as resources of a negotiation. Names and places show in their items. A
   * view that is to be seen in differences must be named here: what is restricted must never be by
   * accident (rule 23).
   */
  private static final Set<String> SHOWN =
      Set.of(
          "announcements",
          "attendance",
          "claims",
          "conditions",
          "delegations",
          "drafts",
          "legs",
          "meetings",
          "negotiations",
          "proposals",
          "rounds",
          "stays");

  private final Database database;
  private final Display display;
  private final List<String> tables;

  Changes(Database database, Display display, List<View<?>> views) {
    this.database = database;
    this.display = display;
    this.tables = views.stream().map(View::table).filter(SHOWN::contains).sorted().toList();
  }

  /**
   * An item of a view.
   *
   * @param table table of the view
   * @param id id in it
   */
  record Item(String table, String id) {
    /** What lists are ordered by and go on after. */
    String key() {
      return table + " " + id;
    }
  }

  /**
   * What became of an item.
   *
   * @param before what it was at the earlier moment
   * @param after what it was after each event in between
   */
  record Course(Item item, @Nullable JsonNode before, List<Version> after) {}

  private record Row(Item item, long sequence, String body) {}

  /** Items that changed after one moment and up to another, by table and id, after a key. */
  Mono<List<Item>> changed(Moment to, long from, @Nullable String after, int limit) {
    String sql =
        tables.stream()
            .map(
                table ->
                    "select '%s'::text as kind, id from {schema}.%s where negotiation = $1"
                            .formatted(table, table)
                        + " and from_sequence > $2 and from_sequence <= $3")
            .collect(
                Collectors.joining(
                    " union ",
                    "select kind, id from (",
                    ") x where (kind || ' ' || id) collate \"C\" > $4"
                        + " order by (kind || ' ' || id) collate \"C\" limit "
                        + limit));
    return database
        .query(
            sql,
            row -> new Item(row.get(0, String.class), row.get(1, String.class)),
            List.of(to.negotiation(), from, to.sequence(), after == null ? "" : after))
        .collectList();
  }

  /** What became of these items, with their names as of the later moment. */
  Mono<List<Course>> courses(Moment to, long from, List<Item> items) {
    if (items.isEmpty()) {
      return Mono.just(List.of());
    }
    Map<String, List<String>> ids = new TreeMap<>();
    items.forEach(
        item -> ids.computeIfAbsent(item.table(), any -> new ArrayList<>()).add(item.id()));
    List<Object> values = new ArrayList<>(List.of(to.negotiation(), from, to.sequence()));
    StringBuilder sql = new StringBuilder();
    ids.forEach(
        (table, some) -> {
          values.add(some.toArray(new String[0]));
          sql.append(sql.isEmpty() ? "" : " union all ").append(rows(table, values.size()));
        });
    return database
        .query(
            "select kind, id, from_sequence, body from (" + sql + ") x order by from_sequence",
            row ->
                new Row(
                    new Item(row.get(0, String.class), row.get(1, String.class)),
                    row.get(2, Long.class),
                    row.get(3, String.class)),
            values)
        .collectList()
        .flatMap(
            rows ->
                display
                    .items(to, rows.stream().map(Row::body).toList())
                    .map(bodies -> courses(items, from, rows, bodies)));
  }

  /** Every row that was valid somewhere from the one moment to the other; of many the newest. */
  private static String rows(String table, int ids) {
    String rows =
        "(select r.id, r.from_sequence, r.body from {schema}.%1$s r where r.negotiation = $1"
            + " and r.id = ids.id and r.from_sequence %2$s order by r.from_sequence desc limit %3$d)";
    return "select '%1$s'::text as kind, y.id, y.from_sequence, y.body from unnest($%2$d::text[]) as ids(id)"
            .formatted(table, ids)
        + " cross join lateral ("
        + rows.formatted(table, "<= $2", 1)
        + " union all "
        + rows.formatted(table, "> $2 and r.from_sequence <= $3", MOST_EVENTS)
        + ") y";
  }

  private static List<Course> courses(
      List<Item> items, long from, List<Row> rows, List<JsonNode> bodies) {
    Map<Item, JsonNode> before = new LinkedHashMap<>();
    Map<Item, List<Version>> after = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.sequence() <= from) {
        before.put(row.item(), bodies.get(i));
      } else {
        after
            .computeIfAbsent(row.item(), any -> new ArrayList<>())
            .add(new Version(row.sequence(), bodies.get(i)));
      }
    }
    return items.stream()
        .map(item -> new Course(item, before.get(item), after.getOrDefault(item, List.of())))
        .toList();
  }
}
