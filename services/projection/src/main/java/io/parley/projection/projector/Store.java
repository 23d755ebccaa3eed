package io.parley.projection.projector;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tables of the read models: made, read for the fold, and written behind the fence. */
@Component
final class Store implements Defines {
  /** A batch asks for thousands of rows; one that is given up is asked for again. */
  private static final Duration WITHIN = Duration.ofMinutes(2);

  private final Database database;
  private final HaltedTable halted;
  private final List<View<?>> views;
  private final Log log;

  /**
   * A partition's way through a batch.
   *
   * @param from position that the batch was folded from
   * @param to position after it
   * @param entries how many it applies
   */
  record Step(int partition, long from, long to, long entries) {}

  Store(Database database, HaltedTable halted, List<View<?>> views, Log log) {
    this.database = database.within(WITHIN);
    this.halted = halted;
    this.views = views;
    this.log = log;
  }

  /**
   * Makes the tables that are missing, and the functions by which a rebuild makes others (ADR 17);
   * several instances may do so at once.
   */
  @Override
  public void create() {
    String schema = database.schema();
    String tables = tables();
    String functions =
        script(Store.class, "definitions").replace("{schema}", schema).replace("{tables}", tables);
    database
        .transaction(
            connection ->
                database
                    .script(
                        connection,
                        "select pg_advisory_xact_lock(hashtext('parley " + schema + "'))")
                    .then(
                        database.script(
                            connection,
                            "create schema if not exists "
                                + schema
                                + "; set local search_path to "
                                + schema
                                + "; "
                                + tables
                                + functions))
                    .thenReturn(true))
        .block();
  }

  private String tables() {
    StringBuilder tables = new StringBuilder(script(Store.class, "positions"));
    for (String name : List.of(HaltedTable.NAME, "stopped", "retries", "skips", "rebuilds")) {
      tables.append(script(Store.class, name));
    }
    tables.append(script(log.getClass(), log.table()));
    views.forEach(
        view ->
            tables
                .append(script(view.getClass(), view.table()))
                .append(
                    """
                    create index if not exists %1$s_from on %1$s (negotiation, from_sequence);
                    create index if not exists %1$s_first on %1$s (negotiation, first_sequence)
                      where from_sequence = first_sequence;
                    create index if not exists %1$s_ids on %1$s (negotiation, id)
                      where from_sequence = first_sequence;
                    """
                        .formatted(view.table())));
    return tables.toString();
  }

  /**
   * The build of these tables: a rebuild puts others in their place, under the same names (ADR 14).
   */
  long build() {
    return Objects.requireNonNull(
        database
            .query(
                "select c.oid::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " where n.nspname = $1 and c.relname = 'positions'",
                row -> row.get(0, Long.class),
                List.of(database.schema()))
            .next()
            .switchIfEmpty(
                Mono.error(() -> new IllegalStateException("there are no tables here yet")))
            .block());
  }

  /** The offsets of the next records to apply; 0 for a partition that was never read. */
  Map<Integer, Long> positions(Collection<Integer> partitions) {
    Map<Integer, Long> positions = new HashMap<>();
    partitions.forEach(partition -> positions.put(partition, 0L));
    database
        .query(
            "select partition, position from {schema}.positions where partition = any($1)",
            row -> Map.entry(row.get(0, Integer.class), row.get(1, Long.class)),
            List.of((Object) partitions.toArray(new Integer[0])))
        .toIterable()
        .forEach(row -> positions.put(row.getKey(), row.getValue()));
    return positions;
  }

  /** Loads what the fold of these entries needs and does not have. */
  void load(Batch batch, List<Entry> entries) {
    if (batch.halts().any()) {
      batch.halts().load(halted.in(entries));
    }
    Mono<Void> all = heads(batch, batch.missing(entries));
    for (ViewFold<?> fold : batch.folds()) {
      all = all.then(items(fold, batch.missing(fold, entries)));
    }
    all.block();
  }

  /** Loads the items of one view that these entries change and that are not in memory. */
  void load(ViewFold<?> fold, List<Entry> entries) {
    items(fold, fold.missing(entries)).block();
  }

