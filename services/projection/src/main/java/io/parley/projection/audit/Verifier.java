package io.parley.projection.audit;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Verification.Finding;
import io.parley.projection.log.Scan;
import io.parley.projection.projector.Recount;
import io.parley.projection.projector.Recounts;
import io.parley.projection.restricted.RestrictedHead;
import io.parley.projection.restricted.RestrictedRecount;
import io.parley.projection.timeline.Chain;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Opens what a verification reads. */
@Component
final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  private static final Finding NOTHING_READ =
      new Finding(0, HexFormat.of().formatHex(new byte[Chain.HASH_BYTES]), Map.of(), null);

  private final ParleyProperties.Kafka kafka;
  private final AuditProperties properties;
  private final Recounts recounts;
  private final RestrictedRecount restricted;

  Verifier(
      ParleyProperties parley,
      AuditProperties properties,
      Recounts recounts,
      RestrictedRecount restricted) {
    this.kafka = parley.kafka();
    this.properties = properties;
    this.recounts = recounts;
    this.restricted = restricted;
  }

  /**
   * What is restricted could not be compared. Says of the reason its kind alone: words may name
   * what not everybody may know of, and logs are open (ADR 7).
   */
  static final class NotComparable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotComparable(RuntimeException reason) {
      super(
          "what is restricted cannot be compared: " + reason.getClass().getName(),
          null,
          false,
          false);
    }
  }

  /**
   * The record of a negotiation, opened to be read once. Waits for the broker and the database.
   *
   * @param cancelled asked whether to go on: where not, reading ends with a {@link
   *     org.apache.kafka.common.errors.WakeupException}, or without a difference
   */
  Opened open(String negotiation, BooleanSupplier cancelled) {
    return open(negotiation, Topics.TIMELINE, cancelled);
  }

  /** The same with a timeline that is said to be the one. */
  Opened open(String negotiation, String timelineTopic, BooleanSupplier cancelled) {
    Recount recount = recounts.of(negotiation, properties.pace());
    // First what was decided, then what was settled: all of the first must be in the second.
    Sources sources = new Sources(kafka.brokers(), kafka.partitions(), negotiation, cancelled);
    try {
      Scan timeline =
          new Scan(kafka.brokers(), timelineTopic, kafka.partitions(), negotiation, cancelled);
      return new Opened(negotiation, sources, timeline, recount, cancelled);
    } catch (RuntimeException e) {
      sources.close();
      throw e;
    }
  }

  /** A record to be verified. */
  final class Opened implements AutoCloseable {
    private final String negotiation;
    private final Sources sources;
    private final Scan timeline;
    private final Recount recount;
    private final BooleanSupplier cancelled;

    private Opened(
        String negotiation,
        Sources sources,
        Scan timeline,
        Recount recount,
        BooleanSupplier cancelled) {
      this.negotiation = negotiation;
      this.sources = sources;
      this.timeline = timeline;
      this.recount = recount;
      this.cancelled = cancelled;
    }

    /** Whether there is a record: in the log, or in the rows that are to be of it. */
    boolean exists() {
      try {
        return timeline.next() != null || recount.live() > 0 || recount.first().isPresent();
      } catch (Scan.BeginningGone gone) {
        // Of whose records they were that are gone nobody can tell.
        return recount.live() > 0 || recount.first().isPresent();
      }
    }

    /** How many entries the read models have. */
    long length() {
      return recount.live();
    }

    /**
     * Verifies it, once.
     *
     * @param noted hashes that must be of some entry
     * @param before where the restricted events of a service ended when they were verified last
     * @param progress told of the entries that are read
     */
    Finding verify(Set<String> noted, Map<String, RestrictedHead> before, LongConsumer progress) {
      Finding open = NOTHING_READ;
      try {
        open = open(noted, progress);
        open = said(open);
        return open.first() == null ? beside(open, before) : open;
      } catch (Scan.BeginningGone gone) {
        return open.first() == null ? open.with(Map.of(), cut(gone)) : open;
      }
    }

    private Finding open(Set<String> noted, LongConsumer progress) {
      try (Verification verification =
          new Verification(sources, timeline, recount, properties, noted, progress, cancelled)) {
        return verification.run();
      }
    }

    /** With the skips that nobody decided. */
    private Finding said(Finding open) {
      try {
        return Stream.concat(
                Unsaid.first(kafka, negotiation, recount.skips(), cancelled).stream(),
                Stream.ofNullable(open.first()))
            .min(Comparator.comparingLong(Difference::sequence))
            .map(first -> open.with(Map.of(), first))
            .orElse(open);
      } catch (WakeupException nobodyWaits) {
        if (open.first() == null) {
          throw nobodyWaits;
        }
        // It was found: that nobody waits for an earlier one is no reason to lose it.
        return open;
      }
    }

    /** With what is restricted, once all that is open is whole. */
    private Finding beside(Finding open, Map<String, RestrictedHead> before) {
      try {
        RestrictedRecount.Found found =
            restricted.compare(negotiation, before, properties.settleWithin(), cancelled);
        RestrictedRecount.Difference first = found.first();
        return open.with(
            found.heads(),
            first == null
                ? null
                : new Difference("restricted", first.where(), 0, first.expected(), first.found()));
      } catch (Scan.BeginningGone | WakeupException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new NotComparable(e);
      }
    }

    private static Difference cut(Scan.BeginningGone gone) {
      String topic = gone.partition().topic();
      return new Difference(
          kept(topic),
          Sources.at(topic, gone.partition().partition(), 0),
          0,
          "a log with its beginning",
          "one that begins at " + gone.first());
    }

    /** What a difference is that a topic brings about; the trail vouches for rows of skips. */
    private static String kept(String topic) {
      return switch (topic) {
        case Topics.TIMELINE -> "chain";
        case Topics.AUDIT -> "rows";
        default ->
            Topics.RESTRICTING.stream().map(Topics::restricted).anyMatch(topic::equals)
                ? "restricted"
                : "source";
      };
    }

    /** Says nothing of the record where it fails. */
    @Override
    public void close() {
      try (timeline) {
        sources.close();
      } catch (RuntimeException e) {
        LOG.warn("a consumer of a verification does not close", e);
      }
    }
  }
}
