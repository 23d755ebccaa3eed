package io.parley.projection.timeline;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task does whose stores are empty: the timeline is primary data and the stores are a fold
 * of it (architecture 5), so it reads its partition of the timeline from the beginning, up to the
 * end that it has at the start, transactions in flight included; a zombie's is then either
 * committed or aborted before the end is reached. Events that the group has read but that are not
 * on the timeline were parked in a lost store: they are read again from their topics.
 *
 * <p>The fold is kept over a failed attempt, so that a long one is read once.
 */
final class ColdStart {
  private static final Logger LOG = LoggerFactory.getLogger(ColdStart.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

  private final Brokers brokers;
  private final String group;
  private final Map<Integer, Fold> folds = new ConcurrentHashMap<>();

  ColdStart(Brokers brokers, String group) {
    this.brokers = brokers;
    this.group = group;
  }

  /**
   * What is on the timeline, and what is not although it was read.
   *
   * @param missed events that were parked, each topic's in its order
   */
  record Found(Fold fold, List<SourceRecord> missed) {}

  /** Reads the timeline's partition, and what of the sources is not on it. */
  Found read(int partition) {
    long began = System.nanoTime();
    TopicPartition timeline = new TopicPartition(Topics.TIMELINE, partition);
    Fold fold = folds.computeIfAbsent(partition, unseen -> new Fold());
    List<SourceRecord> missed = new ArrayList<>();
    try (Admin admin = Admin.create(brokers.settings());
        KafkaConsumer<String, byte[]> consumer = consumer()) {
      long end = end(admin, timeline);
      readTo(
          consumer,
          timeline,
          fold.position(),
          end,
          (at, found) -> fold.add(at, Wire.decode(found.value(), TimelineEntry.class)));
      for (String service : Topics.SERVICES) {
        TopicPartition source = new TopicPartition(Topics.events(service), partition);
        readTo(
            consumer,
            source,
            0,
            committed(admin, source),
            (at, found) -> {
              if (at > fold.sourceOffset(service, found.key())) {
                missed.add(
                    new SourceRecord(
                        service, partition, at, found.key(), found.headers(), found.value()));
              }
            });
      }
    }
    LOG.info(
        "timeline partition {}: {} negotiations folded from the timeline, {} parked events read"
            + " again, in {} ms",
        partition,
        fold.heads().size(),
        missed.size(),
        Duration.ofNanos(System.nanoTime() - began).toMillis());
    return new Found(fold, missed);
  }

  /** Frees the memory of a partition whose stores are warm. */
  void forget(int partition) {
    folds.remove(partition);
  }

  private static void readTo(
      KafkaConsumer<String, byte[]> consumer,
      TopicPartition from,
      long begin,
      long end,
      BiConsumer<Long, ConsumerRecord<String, byte[]>> each) {
    consumer.assign(List.of(from));
    consumer.seek(from, begin);
    long progressAt = System.nanoTime();
    // The position also moves over the markers that end a transaction, and over aborted records.
    while (consumer.position(from) < end) {
      long before = consumer.position(from);
      for (ConsumerRecord<String, byte[]> found : consumer.poll(POLL).records(from)) {
        if (found.offset() < end) {
          each.accept(found.offset(), found);
        }
      }
      if (consumer.position(from) > before) {
        progressAt = System.nanoTime();
      } else if (System.nanoTime() - progressAt > STUCK_AFTER.toNanos()) {
        throw new TimeoutException(
            from + " cannot be read beyond " + before + " to its end at " + end);
      }
    }
  }

  private static long end(Admin admin, TopicPartition at) {
    // Not of committed records only: the default of this call is the end of the log.
    return get(() -> admin.listOffsets(Map.of(at, OffsetSpec.latest())).partitionResult(at).get())
        .offset();
  }

  private long committed(Admin admin, TopicPartition at) {
    OffsetAndMetadata committed =
        get(() ->
                admin
                    .listConsumerGroupOffsets(
                        Map.of(
                            group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(at))),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get())
            .get(at);
    return committed == null ? 0 : committed.offset();
  }

  private KafkaConsumer<String, byte[]> consumer() {
    return new KafkaConsumer<>(
        brokers.settings(
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false")),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private interface Answer<T> {
    T get() throws ExecutionException, InterruptedException;
  }

  private static <T> T get(Answer<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new TimeoutException("the broker does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted while asking the broker", e);
    }
  }
}