  private Mono<Void> heads(Batch batch, Set<String> negotiations) {
    if (negotiations.isEmpty()) {
      return Mono.empty();
    }
    return database
        .query(
            "select n, t.sequence, t.hash from unnest($1::text[]) n cross join lateral"
                + " (select sequence, hash from {schema}.timeline where negotiation = n"
                + " order by sequence desc limit 1) t",
            row -> {
              batch.loaded(
                  row.get(0, String.class),
                  new Batch.Head(row.get(1, Long.class), row.get(2, String.class)));
              return true;
            },
            List.of((Object) negotiations.toArray(new String[0])))
        .then();
  }

  private Mono<Void> items(ViewFold<?> fold, Set<ViewFold.Key> keys) {
    if (keys.isEmpty()) {
      return Mono.empty();
    }
    return database
        .query(
            "select x.negotiation, x.id, t.first_sequence, t.body"
                + " from unnest($1::text[], $2::text[]) as x(negotiation, id)"
                + " cross join lateral (select first_sequence, body from {schema}."
                + fold.view().table()
                + " i where i.negotiation = x.negotiation and i.id = x.id"
                + " order by i.from_sequence desc limit 1) t",
            row -> {
              fold.loaded(
                  new ViewFold.Key(row.get(0, String.class), row.get(1, String.class)),
                  row.get(2, Long.class),
                  row.get(3, String.class));
              return true;
            },
            List.of(
                keys.stream().map(ViewFold.Key::negotiation).toArray(String[]::new),
                keys.stream().map(ViewFold.Key::id).toArray(String[]::new)))
        .onErrorMap(R2dbcException.class, error -> Refused.of(fold.view().table(), error))
        .then();
  }

  /**
   * Writes a batch and the positions after it in one transaction.
   *
   * @param build the build of the tables that the batch was folded from
   * @return false where another instance has moved a position, or the tables are others now:
   *     nothing is written
   */
  boolean write(Batch batch, long build, Collection<Step> steps) {
    List<Change> changes = batch.changes();
    return Boolean.TRUE.equals(
        database
            .transaction(
                connection ->
                    fence(connection, build, steps)
                        .flatMap(
                            held ->
                                held
                                    ? halted.stand(connection, batch.halts().skipped())
                                    : Mono.just(false))
                        .flatMap(
                            held ->
                                held
                                    ? Flux.fromIterable(changes)
                                        .concatMap(change -> change.on(database, connection))
                                        .then(notifyReaders(connection))
                                        .thenReturn(true)
                                    : Mono.just(false)))
            .block());
  }

  /**
   * Taken first: whoever comes second waits here, and then finds another position, or tables of
   * another build.
   */
  private Mono<Boolean> fence(Connection connection, long build, Collection<Step> steps) {
    List<Step> sorted = steps.stream().sorted(Comparator.comparingInt(Step::partition)).toList();
    List<Object> values =
        List.of(
            sorted.stream().map(Step::partition).toArray(Integer[]::new),
            sorted.stream().map(Step::from).toArray(Long[]::new),
            sorted.stream().map(Step::to).toArray(Long[]::new),
            sorted.stream().map(Step::entries).toArray(Long[]::new),
            build);
    return database
        .change(
            connection,
            "insert into {schema}.positions (partition, position)"
                + " select x, 0 from unnest($1::int[]) x on conflict do nothing",
            values.subList(0, 1))
        .then(
            database.change(
                connection,
                "update {schema}.positions p set position = x.next, applied = p.applied + x.entries"
                    + " from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[])"
                    + " as x(partition, old, next, entries)"
                    + " where p.partition = x.partition and p.position = x.old"
                    + " and p.tableoid::bigint = $5",
                values))
        .map(moved -> moved == sorted.size());
  }

  /** In the same transaction, so that who hears it finds the rows (PostgreSQL: NOTIFY). */
  private Mono<Void> notifyReaders(Connection connection) {
    return database.script(connection, "notify " + database.schema());
  }

  private static String script(Class<?> beside, String name) {
    try (InputStream resource = beside.getResourceAsStream(name + ".sql")) {
      if (resource == null) {
        throw new IllegalStateException("no " + name + ".sql beside " + beside.getName());
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name + ".sql", e);
    }
  }
}
