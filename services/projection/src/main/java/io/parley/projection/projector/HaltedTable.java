package io.parley.projection.projector;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The views that stand still, as the table {@code halted} has them (ADR 8). */
@Component
final class HaltedTable {
  static final String NAME = "halted";

  /** Most that are told one by one; more would be of one cause. */
  private static final int MOST_TOLD = 20;

  private static final String COLUMNS =
      "select h.view, h.negotiation, h.sequence, h.partition, h.record_offset, h.type, h.aggregate,"
          + " h.reason, h.attempts, h.since, 1 - h.sequence + (select max(t.sequence)"
          + " from {schema}.timeline t where t.negotiation = h.negotiation)"
          + " from {schema}.halted h where ";

  private final Database database;

  HaltedTable(Database database) {
    this.database = database;
  }

  /**
   * What stands still in some partitions.
   *
   * @param views in how many negotiations each view does
   * @param oldest the first {@value #MOST_TOLD} of them
   */
  record Overview(Map<String, Long> views, List<Halt> oldest) {
    static final Overview NONE = new Overview(Map.of(), List.of());
  }

  /**
   * A halted view that goes on, or is tried in vain.
   *
   * @param to where it stands now
   */
  record Move(Halt from, Halt to) {}

  /** What stands still in the negotiations of these entries. */
  List<Halt.Key> in(List<Entry> entries) {
    return list(
        database.query(
            "select view, negotiation from {schema}.halted where negotiation = any($1)",
            row -> new Halt.Key(row.get(0, String.class), row.get(1, String.class)),
            List.of((Object) entries.stream().map(Entry::negotiation).toArray(String[]::new))));
  }

  /** Whether all of these stand still. */
  Mono<Boolean> stand(Connection connection, Collection<Halt.Key> keys) {
    return keys.isEmpty()
        ? Mono.just(true)
        : database
            .query(
                connection,
                "select count(*) from {schema}.halted h join unnest($1::text[], $2::text[])"
                    + " as x(view, negotiation)"
                    + " on h.view = x.view and h.negotiation = x.negotiation",
                row -> row.get(0, Long.class),
                List.of(texts(keys, Halt.Key::view), texts(keys, Halt.Key::negotiation)))
            .single()
            .map(standing -> standing == keys.size());
  }

  /** What stands still in these partitions. */
  Overview overview(Collection<Integer> partitions) {
    List<Object> values = List.of((Object) partitions.toArray(new Integer[0]));
    Map<String, Long> views = new TreeMap<>();
    list(database.query(
            "select view, count(*) from {schema}.halted where partition = any($1) group by view",
            row -> Map.entry(row.get(0, String.class), row.get(1, Long.class)),
            values))
        .forEach(each -> views.put(each.getKey(), each.getValue()));
    return views.isEmpty()
        ? Overview.NONE
        : new Overview(
            views,
            list(
                database.query(
                    COLUMNS
                        + "h.partition = any($1) order by h.since, h.negotiation, h.view limit "
                        + MOST_TOLD,
                    HaltedTable::halt,
                    values)));
  }

  /**
   * What stands still in a partition at an entry before a position, ordered by negotiation and
   * view.
   *
   * @param after goes on after this one
   */
  List<Halt> before(int partition, long position, Halt.@Nullable Key after, int limit) {
    return list(
        database.query(
            COLUMNS
                + "h.partition = $1 and h.record_offset < $2 and (h.negotiation, h.view) > ($3, $4)"
                + " order by h.negotiation, h.view limit "
                + limit,
            HaltedTable::halt,
            List.of(
                partition,
                position,
                after == null ? "" : after.negotiation(),
                after == null ? "" : after.view())));
  }

  /** What stands still of these, ordered as above. */
  List<Halt> of(Collection<Halt.Key> keys) {
    return list(
        database.query(
            COLUMNS
                + "(h.view, h.negotiation) in (select * from unnest($1::text[], $2::text[]))"
                + " order by h.negotiation, h.view",
            HaltedTable::halt,
            List.of(texts(keys, Halt.Key::view), texts(keys, Halt.Key::negotiation))));
  }

  /** What stands still, ordered by negotiation and view; goes on after this one. */
  Flux<Halt> after(Halt.@Nullable Key last, int limit) {
    return database.query(
        COLUMNS
            + "(h.negotiation, h.view) > ($1, $2) order by h.negotiation, h.view limit "
            + limit,
        HaltedTable::halt,
        List.of(last == null ? "" : last.negotiation(), last == null ? "" : last.view()));
  }

