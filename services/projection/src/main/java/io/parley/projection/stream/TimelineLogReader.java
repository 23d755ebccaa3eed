package io.parley.projection.stream;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the timeline anywhere. For one thread. All partitions are assigned and all but the one that
 * is read are paused: what was fetched ahead is kept, so that reading on costs no new request.
 */
final class TimelineLogReader implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<Integer, Deque<ConsumerRecord<String, byte[]>>> ahead = new HashMap<>();
  private final Map<Integer, Long> lastEnd = new HashMap<>();

  TimelineLogReader(Brokers brokers, int partitions) {
    this.consumer =
        new KafkaConsumer<>(
            settings(brokers, "earliest"), new StringDeserializer(), new ByteArrayDeserializer());
    this.partitions = partitions(partitions);
    consumer.assign(this.partitions);
    consumer.pause(this.partitions);
  }

  static Map<String, Object> settings(Brokers brokers, String onUnknownOffset) {
    return brokers.settings(
        Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            onUnknownOffset));
  }

  static List<TopicPartition> partitions(int number) {
    return IntStream.range(0, number)
        .mapToObj(each -> new TopicPartition(Topics.TIMELINE, each))
        .toList();
  }

  /**
   * Reads the committed records of a partition from one offset up to another, or fewer where they
   * come to more bytes.
   *
   * @throws TimeoutException where the broker does not answer in time
   */
  Page page(int partition, long from, long to, int mostBytes) {
    TopicPartition at = partitions.get(partition);
    Deque<ConsumerRecord<String, byte[]>> rest =
        ahead.computeIfAbsent(partition, any -> new ArrayDeque<>());
    // What is at hand begins where the last page ended, or this is another place.
    if (lastEnd.getOrDefault(partition, -1L) != from) {
      rest.clear();
      consumer.seek(at, from);
    }
    List<StreamEvent> events = new ArrayList<>();
    long bytes = 0;
    long deadline = System.nanoTime() + WITHIN.toNanos();
    consumer.resume(List.of(at));
    try {
      while (true) {
        while (!rest.isEmpty() && rest.getFirst().offset() < to) {
          if (bytes >= mostBytes) {
            return page(partition, from, rest.getFirst().offset(), events);
          }
          ConsumerRecord<String, byte[]> record = rest.removeFirst();
          events.add(new StreamEvent(record));
          bytes += record.serializedValueSize();
        }
        if (!rest.isEmpty() || consumer.position(at, WITHIN) >= to) {
          return page(partition, from, to, events);
        }
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("the timeline cannot be read at " + at + "@" + from);
        }
        consumer.poll(POLL).records(at).forEach(rest::addLast);
      }
    } finally {
      consumer.pause(List.of(at));
    }
  }

  private Page page(int partition, long from, long next, List<StreamEvent> events) {
    lastEnd.put(partition, next);
    return new Page(partition, from, next, List.copyOf(events));
  }

  /** First offset of each partition. */
  Position beginnings() {
    return positions(consumer.beginningOffsets(partitions, WITHIN));
  }

  /** End of what is committed of each partition. */
  Position ends() {
    return positions(consumer.endOffsets(partitions, WITHIN));
  }

  /**
   * The first record of each partition that was settled then or later, or else what is given. No
   * record before it was: Kafka's index finds the first, also where times go back.
   */
  Position firstSince(long millis, Position otherwise) {
    Map<TopicPartition, Long> asked = new HashMap<>();
    partitions.forEach(each -> asked.put(each, millis));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(asked, WITHIN);
    Position position = otherwise.copy();
    for (TopicPartition each : partitions) {
      OffsetAndTimestamp first = found.get(each);
      if (first != null) {
        position.put(each, first.offset());
      }
    }
    return position;
  }

  static Position positions(Map<TopicPartition, Long> found) {
    Position position = Position.beginning(found.size());
    found.forEach(position::put);
    return position;
  }

  /** Makes a read that is under way, or the next one, fail; from any thread. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
