package io.parley.projection.audit.export;

import io.parley.projection.audit.export.Export.BrokenRestricted;
import io.parley.projection.log.Scan;
import io.parley.projection.restricted.Chains;
import io.parley.schemas.Event;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is restricted on its way into a spool: each service's events as segments. */
final class RestrictedRecord {
  private final Spool spool;
  private final Set<Schema> writers = new HashSet<>();

  RestrictedRecord(Spool spool) {
    this.spool = spool;
  }

  /**
   * Reads the events of a service's topic, and puts their segments into the spool.
   *
   * @param until time of the last that are of the moment, in milliseconds since 1970
   * @return how many there are
   * @throws BrokenRestricted where one cannot be read, or its item's chain does not hold it
   */
  long put(String service, Scan scan, long until) throws IOException {
    Segment segment = new Segment(Shape.RESTRICTED);
    // What follows in an item on what came after the moment came after it too, as for its readers.
    Set<String> after = new HashSet<>();
    Chains chains = new Chains();
    long count = 0;
    long first = 1;
    ConsumerRecord<String, byte[]> record;
    while ((record = scan.next()) != null) {
      Event event = event(record.value());
      String aggregate = event.header().aggregate();
      Chains.Link link =
          chains.next(event, record.timestamp(), record.value(), Chains.said(record.headers()));
      if (!link.holds()) {
        throw new BrokenRestricted("a topic beside the timeline holds what its chain does not");
      }
      if (record.timestamp() > until || after.contains(aggregate)) {
        after.add(aggregate);
      } else {
        ByteBuffer place =
            new Shape.Place(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    link.hash())
                .encode();
        Segment.Item item = new Segment.Item(place, ByteBuffer.wrap(record.value()));
        if (!segment.takes(item)) {
          write(segment, Format.restricted(service, first));
          segment.clear();
          first = count + 1;
        }
        segment.add(item);
        count++;
      }
      scan.pass();
    }
    if (!segment.isEmpty()) {
      write(segment, Format.restricted(service, first));
    }
    return count;
  }

  private void write(Segment segment, String name) throws IOException {
    Bytes file = new Bytes(1 << 16);
    segment.write(name, file);
    spool.put(name, file.all());
    writers.addAll(segment.writers());
  }

  /** Says nothing of the event where it cannot be read: logs are open (ADR 7). */
  private static Event event(byte[] value) {
    try {
      if (Wire.decode(value) instanceof Event event) {
        return event;
      }
    } catch (RuntimeException unreadable) {
      throw new BrokenRestricted("a topic beside the timeline holds what cannot be read");
    }
    throw new BrokenRestricted("a topic beside the timeline holds what is no event");
  }

  /** The schemas that its events were written with. */
  Collection<Schema> writers() {
    return writers;
  }
}
