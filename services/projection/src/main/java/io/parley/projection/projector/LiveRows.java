package io.parley.projection.projector;

import io.parley.projection.projector.Recount.Difference;
import io.parley.projection.projector.Rows.Head;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The rows that stand in a table, held against those that were folded anew. PostgreSQL makes a
 * digest of its own ({@link RecordBytes}); only where that is another does it get the rows, and
 * says which is the first that differs. What is searched in it gets always, and makes a digest of
 * both: only PostgreSQL knows what it makes of a text. For one thread.
 */
final class LiveRows {
  private final Database database;
  private final String table;
  private final String at;
  private final String id;
  private final List<Head> columns;
  private final List<Head> searched;
  private final String digest;
  private final String stray;

  /** Those that were compared, to be filled again: large arrays are a collector's burden. */
  private final Queue<Span> compared = new ConcurrentLinkedQueue<>();

  private Span span;

  /** Rows that were folded and not compared yet. */
  private record Span(RecordBytes rows, RecordBytes searched) {
    void clear() {
      rows.clear();
      searched.clear();
    }
  }

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
    Predicate<Head> isSearched = head -> head.type() == Column.Type.SEARCH;
    this.columns = like.heads().stream().filter(isSearched.negate()).toList();
    this.searched =
        like.heads().stream().anyMatch(isSearched)
            ? like.heads().stream()
                .filter(
                    head ->
                        head.name().equals(at) || head.name().equals(id) || isSearched.test(head))
                .toList()
            : List.of();
    this.digest = digest();
    this.stray = stray(table, at, id);
    this.span = none();
  }

  /**
   * The statement that makes the digest of the live rows of a negotiation, from one sequence number
   * (exclusive) to another, and where something is searched in them also that of these words, and
   * of those that the words would be of the texts that are bound before.
   */
  private String digest() {
    String digests = RecordBytes.sql(columns, at, id);
    int next = 1;
    if (!searched.isEmpty()) {
      Rows texts = new Rows(table, searched);
      digests +=
          ", %1$s, (select %1$s from (%2$s) made)"
              .formatted(RecordBytes.sql(searched, at, id), texts.made());
      next += texts.values().size();
    }
    return "select %1$s from {schema}.%2$s where negotiation = $%4$d and %3$s > $%5$d and %3$s <= $%6$d"
        .formatted(digests, table, at, next, next + 1, next + 2);
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

  private Span none() {
    Span free = compared.poll();
    return free == null
        ? new Span(new RecordBytes(columns, at, id), new RecordBytes(searched, at, id))
        : free;
  }

  /** Takes rows that were folded, which come after those that were taken. */
  void add(Rows folded) {
    span.rows().add(folded);
    if (!searched.isEmpty()) {
      span.searched().add(folded);
    }
  }

  /** How many rows were taken and not compared. */
  int size() {
    return span.rows().size();
  }

  /** Bytes of them. */
  int length() {
    return span.rows().length() + span.searched().length();
  }

  /**
   * The first difference of the rows that were taken, which are not here any more then, from all of
   * a negotiation from one sequence number (exclusive) to another; empty where there is none.
   */
  Mono<Difference> first(String negotiation, long from, long to) {
    Span made = span;
    span = none();
    List<Object> bound = List.of(negotiation, from, to);
    // Here and not when the answer is there: that is a thread of the readers'.
    String expected = made.rows().digest();
    @Nullable Rows texts = searched.isEmpty() ? null : made.searched().rows(table);
    return database
        .query(digest, row -> isSame(expected, row), values(texts, bound))
        .single()
        .flatMap(same -> same ? Mono.<Difference>empty() : earliest(made, texts, bound))
        .doFinally(
            end -> {
              made.clear();
              compared.add(made);
            })
        .onErrorMap(R2dbcException.class, error -> Refused.of(table, error));
  }

  private boolean isSame(String expected, Readable digests) {
    return expected.equals(digests.get(0, String.class))
        && (searched.isEmpty()
            || String.valueOf(digests.get(1, String.class)).equals(digests.get(2, String.class)));
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

  /** Where both tell of one row, what it says comes before what is searched in it. */
  private Mono<Difference> earliest(Span made, @Nullable Rows texts, List<Object> bound) {
    return Flux.concat(
            different(made.rows().rows(table), bound),
            texts == null ? Mono.empty() : different(texts, bound))
        .reduce((row, other) -> other.sequence() < row.sequence() ? other : row);
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
            values(made, bound))
        .next();
  }

  private static List<Object> values(@Nullable Rows rows, List<Object> bound) {
    List<Object> values = new ArrayList<>(rows == null ? List.of() : rows.values());
    values.addAll(bound);
    return values;
  }
}
