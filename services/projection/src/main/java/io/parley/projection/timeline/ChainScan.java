package io.parley.projection.timeline;

import io.parley.projection.log.Ahead;
import io.parley.projection.log.Scan;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A negotiation's timeline as it is read to be checked. Entries come in order, each held against
 * what it says itself; whether it follows on the one before is for the caller to ask ({@link
 * Chain#follows}). In constant memory: twice what is read at once. For one thread.
 *
 * @param <T> what is made of each entry, beside the others
 */
public final class ChainScan<T> implements AutoCloseable {
  private final Scan scan;
  private final int atOnce;
  private final boolean parallel;
  private final Making<T> making;
  private final Deque<Link<T>> ahead = new ArrayDeque<>();

  /** The entries after those, read while the caller is busy with them. */
  private final Ahead<List<Link<T>>> coming = new Ahead<>();

  /**
   * An entry, or what stands in its place.
   *
   * @param entry null where it cannot be read
   * @param itself what is wrong with it whatever is before it, and its event
   * @param made what was made of it; null where something is wrong with it
   */
  public record Link<T>(
      ConsumerRecord<String, byte[]> record,
      @Nullable TimelineEntry entry,
      Chain.@Nullable Checked itself,
      @Nullable T made) {}

  /** Makes something of an entry that is whole by itself; for any thread, several at once. */
  @FunctionalInterface
  public interface Making<T> {
    /**
     * What is made.
     *
     * @param event null where it was erased
     */
    T of(ConsumerRecord<String, byte[]> record, TimelineEntry entry, @Nullable Event event);
  }

  /**
   * Reads on from where a scan is, which is closed with this.
   *
   * @param atOnce most entries that are read at once
   * @param parallel whether all processors may be busy with it
   * @param making makes something of each entry, on them too
   */
  public ChainScan(Scan scan, int atOnce, boolean parallel, Making<T> making) {
    this.scan = scan;
    this.atOnce = atOnce;
    this.parallel = parallel;
    this.making = making;
  }

  /**
   * The next entry; null where there is none before the end.
   *
   * @throws org.apache.kafka.common.KafkaException where the log cannot be read
   */
  public @Nullable Link<T> next() {
    if (ahead.isEmpty()) {
      ahead.addAll(coming.isBegun() ? coming.end() : read());
      if (parallel && !ahead.isEmpty()) {
        coming.begin(this::read);
      }
    }
    return ahead.pollFirst();
  }

  private List<Link<T>> read() {
    Stream<ConsumerRecord<String, byte[]>> records = scan.take(atOnce).stream();
    return (parallel ? records.parallel() : records).map(this::read).toList();
  }

  private Link<T> read(ConsumerRecord<String, byte[]> record) {
    TimelineEntry entry;
    try {
      entry = Wire.decode(record.value(), TimelineEntry.class);
    } catch (RuntimeException unreadable) {
      // Damaged framing shows as any of several exceptions of the decoder.
      return new Link<>(record, null, null, null);
    }
    Chain.Checked itself = Chain.itself(entry);
    return new Link<>(
        record,
        entry,
        itself,
        itself.fault() == null ? making.of(record, entry, itself.event()) : null);
  }

  /** Takes in what was committed since. */
  public void extend() {
    if (coming.isBegun()) {
      ahead.addAll(coming.end());
    }
    scan.extend();
  }

  @Override
  public void close() {
    if (coming.isBegun()) {
      scan.wakeup();
      coming.drop();
    }
    scan.close();
  }
}
