package io.parley.projection.audit;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Verification.Finding;
import io.parley.projection.log.Scan;
import io.parley.projection.projector.Recount;
import io.parley.projection.projector.Recounts;
import io.parley.projection.restricted.RestrictedRecount;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Opens what a verification reads. */
@Component
final class Verifier {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

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

  /** The record of a negotiation, opened to be read once. Waits for the broker and the database. */
  Opened open(String negotiation) {
    return open(negotiation, Topics.TIMELINE);
  }

  /** The same with a timeline that is said to be the one. */
  Opened open(String negotiation, String timelineTopic) {
    Recount recount = recounts.of(negotiation, properties.pace());
    // First what was decided, then what was settled: all of the first must be in the second.
    Sources sources = new Sources(kafka.brokers(), kafka.partitions(), negotiation);
    try {
      Scan timeline = new Scan(kafka.brokers(), timelineTopic, kafka.partitions(), negotiation);
      return new Opened(negotiation, sources, timeline, recount);
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

    private Opened(String negotiation, Sources sources, Scan timeline, Recount recount) {
      this.negotiation = negotiation;
      this.sources = sources;
      this.timeline = timeline;
      this.recount = recount;
    }

    /** Whether there is a record: in the log, or in the rows that are to be of it. */
    boolean exists() {
      return timeline.next() != null || recount.live() > 0 || recount.first().isPresent();
    }

    /** How many entries the read models have. */
    long length() {
      return recount.live();
    }

    /**
     * Verifies it, once.
     *
     * @param noted hashes that must be of some entry
     * @param progress told of the entries that are read
     * @param cancelled asked whether to go on
     */
    Finding verify(Set<String> noted, LongConsumer progress, BooleanSupplier cancelled) {
      Finding open;
      try (Verification verification =
          new Verification(sources, timeline, recount, properties, noted, progress, cancelled)) {
        open = verification.run();
      }
      Optional<Difference> first =
          Stream.concat(
                  Unsaid.first(kafka, negotiation, recount.skips()).stream(),
                  Stream.ofNullable(open.first()))
              .min(Comparator.comparingLong(Difference::sequence));
      return first.isPresent()
          ? new Finding(open.length(), open.headHash(), first.get())
          : beside(cancelled)
              .map(
                  each ->
                      new Difference("restricted", each.where(), 0, each.expected(), each.found()))
              .map(each -> new Finding(open.length(), open.headHash(), each))
              .orElse(open);
    }

    private Optional<RestrictedRecount.Difference> beside(BooleanSupplier cancelled) {
      try {
        return restricted.first(negotiation, properties.settleWithin(), cancelled);
      } catch (RuntimeException e) {
        throw new NotComparable(e);
      }
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
