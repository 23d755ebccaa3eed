package io.parley.projection.projector;

import io.parley.projection.projector.Rebuild.State;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The last rebuild of these read models, as all instances know it: what an operator asks for, and
 * what the instance that builds says of it.
 */
@Component
public final class Rebuilds {
  private static final String ACTIVE = "state in ('BUILDING', 'CATCHING_UP', 'COMPARING')";

  private final Database database;

  Rebuilds(Database database) {
    this.database = database;
  }

  /** The last one, or nothing where there was none. */
  public Mono<Rebuild> current() {
    return database
        .query(
            "select id, state, subject, accept_differences, started, ended, reason, difference,"
                + " rate, compared from parley.rebuilds where schema = $1",
            Rebuilds::rebuild,
            List.of(database.schema()))
        .next();
  }

  /** Where it is in each partition; nothing once it is swapped or gone. */
  public Mono<Map<Integer, Long>> positions() {
    Database next = next();
    return next.query(
            "select partition, position from {schema}.positions",
            row -> Map.entry(row.get(0, Integer.class), row.get(1, Long.class)),
            List.of())
        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
        .onErrorResume(Rebuilds::notThere, error -> Mono.just(Map.of()));
  }

  /** Asks for one; nothing where one is on its way. */
  public Mono<Rebuild> start(String subject, boolean acceptDifferences) {
    return database
        .transaction(
            connection ->
                database
                    .change(
                        connection,
                        "insert into parley.rebuilds as r (schema, id, state, subject,"
                            + " accept_differences) values ($1, $2, 'BUILDING', $3, $4)"
                            + " on conflict (schema) do update set id = excluded.id,"
                            + " state = excluded.state, subject = excluded.subject,"
                            + " accept_differences = excluded.accept_differences,"
                            + " started = now(), ended = null, reason = null, difference = null,"
                            + " rate = null, compared = 0 where not r."
                            + ACTIVE,
                        List.of(
                            database.schema(),
                            UUID.randomUUID().toString(),
                            subject,
                            acceptDifferences))
                    .map(written -> written == 1))
        .filter(written -> written)
        .flatMap(written -> current());
  }

  /** Ends it; false where it has ended already. */
  public Mono<Boolean> cancel(String id) {
    return database.transaction(
        connection -> end(connection, id, State.CANCELLED).map(ended -> ended == 1));
  }

  /** Whether tables of a rebuild are left. */
  public Mono<Boolean> isLeft() {
    return database
        .query(
            "select count(*) > 0 from pg_namespace where nspname = $1",
            row -> row.get(0, Boolean.class),
            List.of(next().schema()))
        .next();
  }

  /** The database, with the tables that are built. */
  Database next() {
    return database.at(database.schema() + "_next");
  }

  /** Says how it is; false where it is to go on no more. */
  Mono<Boolean> tell(
      String id, State state, @Nullable String reason, @Nullable Double rate, long compared) {
    List<Object> values = new ArrayList<>(List.of(database.schema(), id, state.name(), compared));
    values.add(reason == null ? "" : reason);
    values.add(rate == null ? -1.0 : rate);
    return database.transaction(
        connection ->
            database
                .change(
                    connection,
                    "update parley.rebuilds set state = $3, compared = $4,"
                        + " reason = nullif($5, ''), rate = nullif($6, -1)"
                        + " where schema = $1 and id = $2 and "
                        + ACTIVE,
                    values)
                .map(told -> told == 1));
  }

  /** Notes the first difference. */
  Mono<Boolean> differs(String id, String difference) {
    return database.transaction(
        connection ->
            database
                .change(
                    connection,
                    "update parley.rebuilds set difference = $3 where schema = $1 and id = $2",
                    List.of(database.schema(), id, difference))
                .thenReturn(true));
  }

  /** It ends by itself. */
  Mono<Boolean> fail(String id, String reason) {
    return database.transaction(
        connection ->
            database
                .change(
                    connection,
                    "update parley.rebuilds set reason = $3 where schema = $1 and id = $2",
                    List.of(database.schema(), id, reason))
                .then(end(connection, id, State.FAILED))
                .thenReturn(true));
  }

  /** Holds it until the end of the transaction; false where it is to go on no more. */
  Mono<Boolean> hold(Connection connection, String id) {
    return database
        .query(
            connection,
            "select 1 from parley.rebuilds where schema = $1 and id = $2 and "
                + ACTIVE
                + " for update",
            row -> true,
            List.of(database.schema(), id))
        .next()
        .defaultIfEmpty(false);
  }

  Mono<Long> end(Connection connection, String id, State state) {
    return database.change(
        connection,
        "update parley.rebuilds set state = $3, ended = now()"
            + " where schema = $1 and id = $2 and "
            + ACTIVE,
        List.of(database.schema(), id, state.name()));
  }

  private static boolean notThere(Throwable error) {
    return error instanceof R2dbcException refused
        && ("42P01".equals(refused.getSqlState()) || "3F000".equals(refused.getSqlState()));
  }

  private static Rebuild rebuild(Readable row) {
    return new Rebuild(
        row.get(0, String.class),
        State.valueOf(row.get(1, String.class)),
        row.get(2, String.class),
        row.get(3, Boolean.class),
        row.get(4, Instant.class),
        row.get(5, Instant.class),
        row.get(6, String.class),
        row.get(7, String.class),
        row.get(8, Double.class),
        row.get(9, Long.class));
  }
}
