package io.parley.projection.projector;

import io.parley.projection.projector.Recount.Difference;
import io.parley.projection.projector.Rows.Head;
import io.r2dbc.spi.R2dbcException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * The rows that stand in a table, held against those that were folded anew. PostgreSQL makes a
 * digest of its own ({@link RecordBytes}); only where that is another does it get the rows, and
 * says which is the first that differs. For one thread.
 */
final class LiveRows {
  private final Database database;
  private final String table;
  private final String at;
  private final String id;
  private final List<Head> columns;
  private final String digest;
  private final String stray;

  /** Those that were compared, to be filled again: large arrays are a collector's burden. */
  private final Queue<RecordBytes> compared = new ConcurrentLinkedQueue<>();

  /** Rows that were folded and not compared yet. */
  private RecordBytes span;

  /**
   * Those of a table.
   *
   * @param like its columns
   * @param at column of the sequence number
   * @param id column that, with it, names a row
   */
  LiveRows(Database database, Rows like, String at, String id) {
    this.database = database;
    this.table = like.table();
    this.at = at;
    this.id = id;
    this.columns = like.heads();
    this.digest =
        "select %1$s from {schema}.%2$s where negotiation = $1 and %3$s > $2 and %3$s <= $3"
            .formatted(RecordBytes.sql(columns, at, id), table, at);
    this.stray = stray(table, at, id);
    this.span = none();
  }

  /** Two searches of an index, and no look at the rows between. */
  private static String stray(String table, String at, String id) {
    return """
        with log as (select coalesce(max(sequence), 0) as last from {schema}.timeline
          where negotiation = $1)
        select case when %2$s < 1 then 0 else (select last from log) + 1 end, %3$s, to_json(s)::text
        from ((select * from {schema}.%1$s where negotiation = $1 and %2$s < 1
            order by %2$s, %3$s limit 1)
          union all (select * from {schema}.%1$s where negotiation = $1
            and %2$s > (select last from log) order by %2$s, %3$s limit 1)) s
        order by 1 limit 1"""
        .formatted(table, at, id);
  }

  private RecordBytes none() {
    RecordBytes free = compared.poll();
    return free == null ? new RecordBytes(columns, at, id) : free;
  }

  /** Takes rows that were folded, which come after those that were taken. */
  void add(Rows folded) {
    span.add(folded);
  }

  /** How many rows were taken and not compared. */
  int size() {
    return span.size();
  }

  /** Bytes of them. */
  int length() {
    return span.length();
  }

  /**
   * The first difference of the rows that were taken, which are not here any more then, from all of
   * a negotiation from one sequence number (exclusive) to another; empty where there is none.
   */
  Mono<Difference> first(String negotiation, long from, long to) {
    RecordBytes made = span;
    span = none();
    List<Object> bound = List.of(negotiation, from, to);
    // Here and not when the answer is there: that is a thread of the readers'.
    String expected = made.digest();
    return database
        .query(digest, row -> expected.equals(row.get(0, String.class)), bound)
        .single()
        .flatMap(same -> same ? Mono.<Difference>empty() : different(made.rows(table), bound))
        .doFinally(
            end -> {
              made.clear();
              compared.add(made);
            })
        .onErrorMap(R2dbcException.class, error -> Refused.of(table, error));
  }

  /**
   * The first row of a negotiation that no entry can have made: it stands before the first one, or
   * behind the last that the tables have. One snapshot says both, and an entry comes with its rows,
   * so what is written meanwhile is none; empty where there is none.
   */
  Mono<Difference> stray(String negotiation) {
    return database
        .query(
            stray,
            row ->
                new Difference(
                    table,
                    String.valueOf(row.get(1, String.class)),
                    row.get(0, Long.class),
                    null,
                    row.get(2, String.class)),
            List.of(negotiation))
        .next();
  }

  private Mono<Difference> different(Rows made, List<Object> bound) {
    return database
        .query(
            made.difference(at, id),
            row ->
                new Difference(
                    table,
                    String.valueOf(row.get(1, String.class)),
                    row.get(0, Long.class),
                    row.get(2, String.class),
                    row.get(3, String.class)),
            Stream.concat(made.values().stream(), bound.stream()).toList())
        .next();
  }
}
