package io.parley.projection.projector;

import io.parley.projection.projector.Recount.Difference;
import io.r2dbc.spi.R2dbcException;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The rows that stand in a table, held against those that were folded anew. PostgreSQL makes a
 * digest of its own ({@link RowDigest}); only where that is another does it get the rows, and says
 * which is the first that differs. What is searched in it gets always.
 */
final class LiveRows {
  private final Database database;
  private final String at;
  private final String id;
  private final String digest;
  private final String difference;
  private final String searched;

  /**
   * Those of a table.
   *
   * @param like its columns
   * @param at column of the sequence number
   * @param id column that, with it, names a row
   */
  LiveRows(Database database, Rows like, String at, String id) {
    this.database = database;
    this.at = at;
    this.id = id;
    this.digest = RowDigest.sql(like.table(), like.heads(), at, id);
    this.difference = like.difference(at, id);
    this.searched = searched(like).difference(at, id);
  }

  /**
   * The first difference of a negotiation's rows from one sequence number (exclusive) to another;
   * empty where there is none.
   *
   * @param made rows of that span, all of them
   */
  Mono<Difference> first(Rows made, String negotiation, long from, long to) {
    List<Object> span = List.of(negotiation, from, to);
    // Here and not when the answer is there: that is a thread of the readers'.
    String expected = RowDigest.of(made, at, id);
    return database
        .query(digest, row -> expected.equals(row.get(0, String.class)), span)
        .single()
        .filterWhen(same -> same ? same(searched, searched(made), span) : Mono.just(false))
        .hasElement()
        .flatMap(same -> same ? Mono.empty() : compared(difference, made, span))
        .onErrorMap(R2dbcException.class, error -> Refused.of(made.table(), error));
  }

  private Mono<Boolean> same(String sql, Rows made, List<Object> span) {
    return made.heads().stream().allMatch(RowDigest::has)
        ? Mono.just(true)
        : compared(sql, made, span).hasElement().map(differs -> !differs);
  }

  private Mono<Difference> compared(String sql, Rows made, List<Object> span) {
    List<Object> values = new ArrayList<>(made.values());
    values.addAll(span);
    return database
        .query(
            sql,
            row ->
                new Difference(
                    made.table(),
                    String.valueOf(row.get(1, String.class)),
                    row.get(0, Long.class),
                    row.get(2, String.class),
                    row.get(3, String.class)),
            values)
        .next();
  }

  private Rows searched(Rows rows) {
    return rows.with(
        head -> head.name().equals(at) || head.name().equals(id) || !RowDigest.has(head));
  }
}
