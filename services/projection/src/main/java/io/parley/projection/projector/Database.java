package io.parley.projection.projector;

import io.parley.projection.ProjectionProperties;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
  /** What is given up is not waited for any longer than this. */
  private static final Duration END_WITHIN = Duration.ofSeconds(1);

  private final ConnectionFactory connections;
  private final String schema;
  private final Duration within;
  private volatile long build;

  /** PostgreSQL has not answered a statement in time. */
  public static final class Late extends R2dbcTimeoutException {
    private static final long serialVersionUID = 1L;

    private final Duration within;

    Late(Duration within) {
      super("no answer in " + within.toMillis() + " ms");
      this.within = within;
    }

    /** How long it was waited for. */
    public Duration within() {
      return within;
    }
  }

  /** The database of the service, with the tables of the live read models. */
  @Autowired
  Database(ConnectionFactory connections, ProjectionProperties properties) {
    this(connections, properties.schema(), properties.queryWithin());
  }

  private Database(ConnectionFactory connections, String schema, Duration within) {
    this.connections = connections;
    this.schema = schema;
    this.within = within;
  }

  /** The same, with the tables of another schema. */
  Database at(String another) {
    return new Database(connections, another, within);
  }

  /** The same for who waits longer than a read does. */
  Database within(Duration longer) {
    return new Database(connections, schema, longer);
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

  /**
   * The rows that one statement gives: one snapshot. Values bind to $1, $2 and so on. {@link Late}
   * where they are not there in time.
   */
  public <R> Flux<R> query(String sql, Function<Readable, R> row, List<?> values) {
    Mono<R> late = Mono.delay(within).then(Mono.error(() -> new Late(within)));
    return Flux.defer(
        () -> {
          AtomicBoolean answered = new AtomicBoolean();
          return Flux.usingWhen(
              connections.create(),
              connection ->
                  query(connection, sql, row, values)
                      .doOnNext(first -> answered.set(true))
                      .takeUntilOther(late),
              Connection::close,
              (connection, error) ->
                  error instanceof Late ? giveUp(connection) : connection.close(),
              // Also who has had enough, of a query that asks for the first row.
              connection -> answered.get() ? connection.close() : leave(connection));
        });
  }

  /** Gives a connection back that may still be busy with what nobody waits for any more. */
  private static Mono<Void> leave(Connection connection) {
    return Mono.from(connection.validate(ValidationDepth.REMOTE))
        .timeout(END_WITHIN)
        .onErrorReturn(false)
        .flatMap(idle -> idle ? Mono.from(connection.close()) : giveUp(connection));
  }

  /** Ends a connection: who got it next would wait for what it is busy with, or for nothing. */
  static Mono<Void> giveUp(Connection connection) {
    Mono<Void> ended =
        connection instanceof Wrapped<?> pooled && pooled.unwrap() instanceof Connection own
            ? Mono.from(own.close())
            : Mono.empty();
    return ended.timeout(END_WITHIN).onErrorComplete().then(Mono.from(connection.close()));
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
