package io.parley.projection.restricted;

import io.parley.journal.reading.LastUsed;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.projection.projector.Database;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Searched;
import io.parley.projection.restricted.RestrictedFold.Row;
import io.parley.schemas.wire.RestrictedChain;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Folds the restricted events of a negotiation anew, and compares each row that this makes with the
 * one that stands (ADR 12). They are few: a row is asked for at a time. In memory stays of each
 * item where it is, and of some what is kept to fold the next event; of the others that is read
 * from the row before, which was compared.
 */
@Component
public final class RestrictedRecount {
  private static final Duration ASK_AGAIN = Duration.ofMillis(50);
  private static final Duration WITHIN = Duration.ofSeconds(20);

  /** Items whose state is at hand: each may have some 100,000 characters. */
  private static final int STATES = 100;

  private static final String STATE =
      "select state from {schema}.restricted"
          + " where negotiation = $1 and aggregate = $2 and version = $3";

  /** Whether a version's row is what it must be; nothing where there is none. */
  private static final String SAME =
      "select event = $4 and from_ms = $5 and view = $6 and id = $7 and coalesce(issuer, '') = $8"
          + " and state = $9 and body = $10 and kind is not distinct from f ->> 'kind'"
          + " and speaker is not distinct from f ->> 'speaker'"
          + " and voices = array(select jsonb_array_elements_text(coalesce(f -> 'voices', '[]')))"
          + " and topics = array(select jsonb_array_elements_text(coalesce(f -> 'topics', '[]')))"
          + " and language is not distinct from f ->> 'language'"
          + " and status is not distinct from f ->> 'status'"
          + " and words is not distinct from f ->> 'words'"
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
   * What a comparison found.
   *
   * @param heads where the restricted events of each service end
   * @param first the first difference; null where all is as it must be
   */
  public record Found(Map<String, RestrictedHead> heads, @Nullable Difference first) {}

  /**
   * Where an item is while its events are folded.
   *
   * @param firstOffset offset of its first event
   */
  private record Kept(long version, long fromMillis, long firstOffset) {}

  /**
   * Compares all of them.
   *
   * @param before where the events of a service ended when they were verified last: they begin with
   *     the same ones
   * @param within how long a row may take to be there
   */
  public Found compare(
      String negotiation,
      Map<String, RestrictedHead> before,
      Duration within,
      BooleanSupplier gone) {
    Map<String, RestrictedHead> heads = new LinkedHashMap<>();
    for (String service : Topics.RESTRICTING) {
      try (Scan scan = open(service, negotiation, gone)) {
        Log log = new Log(service, within, before.get(service));
        ConsumerRecord<String, byte[]> record;
        while ((record = scan.next()) != null) {
          Optional<Difference> difference = compare(record, log);
          if (difference.isPresent()) {
            return new Found(Map.of(), difference.get());
          }
          scan.pass();
        }
        Optional<Difference> cut = log.cut();
        if (cut.isPresent()) {
          return new Found(Map.of(), cut.get());
        }
        heads.put(service, log.chains.head());
      }
    }
    long rows = heads.values().stream().mapToLong(RestrictedHead::events).sum();
    return new Found(heads, tooMany(negotiation, rows, gone).or(this::searched).orElse(null));
  }

  private Scan open(String service, String negotiation, BooleanSupplier gone) {
    return new Scan(
        kafka.brokers(), Topics.restricted(service), kafka.partitions(), negotiation, gone);
  }

  /** The events of one topic while they are read. */
  private static final class Log {
    private final String topic;
    private final Duration within;
    private final @Nullable RestrictedHead before;
    private final Chains chains = new Chains();
    private final Map<String, Kept> items = new HashMap<>();
    private final Map<String, String> states = new LastUsed<>(STATES);

    Log(String service, Duration within, @Nullable RestrictedHead before) {
      this.topic = Topics.restricted(service);
      this.within = within;
      this.before = before;
    }

    /** That the events so far are those that were verified last, where they are as many. */
    Optional<Difference> other() {
      RestrictedHead now = chains.head();
      return before != null && now.events() == before.events() && !now.equals(before)
          ? Optional.of(new Difference(topic, shown(before), shown(now)))
          : Optional.empty();
    }

