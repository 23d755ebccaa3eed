package io.parley.projection.restricted;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.projector.Defines;
import io.parley.projection.projector.Entry;
import io.parley.projection.restricted.RestrictedFold.Row;
import io.parley.projection.restricted.RestrictedFold.Unfoldable;
import io.r2dbc.spi.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The table of what is restricted: made, and written one event at a time behind a fence. */
@Component
final class RestrictedStore implements Defines {
  private static final String CURRENT =
      "select version, from_ms, state from {schema}.restricted"
          + " where negotiation = $1 and aggregate = $2 and to_ms is null";
  private static final String CLOSE =
      "update {schema}.restricted set to_ms = $3"
          + " where negotiation = $1 and aggregate = $2 and to_ms is null";
  private static final String INSERT =
      "insert into {schema}.restricted (negotiation, service, aggregate, version, event, from_ms, view, id,"
          + " issuer, first_offset, state, body, kind, speaker, voices, topics, language, status,"
          + " words) select $1::text, $2::text, $3::text, $4::bigint, $13::text, $5::bigint, $6::text, $7::text,"
          + " nullif($8::text, ''), coalesce((select first_offset from {schema}.restricted"
          + " where negotiation = $1::text and aggregate = $3::text and version = 1), $9::bigint),"
          + " $10::text, $11::text, f ->> 'kind', f ->> 'speaker',"
          + " array(select jsonb_array_elements_text(coalesce(f -> 'voices', '[]'))),"
          + " array(select jsonb_array_elements_text(coalesce(f -> 'topics', '[]'))),"
          + " f ->> 'language', f ->> 'status', f ->> 'words'"
          + " from (select $12::jsonb as f) x";

  private final Database database;
  private final RestrictedFold fold;

  RestrictedStore(Database database, RestrictedFold fold) {
    this.database = database;
    this.fold = fold;
  }

  /** What stands of an aggregate before an event. */
  private record Before(long version, long fromMillis, String kept) {}

  /** Makes the tables where they are missing; several instances may do so at once. */
  @Override
  public void create() {
    String schema = database.schema();
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
                                + tables()))
                    .thenReturn(true))
        .block();
  }

  /** The offset of the next record to apply. */
  long position(TopicPartition partition) {
    return Objects.requireNonNull(
        database
            .query(
                "select position from {schema}.restricted_positions"
                    + " where topic = $1 and partition = $2",
                row -> row.get(0, Long.class),
                List.of(partition.topic(), partition.partition()))
            .next()
            .defaultIfEmpty(0L)
            .block());
  }

  /**
   * Applies an event and moves the position past it, in one transaction.
   *
   * @return false where another instance has moved it: nothing is written
   */
  boolean apply(TopicPartition partition, long position, Entry entry) {
    return Boolean.TRUE.equals(
        database
            .transaction(
                connection ->
                    fence(connection, partition, position, entry.offset() + 1)
                        .flatMap(
                            held ->
                                held
                                    ? write(connection, entry).thenReturn(true)
                                    : Mono.just(false)))
            .block());
  }

  /** An event cannot be applied: for other instances to tell. */
  void stand(TopicPartition partition, long offset) {
    database
        .transaction(
            connection ->
                database
                    .change(
                        connection,
                        "insert into {schema}.restricted_stopped (topic, partition, record_offset)"
                            + " values ($1, $2, $3) on conflict (topic, partition)"
                            + " do update set record_offset = excluded.record_offset",
                        List.of(partition.topic(), partition.partition(), offset))
                    .thenReturn(true))
        .block();
  }

  /** Whether an event cannot be applied, whichever instance found that; no number (rule 32). */
  Mono<Boolean> isStopped() {
    return database
        .query(
            "select count(*) > 0 from {schema}.restricted_stopped s"
                + " left join {schema}.restricted_positions p"
                + " on p.topic = s.topic and p.partition = s.partition"
                + " where s.record_offset >= coalesce(p.position, 0)",
            row -> row.get(0, Boolean.class),
            List.of())
        .next();
  }

  private Mono<Boolean> fence(
      Connection connection, TopicPartition partition, long old, long next) {
    String topic = partition.topic();
    int number = partition.partition();
    return database
        .change(
            connection,
            "insert into {schema}.restricted_positions (topic, partition, position)"
                + " values ($1, $2, 0) on conflict do nothing",
            List.of(topic, number))
        .then(
            database.change(
                connection,
                "update {schema}.restricted_positions set position = $4"
                    + " where topic = $1 and partition = $2 and position = $3",
                List.of(topic, number, old, next)))
        .map(moved -> moved == 1);
  }

  private Mono<Void> write(Connection connection, Entry entry) {
    return database
        .query(
            connection,
            CURRENT,
            row ->
                new Before(
                    row.get(0, Long.class), row.get(1, Long.class), row.get(2, String.class)),
            List.of(entry.negotiation(), entry.aggregate()))
        .singleOrEmpty()
        .map(java.util.Optional::of)
        .defaultIfEmpty(java.util.Optional.empty())
        .flatMap(before -> write(connection, entry, before.orElse(null)));
  }

  private Mono<Void> write(Connection connection, Entry entry, @Nullable Before before) {
    long version = before == null ? 0 : before.version();
    if (entry.version() <= version) {
      return Mono.empty();
    }
    if (entry.version() != version + 1) {
      return Mono.error(new Unfoldable("a restricted event is missing", null));
    }
    Row row = fold.after(before == null ? null : before.kept(), entry);
    long millis = entry.recordedAt().toEpochMilli();
    long from = before == null ? millis : Math.max(millis, before.fromMillis());
    List<Object> aggregate = List.of(entry.negotiation(), entry.aggregate(), from);
    return database
        .change(connection, CLOSE, aggregate)
        .then(
            database.change(
                connection,
                INSERT,
                List.of(
                    entry.negotiation(),
                    entry.service(),
                    entry.aggregate(),
                    entry.version(),
                    from,
                    row.view(),
                    row.id(),
                    row.issuer() == null ? "" : row.issuer(),
                    entry.offset(),
                    row.kept(),
                    row.body(),
                    filters(row.filters()),
                    entry.type())))
        .then(database.script(connection, "notify " + database.schema()));
  }

  /** PostgreSQL has no zero character in text, nor in JSON that it reads. */
  static String filters(Map<String, Object> filters) {
    Map<String, Object> without = new HashMap<>(filters);
    without.replaceAll((name, value) -> value instanceof String s ? s.replace("\0", "") : value);
    return Bodies.JSON.writeValueAsString(without);
  }

  private static String tables() {
    try (InputStream resource = RestrictedStore.class.getResourceAsStream("restricted.sql")) {
      return new String(
          Objects.requireNonNull(resource, "restricted.sql").readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading restricted.sql", e);
    }
  }
}
