package io.parley.projection.audit;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.projection.timeline.Chain;
import io.parley.schemas.TimelineEntry;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the three services decided of a negotiation, beside what its timeline says of them: each
 * event stands on the timeline once, in the order of its topic, with the same bytes. For one
 * thread.
 */
final class Sources implements AutoCloseable {
  private final Map<String, Scan> scans = new HashMap<>();
  private final Map<String, Long> ends = new HashMap<>();
  private long settled;

  /** Opens the topics; what is decided from now on may be on the timeline, and need not. */
  Sources(Brokers brokers, int partitions, String negotiation, BooleanSupplier gone) {
    try {
      for (String service : Topics.SERVICES) {
        Scan scan = new Scan(brokers, Topics.events(service), partitions, negotiation, gone);
        scans.put(service, scan);
        ends.put(service, scan.extend());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Compares the next entry with the next event of its service. */
  Optional<Difference> next(TimelineEntry entry) {
    Scan scan = scans.get(entry.service());
    if (scan == null) {
      return Optional.of(of(entry, "one of " + Topics.SERVICES, entry.service()));
    }
    ConsumerRecord<String, byte[]> record = scan.next();
    if (record == null) {
      // Decided after the topics were opened.
      scan.extend();
      record = scan.next();
    }
    String told = at(entry.sourceTopic(), entry.sourcePartition(), entry.sourceOffset());
    if (record == null) {
      return Optional.of(of(entry, "an event at " + told, "nothing there"));
    }
    if (record.partition() != entry.sourcePartition() || record.offset() > entry.sourceOffset()) {
      return Optional.of(of(entry, "an event at " + told, "the next event is at " + at(record)));
    }
    if (record.offset() < entry.sourceOffset()) {
      return Optional.of(missing(record, entry.sequence()));
    }
    scan.pass();
    settled += isOld(record, entry.service()) ? 1 : 0;
    if (Chain.isErased(entry)) {
      // Also where the topic is as blank: nothing in the audit trail is anybody's word for it.
      return Optional.of(of(entry, "the bytes at " + told, "an event that was erased"));
    }
    return bytes(record).equals(entry.event())
        ? Optional.empty()
        : Optional.of(of(entry, "the bytes at " + told, "other bytes"));
  }

  /** Nothing of a record that is blank. */
  private static ByteBuffer bytes(ConsumerRecord<String, byte @Nullable []> record) {
    byte[] value = record.value();
    return value == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(value);
  }

  /** The first event that was decided before the topics were opened and is not on the timeline. */
  Optional<Difference> left(long length) {
    for (Map.Entry<String, Scan> each : scans.entrySet()) {
      ConsumerRecord<String, byte[]> record = each.getValue().next();
      if (record != null && isOld(record, each.getKey())) {
        return Optional.of(missing(record, length + 1));
      }
    }
    return Optional.empty();
  }

  /** How many events that were decided before the topics were opened were on the timeline. */
  long settled() {
    return settled;
  }

  private boolean isOld(ConsumerRecord<?, ?> record, String service) {
    return record.offset() < ends.getOrDefault(service, 0L);
  }

  private static Difference missing(ConsumerRecord<String, byte[]> record, long sequence) {
    return new Difference(
        "source", at(record), sequence, "the event at " + at(record), "it is not on the timeline");
  }

  private static Difference of(TimelineEntry entry, String expected, String found) {
    return new Difference(
        "source",
        at(entry.sourceTopic(), entry.sourcePartition(), entry.sourceOffset()),
        entry.sequence(),
        expected,
        found);
  }

  private static String at(ConsumerRecord<?, ?> record) {
    return at(record.topic(), record.partition(), record.offset());
  }

  static String at(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }

  /** Closes each of them, also where one does not close. */
  @Override
  public void close() {
    RuntimeException failed = null;
    for (Scan scan : scans.values()) {
      try {
        scan.close();
      } catch (RuntimeException e) {
        if (failed == null) {
          failed = e;
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
