package io.parley.projection.log;

import io.parley.journal.reading.Brokers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * All committed records of one negotiation in one topic, in order, from the first record of the
 * partition up to where it ended when this was opened, or was {@linkplain #extend extended}. In
 * constant memory: what one fetch brings. Others' records of the partition are passed over. For one
 * thread.
 */
public final class Scan implements AutoCloseable {
  private static final int FETCH_BYTES = 256 << 10;
  private static final int FETCH_WAIT_MILLIS = 10;
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);

  /** By which a broker, and who looks at this process, tells them from other consumers. */
  private static final String CLIENT_ID = "parley-scan-";

  private static final AtomicLong OPENED = new AtomicLong();

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final String negotiation;
  private final BooleanSupplier gone;
  private final Deque<ConsumerRecord<String, byte[]>> ahead = new ArrayDeque<>();
  private long end;

  /** A log that does not begin at its first record any more: what was there is nobody's word. */
  public static final class BeginningGone extends KafkaException {
    private static final long serialVersionUID = 1L;

    private final TopicPartition partition;
    private final long first;

    BeginningGone(TopicPartition partition, long first) {
      super(partition + " begins at " + first);
      this.partition = partition;
      this.first = first;
    }

    /** Topic and partition. */
    public TopicPartition partition() {
      return partition;
    }

    /** Offset of the first record that is there. */
    public long first() {
      return first;
    }
  }

  /**
   * Opens a topic at its beginning.
   *
   * @param partitions how many the topic has
   * @throws TimeoutException where the broker does not answer in 20 s
   */
  public Scan(Brokers brokers, String topic, int partitions, String negotiation) {
    this(brokers, topic, partitions, negotiation, 0, () -> false);
  }

  /**
   * Opens a topic at its beginning.
   *
   * @param gone whether nobody waits for what is read: then the next read ends with a {@link
   *     WakeupException}
   * @throws TimeoutException where the broker does not answer in 20 s
   */
  public Scan(
      Brokers brokers, String topic, int partitions, String negotiation, BooleanSupplier gone) {
    this(brokers, topic, partitions, negotiation, 0, gone);
  }

  /**
   * Opens a topic at an offset of the negotiation's partition.
   *
   * @param partitions how many the topic has
   * @throws TimeoutException where the broker does not answer in 20 s
   */
  public Scan(Brokers brokers, String topic, int partitions, String negotiation, long from) {
    this(brokers, topic, partitions, negotiation, from, () -> false);
  }

  private Scan(
      Brokers brokers,
      String topic,
      int partitions,
      String negotiation,
      long from,
      BooleanSupplier gone) {
    this.negotiation = negotiation;
    this.gone = gone;
    this.partition = new TopicPartition(topic, partitionOf(negotiation, partitions));
    this.consumer =
        new KafkaConsumer<>(
            brokers.settings(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    CLIENT_ID + OPENED.incrementAndGet(),
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    // A log whose beginning is gone is no whole record: it is to fail, not to go
                    // on.
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "none",
                    // More at once would outlive a collection of young objects, and stop the
                    // readers when the old ones are collected.
                    ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                    FETCH_BYTES,
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    500,
                    // Nothing is waited for behind the end; a fetch that is under way holds the
                    // closing up.
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    FETCH_WAIT_MILLIS)),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      extend();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The partition of a negotiation: where Kafka's own partitioner puts its key. */
  public static int partitionOf(String negotiation, int partitions) {
    return Utils.toPositive(
            Utils.murmur2(negotiation.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        % partitions;
  }

  /** Takes in what was committed since; returns where it ends now. */
  public long extend() {
    Long committed = consumer.endOffsets(List.of(partition), WITHIN).get(partition);
    end = committed == null ? end : committed;
    return end;
  }

  /**
   * The next record of the negotiation, which stays the next one until it is {@linkplain #pass()
   * passed}; null where there is none before the end.
   *
   * @throws TimeoutException where the broker does not answer in 20 s
   * @throws BeginningGone where the record at which this began is not there any more
   */
  public @Nullable ConsumerRecord<String, byte[]> next() {
    long deadline = System.nanoTime() + WITHIN.toNanos();
    while (true) {
      while (!ahead.isEmpty()) {
        ConsumerRecord<String, byte[]> record = ahead.getFirst();
        if (record.offset() >= end) {
          return null;
        }
        if (negotiation.equals(record.key())) {
          return record;
        }
        ahead.removeFirst();
      }
      if (gone.getAsBoolean()) {
        throw new WakeupException();
      }
      if (consumer.position(partition, WITHIN) >= end) {
        return null;
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(partition + " cannot be read");
      }
      for (ConsumerRecord<String, byte[]> record : poll()) {
        ahead.addLast(record);
        deadline = System.nanoTime() + WITHIN.toNanos();
      }
    }
  }

  private List<ConsumerRecord<String, byte[]>> poll() {
    try {
      return consumer.poll(POLL).records(partition);
    } catch (OffsetOutOfRangeException e) {
      Long first = consumer.beginningOffsets(List.of(partition), WITHIN).get(partition);
      throw new BeginningGone(partition, first == null ? 0 : first);
    }
  }

  /** Goes on behind the record that {@link #next} gave. */
  public void pass() {
    ahead.removeFirst();
  }

  /**
   * Some of the next records, which are passed: no more than are at hand, but one at least where
   * there is one before the end.
   *
   * @throws TimeoutException where the broker does not answer in 20 s
   */
  public List<ConsumerRecord<String, byte[]>> take(int most) {
    List<ConsumerRecord<String, byte[]>> taken = new ArrayList<>();
    while (taken.size() < most && (taken.isEmpty() || !ahead.isEmpty())) {
      ConsumerRecord<String, byte[]> record = next();
      if (record == null) {
        break;
      }
      taken.add(record);
      pass();
    }
    return taken;
  }

  /** Makes a read that is under way, or the next one, fail; from any thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    // A client that goes away interrupts who reads for it, and then a consumer does not close.
    boolean interrupted = Thread.interrupted();
    try {
      consumer.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
