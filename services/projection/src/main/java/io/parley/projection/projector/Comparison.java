package io.parley.projection.projector;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares the rows of a build with the live ones: of each negotiation, up to the entry that both
 * have. Rows are only added (ADR 10), so what was compared stays so.
 */
final class Comparison {
  private static final Duration WITHIN = Duration.ofMinutes(10);

  /** Negotiations that one statement compares. */
  private static final int AT_ONCE = 50;

  private final Database live;
  private final String next;
  private final List<Table> tables = new ArrayList<>();
  private final List<String> searched;
  private long compared;

  /**
   * A table.
   *
   * @param at its column of the sequence number
   * @param id the column that, with it, names a row
   */
  private record Table(String name, String at, String id, List<String> columns) {}

  Comparison(Database live, Database next, List<View<?>> views, Log log) {
    this.live = live.within(WITHIN);
    this.next = next.schema();
    tables.add(
        new Table(
            log.table(),
            "sequence",
            "aggregate",
            log.columns().stream().map(Column::name).toList()));
    for (View<?> view : views) {
      List<String> columns =
          new ArrayList<>(List.of("negotiation", "id", "from_sequence", "first_sequence", "body"));
      view.columns().forEach(column -> columns.add(column.name()));
      tables.add(new Table(view.table(), "from_sequence", "id", columns));
    }
    this.searched =
        tables.stream().filter(table -> Searched.isIn(table.columns())).map(Table::name).toList();
  }

  /** Negotiations that were compared. */
  long compared() {
    return compared;
  }

  /**
   * Compares all.
   *
   * @param unequal gets the negotiations of which one side has more entries than the other
   * @param goesOn asked now and then
   * @return the first difference, if there is one
   */
  Optional<String> all(Set<String> unequal, BooleanSupplier goesOn) {
    compared = 0;
    Optional<String> searched = searched();
    if (searched.isPresent()) {
      return searched;
    }
    String last = "";
    while (goesOn.getAsBoolean()) {
      List<String> some = negotiations(last);
      if (some.isEmpty()) {
        return strangers();
      }
      Optional<String> difference = some(some, unequal);
      if (difference.isPresent()) {
        return difference;
      }
      compared += some.size();
      last = some.getLast();
    }
    return Optional.empty();
  }

  /** That search looks in what is compared. */
  private Optional<String> searched() {
    return Searched.altered(live, searched)
        .map(each -> each.table() + ": search is not made of the text beside it")
        .blockOptional(WITHIN);
  }

  /** Compares these, likewise. */
  Optional<String> some(Collection<String> negotiations, Set<String> unequal) {
    return Flux.usingWhen(
            live.connections().create(),
            connection -> on(connection, negotiations, unequal),
            Connection::close)
        .next()
        .blockOptional(WITHIN);
  }

  /** Compares these on a connection. */
  Mono<String> on(Connection connection, Collection<String> negotiations, Set<String> unequal) {
    List<Object> values = List.of((Object) negotiations.toArray(new String[0]));
    Mono<Void> heads =
        live.query(
                connection,
                "select n from (" + heads() + ") h where h.old <> h.new",
                row -> row.get(0, String.class),
                values)
            .doOnNext(unequal::add)
            .then();
    return heads
        .thenMany(
            Flux.fromIterable(tables)
                .concatMap(
                    table ->
                        live.query(
                            connection, difference(table), row -> told(table.name(), row), values)))
        .concatWith(live.query(connection, halts(), row -> told(HaltedTable.NAME, row), List.of()))
        .next();
  }

  /** Of these, one of which the live tables have more entries, or nothing. */
  Mono<String> lacking(Connection connection, Collection<String> negotiations) {
    return live.query(
            connection,
            "select n, h.old, h.new from (" + heads() + ") h where h.old > h.new limit 1",
            row ->
                "timeline: "
                    + row.get(0, String.class)
                    + " has "
                    + row.get(1, Long.class)
                    + " entries, and in the build "
                    + row.get(2, Long.class),
            List.of((Object) negotiations.toArray(new String[0])))
        .next();
  }