  /** Where a view stands still in a negotiation, or nothing. */
  Mono<Halt> standing(Halt.Key key) {
    return database
        .query(
            COLUMNS + "h.negotiation = $1 and h.view = $2",
            HaltedTable::halt,
            List.of(key.negotiation(), key.view()))
        .next();
  }

  /** A partition of these tables, and where it stands. */
  record At(long build, int partition, long position) {}

  /**
   * Writes what views of a partition made of entries that they had not, in one transaction.
   *
   * @param done those that have every entry before the position
   * @return false where another instance has moved the position or one of these, or the tables are
   *     others now: nothing is written
   */
  boolean write(At at, List<Move> moves, List<Change> changes, List<Halt> done) {
    return Boolean.TRUE.equals(
        database
            .transaction(
                connection ->
                    holds(connection, at)
                        .flatMap(held -> held ? move(connection, moves) : Mono.just(false))
                        .flatMap(
                            held ->
                                held
                                    ? Flux.fromIterable(changes)
                                        .concatMap(change -> change.on(database, connection))
                                        .then(end(done).on(database, connection))
                                        .then(
                                            database.script(
                                                connection, "notify " + database.schema()))
                                        .thenReturn(true)
                                    : Mono.just(false)))
            .block());
  }

  /** Until the end of the transaction nobody else moves the position. */
  private Mono<Boolean> holds(Connection connection, At at) {
    return database
        .query(
            connection,
            "select position from {schema}.positions"
                + " where partition = $1 and tableoid::bigint = $2 for update",
            row -> row.get(0, Long.class),
            List.of(at.partition(), at.build()))
        .singleOrEmpty()
        .map(stored -> stored == at.position())
        .defaultIfEmpty(false);
  }

  private Mono<Boolean> move(Connection connection, List<Move> moves) {
    return moves.isEmpty()
        ? Mono.just(true)
        : database
            .change(
                connection,
                "update {schema}.halted h set sequence = x.sequence, record_offset = x.record_offset,"
                    + " type = x.type, aggregate = x.aggregate, reason = x.reason,"
                    + " attempts = x.attempts"
                    + " from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[],"
                    + " $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bigint[])"
                    + " as x(view, negotiation, old, sequence, record_offset, type, aggregate,"
                    + " reason, attempts) where h.view = x.view and h.negotiation = x.negotiation"
                    + " and h.sequence = x.old",
                List.of(
                    texts(moves, each -> each.from().view()),
                    texts(moves, each -> each.from().negotiation()),
                    numbers(moves, each -> each.from().sequence()),
                    numbers(moves, each -> each.to().sequence()),
                    numbers(moves, each -> each.to().offset()),
                    texts(moves, each -> each.to().type()),
                    texts(moves, each -> each.to().aggregate()),
                    texts(moves, each -> each.to().reason()),
                    numbers(moves, each -> each.to().attempts())))
            .map(moved -> moved == moves.size());
  }

  /** They stand still no more; that they lack nothing is asked of the timeline itself. */
  private static Change end(List<Halt> done) {
    return new Change(
        NAME,
        "delete from {schema}.halted h using unnest($1::text[], $2::text[], $3::bigint[])"
            + " as x(view, negotiation, sequence) where h.view = x.view"
            + " and h.negotiation = x.negotiation and h.sequence = x.sequence and not exists"
            + " (select 1 from {schema}.timeline t where t.negotiation = h.negotiation"
            + " and t.sequence >= h.sequence)",
        List.of(
            texts(done, Halt::view), texts(done, Halt::negotiation), numbers(done, Halt::sequence)),
        done.size());
  }

  private static Halt halt(Readable row) {
    return new Halt(
        row.get(0, String.class),
        row.get(1, String.class),
        row.get(2, Long.class),
        row.get(3, Integer.class),
        row.get(4, Long.class),
        row.get(5, String.class),
        row.get(6, String.class),
        row.get(7, String.class),
        row.get(8, Long.class),
        row.get(9, Instant.class),
        row.get(10, Long.class));
  }

  private static <R> List<R> list(Flux<R> rows) {
    List<R> list = new ArrayList<>();
    rows.toIterable().forEach(list::add);
    return list;
  }

  private static <R> String[] texts(Collection<R> rows, Function<R, String> text) {
    return rows.stream().map(text).toArray(String[]::new);
  }

  private static <R> Long[] numbers(Collection<R> rows, Function<R, Long> number) {
    return rows.stream().map(number).toArray(Long[]::new);
  }
}
