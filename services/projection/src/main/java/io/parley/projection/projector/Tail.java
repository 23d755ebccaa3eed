package io.parley.projection.projector;

import io.parley.journal.reading.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How many records of the timeline are behind a position. Offsets alone do not say: the marks of
 * transactions have some too, so that what is fully applied would look as if it were behind. For
 * one thread.
 */
final class Tail implements AutoCloseable {
  /** Most that are counted one by one. */
  static final long COUNTED = 1_000;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration WITHIN = Duration.ofSeconds(2);

  private final Supplier<Consumer<byte[], byte[]>> opening;
  private final Map<Integer, Counted> known = new HashMap<>();
  private @Nullable Consumer<byte[], byte[]> consumer;

  private record Counted(long position, long end, long records) {}

  Tail(Supplier<Consumer<byte[], byte[]>> opening) {
    this.opening = opening;
  }

  /** Records from a position up to an end. */
  long records(int partition, long position, long end) {
    long gap = Math.max(0, end - position);
    if (gap == 0 || gap > COUNTED) {
      return gap;
    }
    Counted before = known.get(partition);
    if (before != null && before.position() == position && before.end() == end) {
      return before.records();
    }
    long records = count(new TopicPartition(Topics.TIMELINE, partition), position, end);
    known.put(partition, new Counted(position, end, records));
    return records;
  }

  private long count(TopicPartition partition, long position, long end) {
    Consumer<byte[], byte[]> reader = consumer == null ? opening.get() : consumer;
    consumer = reader;
    reader.assign(List.of(partition));
    reader.seek(partition, position);
    long records = 0;
    long deadline = System.nanoTime() + WITHIN.toNanos();
    while (reader.position(partition, WITHIN) < end) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(partition + " cannot be read");
      }
      records +=
          reader.poll(POLL).records(partition).stream()
              .filter(record -> record.offset() < end)
              .count();
    }
    return records;
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
    }
  }
}
