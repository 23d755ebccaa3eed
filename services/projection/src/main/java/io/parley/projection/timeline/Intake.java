package io.parley.projection.timeline;

import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of one partition in, from three topics in any order, and settles them in one
 * order in which no effect precedes its cause: an event is parked until all that its decider had
 * seen is settled, and what follows it from its topic for that negotiation waits behind it.
 */
final class Intake {
  private final Settled settled;
  private final Parking parking;
  private final Bounds bounds;
  private final Function<Event, List<String>> causes;
  private final InstantSource clock;
  private final SecureRandom random;
  private final BiConsumer<SourceRecord, TimelineEntry> timeline;

  /**
   * An intake onto these stores.
   *
   * @param causes tokens that an event waits for
   * @param timeline where settled entries go
   */
  Intake(
      Settled settled,
      Parking parking,
      Bounds bounds,
      Function<Event, List<String>> causes,
      InstantSource clock,
      SecureRandom random,
      BiConsumer<SourceRecord, TimelineEntry> timeline) {
    this.settled = settled;
    this.parking = parking;
    this.bounds = bounds;
    this.causes = causes;
    this.clock = clock;
    this.random = random;
    this.timeline = timeline;
  }

  /** Finds out what the events wait for that were parked before a restart. */
  void resume() {
    for (Parking.Queue queue : parking.all()) {
      SourceRecord first = parking.first(queue);
      parking.waitsFor(queue, missing(first, decode(first)));
    }
    bounds.apply(parking, null);
  }

  /**
   * Settles or parks an event.
   *
   * @throws CorruptLogException where it cannot stand where it stands
   * @throws ParkingFullException where it would have to be parked and cannot
   */
  void accept(SourceRecord record) {
    Event event = decode(record);
    EventHeader header = event.header();
    if (!header.negotiation().equals(record.key())
        || !Chain.service(event).equals(record.service())) {
      throw new CorruptLogException(
          record.position()
              + ": an event of "
              + Chain.service(event)
              + " and "
              + header.negotiation()
              + " under the key "
              + record.key());
    }
    if (isTakenInAlready(record, header)) {
      return;
    }
    Parking.Queue queue = parking.find(record.key(), record.service());
    if (queue != null) {
      park(record);
      return;
    }
    Set<String> missing = missing(record, event);
    if (!missing.isEmpty()) {
      park(record);
      Parking.Queue opened = parking.find(record.key(), record.service());
      if (opened != null) {
        parking.waitsFor(opened, missing);
      }
      bounds.apply(parking, record.key());
      return;
    }
    settle(record, event);
    drain(record.key());
  }

  /**
   * True for an event that is read again: only where the group's offsets were lost or set back, as
   * under exactly-once they move with the stores. Its place in its source tells it from a repeat in
   * the log, which is corrupt.
   */
  private boolean isTakenInAlready(SourceRecord record, EventHeader header) {
    Parking.Queue queue = parking.find(record.key(), record.service());
    if (queue != null && record.offset() <= parking.lastOffset(queue)) {
      return true;
    }
    if (record.offset() > settled.sourceOffset(record.service(), record.key())) {
      return false;
    }
    long version = settled.version(record.service(), record.key(), header.aggregate());
    if (header.version() > version) {
      throw new CorruptLogException(
          record.position()
              + ": later events of the topic are on the timeline, version "
              + header.version()
              + " of "
              + header.aggregate()
              + " is not");
    }
    return true;
  }

  private void park(SourceRecord record) {
    bounds.requireRoom(parking, record);
    parking.add(record);
    bounds.apply(parking, record.key());
  }

  private void drain(String negotiation) {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Parking.Queue queue : parking.of(negotiation)) {
        moved |= drain(queue);
      }
    }
    bounds.apply(parking, negotiation);
  }

  /** Settles from a queue until its first event waits again. */
  private boolean drain(Parking.Queue queue) {
    boolean moved = false;
    boolean more = true;
    while (more) {
      SourceRecord first = parking.first(queue);
      Event event = decode(first);
      Set<String> missing = missing(first, event);
      parking.waitsFor(queue, missing);
      if (!missing.isEmpty()) {
        return moved;
      }
      settle(first, event);
      more = parking.removeFirst(queue);
      moved = true;
    }
    return moved;
  }

  private void settle(SourceRecord record, Event event) {
    EventHeader header = event.header();
    long last = settled.version(record.service(), record.key(), header.aggregate());
    if (header.version() != last + 1) {
      throw new CorruptLogException(
          record.position()
              + ": version "
              + header.version()
              + " of "
              + header.aggregate()
              + " follows version "
              + last);
    }
    byte[] salt = new byte[Chain.SALT_BYTES];
    random.nextBytes(salt);
    TimelineEntry entry =
        Chain.next(
            settled.head(record.key()),
            new Chain.Source(record.service(), record.partition(), record.offset()),
            record.value(),
            event,
            clock.instant(),
            salt);
    settled.add(entry);
    timeline.accept(record, entry);
  }

  /** Services that must settle something before this event; empty where it may be settled. */
  private Set<String> missing(SourceRecord record, Event event) {
    Set<String> services = new TreeSet<>();
    for (String text : causes.apply(event)) {
      Token token = token(record, text);
      if (settled.version(token.service(), token.negotiation(), token.aggregate())
          < token.version()) {
        if (token.service().equals(record.service())) {
          // Everything before it in its own topic is settled, so this would never come.
          throw new CorruptLogException(record.position() + ": it has seen a later event, " + text);
        }
        services.add(token.service());
      }
    }
    return services;
  }

  private static Token token(SourceRecord record, String text) {
    @Nullable Token token = null;
    try {
      token = Token.parse(text);
    } catch (IllegalArgumentException unreadable) {
      throw new CorruptLogException(record.position() + ": " + unreadable.getMessage(), unreadable);
    }
    if (!token.negotiation().equals(record.key()) || !Topics.SERVICES.contains(token.service())) {
      // It would never be settled in this negotiation, and wait for ever.
      throw new CorruptLogException(
          record.position() + ": what it has seen is not of its negotiation, " + text);
    }
    return token;
  }

  private static Event decode(SourceRecord record) {
    try {
      if (Wire.decode(record.value()) instanceof Event event) {
        return event;
      }
    } catch (AvroRuntimeException unreadable) {
      throw new CorruptLogException(record.position() + ": " + unreadable.getMessage(), unreadable);
    }
    throw new CorruptLogException(record.position() + ": not an event");
  }
}
