package io.parley.journal.stream;

import io.parley.journal.reading.Brokers;
import io.parley.schemas.Event;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition's events from the first to the last, to fill a store that is new or lost its
 * changelog.
 *
 * <p>It reads only what is committed, but up to the end of all that is written when it starts: a
 * transaction of the owner before, still on its way to being committed, is waited for and not
 * missed.
 */
final class Refold {
  private static final Duration POLL = Duration.ofMillis(200);

  private static final long STEP_BACK = 100;

  private final Brokers brokers;
  private final IsolationLevel upToEndOf;

  Refold(Brokers brokers) {
    this(brokers, IsolationLevel.READ_UNCOMMITTED);
  }

  /** With another end than that of all that is written: only to show that it matters. */
  Refold(Brokers brokers, IsolationLevel upToEndOf) {
    this.brokers = brokers;
    this.upToEndOf = upToEndOf;
  }

  /** Takes an event, when it was recorded, and its bytes as they were published. */
  @FunctionalInterface
  interface Folding {
    void take(Event event, long recordedMillis, byte[] framed);
  }

  /** Hands over every event of these topics in this partition; how many there were. */
  long read(List<String> topics, int partition, Folding fold) {
    List<TopicPartition> parts =
        topics.stream().map(topic -> new TopicPartition(topic, partition)).toList();
    Map<TopicPartition, Long> ends = ends(parts);
    long events = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(IsolationLevel.READ_COMMITTED)) {
      consumer.assign(parts);
      consumer.seekToBeginning(parts);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          fold.take((Event) Wire.decode(record.value()), record.timestamp(), record.value());
          events++;
        }
      }
    }
    return events;
  }

  /** The last event of a partition; null where it has none. */
  @Nullable Event last(String topic, int partition) {
    TopicPartition part = new TopicPartition(topic, partition);
    long end = Objects.requireNonNull(ends(List.of(part)).get(part));
    Event last = null;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(IsolationLevel.READ_COMMITTED)) {
      consumer.assign(List.of(part));
      // What stands last may be the ends of transactions, and what was aborted: so further back.
      for (long back = STEP_BACK; last == null; back *= 10) {
        long from = Math.max(0, end - back);
        consumer.seek(part, from);
        while (consumer.position(part) < end) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            last = (Event) Wire.decode(record.value());
          }
        }
        if (from == 0) {
          return last;
        }
      }
    }
    return last;
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> parts) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(upToEndOf)) {
      return consumer.endOffsets(parts);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(IsolationLevel isolation) {
    return new KafkaConsumer<>(
        brokers.settings(
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation.toString(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