    /** That there are as many as were verified last. */
    Optional<Difference> cut() {
      RestrictedHead now = chains.head();
      return before != null && now.events() < before.events()
          ? Optional.of(new Difference(topic, shown(before), shown(now)))
          : Optional.empty();
    }

    private static String shown(RestrictedHead head) {
      return "head " + head.hash() + " of " + head.events() + " events";
    }
  }

  /** An error would be logged, and may tell what it is about (rule 32). */
  private Optional<Difference> compare(ConsumerRecord<String, byte[]> record, Log log) {
    try {
      Entry entry = RestrictedProjector.entry(record);
      String said = Chains.said(record.headers());
      Chains.Link link = log.chains.next(entry.event(), record.timestamp(), record.value(), said);
      return link.holds()
          ? log.other().or(() -> compare(entry, log))
          : Optional.of(new Difference(where(entry), "hash " + link.hash(), found(said)));
    } catch (RuntimeException e) {
      if (!RestrictedProjector.isOfTheEvent(e)) {
        throw e;
      }
      String where = record.topic() + "-" + record.partition() + "@" + record.offset();
      return Optional.of(
          new Difference(where, "an event that can be applied", "one that cannot be applied"));
    }
  }

  private Optional<Difference> compare(Entry entry, Log log) {
    Kept before = log.items.get(entry.aggregate());
    String where = where(entry);
    if (entry.version() != (before == null ? 1 : before.version() + 1)) {
      return Optional.of(
          new Difference(where, "the version after the one before", "another version"));
    }
    Row row = fold.after(before == null ? null : state(entry, log), entry);
    long millis = entry.recordedAt().toEpochMilli();
    long from = before == null ? millis : Math.max(millis, before.fromMillis());
    long first = before == null ? entry.offset() : before.firstOffset();
    log.items.put(entry.aggregate(), new Kept(entry.version(), from, first));
    log.states.put(entry.aggregate(), row.kept());
    long deadline = System.nanoTime() + log.within.toNanos();
    Optional<Boolean> same = same(entry, row, from, first);
    while (same.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(ASK_AGAIN.toNanos());
      same = same(entry, row, from, first);
    }
    return same.filter(each -> each).isPresent()
        ? Optional.empty()
        : Optional.of(new Difference(where, row.body(), same.isEmpty() ? "no row" : "another row"));
  }

  /** What the version before was folded to. */
  private @Nullable String state(Entry entry, Log log) {
    String known = log.states.get(entry.aggregate());
    return known != null
        ? known
        : database
            .query(
                STATE,
                row -> row.get(0, String.class),
                List.of(entry.negotiation(), entry.aggregate(), entry.version() - 1))
            .next()
            .block(WITHIN);
  }

  private static String where(Entry entry) {
    return entry.aggregate() + "@" + entry.version();
  }

  /** Whoever wrote it may have written anything. */
  private static String found(@Nullable String said) {
    return said == null
        ? "no hash"
        : "hash " + (said.length() > RestrictedChain.START.length() ? "that is longer" : said);
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

  private Optional<Difference> tooMany(String negotiation, long rows, BooleanSupplier gone) {
    Long found =
        database
            .query(
                "select count(*) from {schema}.restricted where negotiation = $1",
                row -> row.get(0, Long.class),
                List.of(negotiation))
            .next()
            .block(WITHIN);
    // What is recorded meanwhile is no difference: it is looked at the next time.
    return found == null || found <= rows || found <= events(negotiation, gone)
        ? Optional.empty()
        : Optional.of(new Difference(negotiation, rows + " rows", found + " rows"));
  }

  private Optional<Difference> searched() {
    return Searched.altered(database, List.of("restricted"))
        .map(altered -> new Difference("search", Searched.MADE, altered.made()))
        .blockOptional(WITHIN);
  }

  private long events(String negotiation, BooleanSupplier gone) {
    long events = 0;
    for (String service : Topics.RESTRICTING) {
      try (Scan scan = open(service, negotiation, gone)) {
        while (scan.next() != null) {
          events++;
          scan.pass();
        }
      }
    }
    return events;
  }
}
