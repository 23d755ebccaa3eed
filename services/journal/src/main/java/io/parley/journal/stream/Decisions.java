package io.parley.journal.stream;

import io.parley.journal.Decision;
import io.parley.journal.reading.Token;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import java.time.Instant;
import java.util.List;
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
    Command command = waiting.command();
    CommandHeader header = command.header();
    // Deciders go by the broker's clock, not by that of whoever took the command in.
    header.receivedAt(Instant.ofEpochMilli(waiting.arrivedMillis()));
    try {
      return rehearsed(
          fold.decide(command, seen), header.negotiation(), waiting.arrivedMillis(), header);
    } catch (RuntimeException e) {
      LOG.error("{}: the decider failed on command {}", service, header.id(), shown(e));
      return null;
    }
  }

  /**
   * The decision on what fell due at this time, milliseconds since the epoch.
   *
   * @return null where the decider has a fault: it stays due
   */
  @Nullable Decision of(Due.Item item, long millis, Set<String> seen) {
    try {
      return rehearsed(fold.release(item, seen), item.negotiation(), millis, null);
    } catch (RuntimeException e) {
      LOG.error("{}: the decider failed on something that is due", service, shown(e));
      return null;
    }
  }

  /**
   * Where it failed and on what sort of fault, without the fault's own words: those may be of what
   * is restricted, and the log of a process is not.
   */
  private static Throwable shown(RuntimeException fault) {
    IllegalStateException shown = new IllegalStateException(fault.getClass().getName());
    shown.setStackTrace(fault.getStackTrace());
    return shown;
  }

  private Decision rehearsed(
      Decision decision, String negotiation, long millis, @Nullable CommandHeader header) {
    if (!(decision instanceof Decision.Accepted accepted)) {
      return decision;
    }
    for (Event event : accepted.restricted()) {
      stamp(event, Token.RESTRICTED, negotiation, millis, header);
    }
    for (Event event : accepted.events()) {
      stamp(event, "", negotiation, millis, header);
    }
    for (List<Event> events : List.of(accepted.restricted(), accepted.events())) {
      for (Event event : events) {
        int bytes = fold.rehearse(event);
        if (bytes > MAX_STATE_BYTES) {
          return Decision.reject(
              "AGGREGATE_TOO_LARGE",
              0,
              event.aggregate() + " would take " + bytes + " bytes, at most " + MAX_STATE_BYTES);
        }
      }
    }
    return accepted;
  }

  private static void stamp(
      Event event, String record, String negotiation, long millis, @Nullable CommandHeader header) {
    EventHeader stamp = onBehalfOf(event, header).negotiation(negotiation);
    // The id may come from the header: that of a negotiation does.
    event.header(stamp.decidedAt(Instant.ofEpochMilli(millis)));
    stamp.aggregate(record + event.aggregate());
  }

  /** On whose behalf: as the decider says it, else as the command does (rule 30). */
  private static EventHeader onBehalfOf(Event event, @Nullable CommandHeader header) {
    EventHeader own = event.header() == null ? new EventHeader() : event.header();
    if (header == null) {
      return own;
    }
    if (own.author() == null) {
      String cause = header.causationId();
      own.author(header.author())
          .commandId(header.id())
          .causationId(cause == null ? header.id() : cause)
          .correlationId(header.correlationId());
    }
    return own.occurred(own.occurred() == null ? header.occurred() : own.occurred())
        .asserted(own.asserted() == null ? header.asserted() : own.asserted())
        .source(own.source() == null ? header.source() : own.source());
  }
}
