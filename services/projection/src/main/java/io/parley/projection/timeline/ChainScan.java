package io.parley.projection.timeline;

import io.parley.projection.log.Scan;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A negotiation's timeline as it is read to be checked. Entries come in order, each held against
 * what it says itself; whether it follows on the one before is for the caller to ask ({@link
 * Chain#follows}). In constant memory: some hundred entries. For one thread.
 */
public final class ChainScan implements AutoCloseable {
  private static final int AT_ONCE = 500;

  private final Scan scan;
  private final boolean parallel;
  private final Deque<Link> ahead = new ArrayDeque<>();

  /**
   * An entry, or what stands in its place.
   *
   * @param entry null where it cannot be read
   * @param itself what is wrong with it whatever is before it, and its event
   */
  public record Link(
      ConsumerRecord<String, byte[]> record,
      @Nullable TimelineEntry entry,
      Chain.@Nullable Checked itself) {}

  /**
   * Reads on from where a scan is, which is closed with this.
   *
   * @param parallel whether all processors may be busy with it
   */
  public ChainScan(Scan scan, boolean parallel) {
    this.scan = scan;
    this.parallel = parallel;
  }

  /**
   * The next entry; null where there is none before the end.
   *
   * @throws org.apache.kafka.common.KafkaException where the log cannot be read
   */
  public @Nullable Link next() {
    if (ahead.isEmpty()) {
      Stream<ConsumerRecord<String, byte[]>> records = scan.take(AT_ONCE).stream();
      (parallel ? records.parallel() : records).map(ChainScan::read).toList().forEach(ahead::add);
    }
    return ahead.pollFirst();
  }

  private static Link read(ConsumerRecord<String, byte[]> record) {
    TimelineEntry entry;
    try {
      entry = Wire.decode(record.value(), TimelineEntry.class);
    } catch (RuntimeException unreadable) {
      // Damaged framing shows as any of several exceptions of the decoder.
      return new Link(record, null, null);
    }
    return new Link(record, entry, Chain.itself(entry));
  }

  /** Takes in what was committed since. */
  public void extend() {
    scan.extend();
  }

  @Override
  public void close() {
    scan.close();
  }
}
