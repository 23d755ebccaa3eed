package io.parley.projection.restricted;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.projection.projector.Database;
import io.parley.projection.projector.Entry;
import io.parley.projection.restricted.RestrictedFold.Row;
import io.parley.schemas.wire.RestrictedChain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/**
 * Folds the restricted events of a negotiation anew, and compares each row that this makes with the
 * one that stands (ADR 12). They are few: a row is asked for at a time, and what is kept to fold
 * the next event of an item stays in memory.
 */
@Component
public final class RestrictedRecount {
  private static final Duration ASK_AGAIN = Duration.ofMillis(50);
  private static final Duration WITHIN = Duration.ofSeconds(20);

  /** Whether a version's row is what it must be; nothing where there is none. */
  private static final String SAME =
      "select event = $4 and from_ms = $5 and view = $6 and id = $7 and coalesce(issuer, '') = $8"
          + " and state = $9 and body = $10 and kind is not distinct from f ->> 'kind'"
          + " and speaker is not distinct from f ->> 'speaker'"
          + " and voices = array(select jsonb_array_elements_text(coalesce(f -> 'voices', '[]')))"
          + " and topics = array(select jsonb_array_elements_text(coalesce(f -> 'topics', '[]')))"
          + " and language is not distinct from f ->> 'language'"
          + " and status is not distinct from f ->> 'status'"
          + " and search = to_tsvector('simple', coalesce(f ->> 'search', ''))"
          + " and service = $12 and first_offset = $13"
          // What that says is compared when the next version is.
          + " and to_ms is not distinct from (select n.from_ms from {schema}.restricted n"
          + " where n.negotiation = r.negotiation and n.aggregate = r.aggregate"
          + " and n.version = r.version + 1)"
          + " from {schema}.restricted r, (select $11::jsonb as f) x"
          + " where negotiation = $1 and aggregate = $2 and version = $3";

  private final Database database;
  private final RestrictedFold fold;
  private final ParleyProperties.Kafka kafka;

  RestrictedRecount(Database database, RestrictedFold fold, ParleyProperties parley) {
    this.database = database;
    this.fold = fold;
    this.kafka = parley.kafka();
  }

  /**
   * A row that is not what the fold makes, is missing, or is too many.
   *
   * @param where the aggregate and its version; of what cannot be applied the topic, partition and
   *     offset
   */
  public record Difference(String where, String expected, String found) {}

  /**
   * What stands of an item while its events are folded.
   *
   * @param firstOffset offset of its first event
   */
  private record Kept(long version, long fromMillis, long firstOffset, String state) {}

  /**
   * The first difference; empty where all is as it must be.
   *
   * @param within how long a row may take to be there
   */
  public Optional<Difference> first(String negotiation, Duration within, BooleanSupplier gone) {
    long rows = 0;
    for (String service : Topics.RESTRICTING) {
      Map<String, Kept> items = new HashMap<>();
      Chains chains = new Chains();
      try (Scan scan =
          new Scan(kafka.brokers(), Topics.restricted(service), kafka.partitions(), negotiation)) {
        ConsumerRecord<String, byte[]> record;
        while ((record = scan.next()) != null && !gone.getAsBoolean()) {
          Optional<Difference> difference = compare(record, chains, items, within);
          if (difference.isPresent()) {
            return difference;
          }
          rows++;
          scan.pass();
        }
      }
    }
    return gone.getAsBoolean() ? Optional.empty() : tooMany(negotiation, rows);
  }

  /** An error would be logged, and may tell what it is about (rule 32). */
  private Optional<Difference> compare(
      ConsumerRecord<String, byte[]> record,
      Chains chains,
      Map<String, Kept> items,
      Duration within) {
    try {
      Entry entry = RestrictedProjector.entry(record);
      String expected = chains.next(entry.aggregate(), record.value());
      String found = Chains.said(record.headers());
      return expected.equals(found)
          ? compare(entry, items, within)
          : Optional.of(
              new Difference(where(entry), "hash " + expected, "hash " + shortened(found)));
    } catch (RuntimeException e) {
      if (!RestrictedProjector.isOfTheEvent(e)) {
        throw e;
      }
      String where = record.topic() + "-" + record.partition() + "@" + record.offset();
      return Optional.of(
          new Difference(where, "an event that can be applied", "one that cannot be applied"));
    }
  }

  private Optional<Difference> compare(Entry entry, Map<String, Kept> items, Duration within) {
    Kept before = items.get(entry.aggregate());
    String where = where(entry);
    if (entry.version() != (before == null ? 1 : before.version() + 1)) {
      return Optional.of(
          new Difference(where, "the version after the one before", "another version"));
    }
    Row row = fold.after(before == null ? null : before.state(), entry);
    long millis = entry.recordedAt().toEpochMilli();
    long from = before == null ? millis : Math.max(millis, before.fromMillis());
    long first = before == null ? entry.offset() : before.firstOffset();
    items.put(entry.aggregate(), new Kept(entry.version(), from, first, row.kept()));
    long deadline = System.nanoTime() + within.toNanos();
    Optional<Boolean> same = same(entry, row, from, first);
    while (same.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(ASK_AGAIN.toNanos());
      same = same(entry, row, from, first);
    }
    return same.filter(each -> each).isPresent()
        ? Optional.empty()
        : Optional.of(new Difference(where, row.body(), same.isEmpty() ? "no row" : "another row"));
  }

  private static String where(Entry entry) {
    return entry.aggregate() + "@" + entry.version();
  }

  /** Whoever wrote it may have written anything. */
  private static String shortened(String hash) {
    return hash.length() <= RestrictedChain.START.length() ? hash : "of another length";
  }

  private Optional<Boolean> same(Entry entry, Row row, long from, long first) {
    return database
        .query(
            SAME,
            each -> Boolean.TRUE.equals(each.get(0, Boolean.class)),
            List.of(
                entry.negotiation(),
                entry.aggregate(),
                entry.version(),
                entry.type(),
                from,
                row.view(),
                row.id(),
                row.issuer() == null ? "" : row.issuer(),
                row.kept(),
                row.body(),
                RestrictedStore.filters(row.filters()),
                entry.service(),
                first))
        .next()
        .blockOptional(WITHIN);
  }

  private Optional<Difference> tooMany(String negotiation, long rows) {
    Long found =
        database
            .query(
                "select count(*) from {schema}.restricted where negotiation = $1",
                row -> row.get(0, Long.class),
                List.of(negotiation))
            .next()
            .block(WITHIN);
    // What is recorded meanwhile is no difference: it is looked at the next time.
    return found == null || found <= rows
        ? Optional.empty()
        : laterOrTooMany(negotiation, rows, found);
  }

  private Optional<Difference> laterOrTooMany(String negotiation, long rows, long found) {
    long events = 0;
    for (String service : Topics.RESTRICTING) {
      try (Scan scan =
          new Scan(kafka.brokers(), Topics.restricted(service), kafka.partitions(), negotiation)) {
        while (scan.next() != null) {
          events++;
          scan.pass();
        }
      }
    }
    return events >= found
        ? Optional.empty()
        : Optional.of(new Difference(negotiation, rows + " rows", found + " rows"));
  }
}