  /** Live rows of negotiations that the timeline does not know. */
  private Optional<String> strangers() {
    return Flux.fromIterable(tables.subList(1, tables.size()))
        .concatMap(
            table ->
                live.query(
                    "select t.negotiation, t.id, t.from_sequence, 'is of no negotiation'"
                        + " from {schema}."
                        + table.name()
                        + " t where not exists (select 1 from {schema}.timeline e"
                        + " where e.negotiation = t.negotiation) limit 1",
                    row -> told(table.name(), row),
                    List.of()))
        .next()
        .blockOptional(WITHIN);
  }

  private List<String> negotiations(String after) {
    String from = ".timeline where sequence = 1 and negotiation > $1";
    return live.query(
            "select negotiation from {schema}"
                + from
                + " union select negotiation from "
                + next
                + from
                + " order by 1 limit "
                + AT_ONCE,
            row -> row.get(0, String.class),
            List.of(after))
        .collectList()
        .blockOptional(WITHIN)
        .orElseThrow();
  }

  private String heads() {
    String max = "(select coalesce(max(sequence), 0) from %s.timeline where negotiation = n)";
    return "select n, %s as old, %s as new from unnest($1::text[]) n"
        .formatted(max.formatted("{schema}"), max.formatted(next));
  }

  private String difference(Table table) {
    return """
        with h as (select n, least(old, new) as head from (%1$s) x),
        a as (select %2$s from {schema}.%3$s t join h on t.negotiation = h.n and t.%4$s <= h.head),
        b as (select %2$s from %6$s.%3$s t join h on t.negotiation = h.n and t.%4$s <= h.head)
        select coalesce(a.negotiation, b.negotiation), coalesce(a.%5$s, b.%5$s),
          coalesce(a.%4$s, b.%4$s),
          case when a.negotiation is null then 'is in the build alone'
            when b.negotiation is null then 'is not in the build' else 'is another in the build' end
        from a full join b
          on a.negotiation = b.negotiation and a.%5$s = b.%5$s and a.%4$s = b.%4$s
        where row(%7$s) is distinct from row(%8$s)
        order by 1, 3, 2 limit 1"""
        .formatted(
            heads(),
            columns(table, "t."),
            table.name(),
            table.at(),
            table.id(),
            next,
            columns(table, "a."),
            columns(table, "b."));
  }

  /** Where a view stands still in one alone, or at another entry, before the end of the other. */
  private String halts() {
    String head = "(select max(sequence) from %s.timeline where negotiation = x.negotiation)";
    return """
        select x.negotiation, x.view, x.at, 'stands still in the live tables: '
          || coalesce(x.old::text, 'no') || ', in the build: ' || coalesce(x.new::text, 'no')
        from (select coalesce(a.negotiation, b.negotiation) as negotiation,
            coalesce(a.view, b.view) as view, a.sequence as old, b.sequence as new,
            least(a.sequence, b.sequence) as at
          from {schema}.halted a full join %1$s.halted b
            on a.negotiation = b.negotiation and a.view = b.view
          where a.sequence is distinct from b.sequence) x
        where x.at <= least(%2$s, %3$s)
        order by 1, 3, 2 limit 1"""
        .formatted(next, head.formatted("{schema}"), head.formatted(next));
  }

  private static String columns(Table table, String prefix) {
    return IntStream.range(0, table.columns().size())
        .mapToObj(i -> prefix + table.columns().get(i))
        .collect(Collectors.joining(", "));
  }

  private static String told(String table, Readable row) {
    return table
        + ": "
        + row.get(1, String.class)
        + " at "
        + row.get(2, Long.class)
        + " of "
        + row.get(0, String.class)
        + " "
        + row.get(3, String.class);
  }
}
