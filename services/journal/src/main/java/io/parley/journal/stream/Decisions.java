package io.parley.journal.stream;

import io.parley.journal.Decision;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the decider, and makes sure that what it accepts can be recorded before any of it is. */
final class Decisions {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  /** A state must fit into a record of its changelog, which holds 4 MiB. */
  private static final int MAX_STATE_BYTES = 2 << 20;

  private final String service;
  private final Fold fold;

  Decisions(String service, Fold fold) {
    this.service = service;
    this.fold = fold;
  }

  /**
   * The decision, events with their headers but for what the version says.
   *
   * @param seen filled with the tokens of what it rests on
   * @return null where the decider has a fault: that command is not accepted, and the next one is
   *     not its fault
   */
  @Nullable Decision of(Waiting waiting, Set<String> seen) {
    Decision decision;
    try {
      decision = fold.decide(waiting.command(), seen);
      return decision instanceof Decision.Accepted accepted
          ? rehearsed(waiting, accepted)
          : decision;
    } catch (RuntimeException e) {
      String id = waiting.command().header().id();
      LOG.error("{}: the decider failed on command {}", service, id, e);
      return null;
    }
  }

  private Decision rehearsed(Waiting waiting, Decision.Accepted accepted) {
    for (Event event : accepted.events()) {
      event.header(stamp(waiting));
      int bytes = fold.rehearse(event);
      if (bytes > MAX_STATE_BYTES) {
        return Decision.reject(
            "AGGREGATE_TOO_LARGE",
            0,
            event.aggregate() + " would take " + bytes + " bytes, at most " + MAX_STATE_BYTES);
      }
    }
    return accepted;
  }

  /** What the events of a command have in common. */
  private static EventHeader stamp(Waiting waiting) {
    CommandHeader header = waiting.command().header();
    String cause = header.causationId();
    return new EventHeader()
        .negotiation(header.negotiation())
        .decidedAt(Instant.ofEpochMilli(waiting.arrivedMillis()))
        .author(header.author())
        .commandId(header.id())
        .causationId(cause == null ? header.id() : cause)
        .correlationId(header.correlationId())
        .occurred(header.occurred())
        .asserted(header.asserted())
        .source(header.source());
  }
}
