package io.parley.projection.projector;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * A statement that writes many rows at once.
 *
 * @param table table that it writes into
 * @param values what binds to $1, $2 and so on
 * @param rows how many rows it must change
 */
record Change(String table, String sql, List<Object> values, long rows) {
  /** Runs it; {@link Refused} where PostgreSQL does not take a row. */
  Mono<Void> on(Database database, Connection connection) {
    return database
        .change(connection, sql, values)
        .onErrorMap(R2dbcException.class, error -> Refused.of(table, error))
        .flatMap(
            changed ->
                changed == rows
                    ? Mono.<Void>empty()
                    : Mono.error(
                        new IllegalStateException(
                            "wrote " + changed + " rows instead of " + rows + ": " + sql)));
  }
}
