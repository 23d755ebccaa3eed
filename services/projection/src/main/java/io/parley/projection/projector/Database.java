package io.parley.projection.projector;

import io.parley.projection.ProjectionProperties;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * PostgreSQL, as the read models use it. Statements name their tables {@code {schema}.TABLE}: the
 * schema is that of the projection's version.
 */
@Component
public final class Database {
  private final ConnectionFactory connections;
  private final String schema;
  private volatile long build;

  /** The database of the service, with the tables of the live read models. */
  @Autowired
  Database(ConnectionFactory connections, ProjectionProperties properties) {
    this(connections, properties.schema());
  }

  private Database(ConnectionFactory connections, String schema) {
    this.connections = connections;
    this.schema = schema;
  }

  /** The same, with the tables of another schema. */
  Database at(String another) {
    return new Database(connections, another);
  }

  /**
   * The build of the tables, as this instance saw it last: a rebuild brings another (ADR 14), of
   * which nothing may be said that was kept of the one before.
   */
  public long build() {
    return build;
  }

  void build(long seen) {
    build = seen;
  }

  /** The schema's name; also the channel on which commits are notified. */
  public String schema() {
    return schema;
  }

  /** Where connections come from. */
  public ConnectionFactory connections() {
    return connections;
  }

  /** The rows that one statement gives: one snapshot. Values bind to $1, $2 and so on. */
  public <R> Flux<R> query(String sql, Function<Readable, R> row, List<?> values) {
    return Flux.usingWhen(
        connections.create(), connection -> query(connection, sql, row, values), Connection::close);
  }

  /** The rows that one statement gives on a connection. */
  public <R> Flux<R> query(
      Connection connection, String sql, Function<Readable, R> row, List<?> values) {
    return Flux.from(statement(connection, sql, values).execute())
        .concatMap(result -> result.map(row));
  }

  /** How many rows a statement changes on a connection. */
  public Mono<Long> change(Connection connection, String sql, List<?> values) {
    return Flux.from(statement(connection, sql, values).execute())
        .concatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum);
  }

  /** Runs several statements that bind nothing. */
  public Mono<Void> script(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }

  /** Commits what the work does where it says true; else nothing of it stays. */
  public Mono<Boolean> transaction(Function<Connection, Mono<Boolean>> work) {
    return Mono.usingWhen(
        connections.create(),
        connection ->
            Mono.from(connection.beginTransaction())
                .then(work.apply(connection))
                .flatMap(
                    done ->
                        Mono.from(
                                done
                                    ? connection.commitTransaction()
                                    : connection.rollbackTransaction())
                            .thenReturn(done))
                .onErrorResume(
                    error ->
                        Mono.from(connection.rollbackTransaction())
                            .onErrorComplete()
                            .then(Mono.error(error))),
        Connection::close);
  }

  private Statement statement(Connection connection, String sql, List<?> values) {
    Statement statement = connection.createStatement(sql.replace("{schema}", schema));
    for (int i = 0; i < values.size(); i++) {
      statement.bind(i, values.get(i));
    }
    return statement;
  }
}
