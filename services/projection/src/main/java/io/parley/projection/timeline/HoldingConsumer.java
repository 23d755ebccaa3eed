package io.parley.projection.timeline;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka Streams' consumer, which also leaves held partitions alone. Streams pauses and resumes
 * partitions for reasons of its own; a partition is read where neither it nor {@link Holds} says
 * no.
 */
final class HoldingConsumer extends KafkaConsumer<byte[], byte[]> {
  private final Holds holds;
  private final Set<TopicPartition> pausedByStreams = new HashSet<>();
  private final Set<TopicPartition> pausedByHold = new HashSet<>();

  HoldingConsumer(Map<String, Object> config, Holds holds) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.holds = holds;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    pausedByHold.retainAll(assignment());
    for (TopicPartition at : assignment()) {
      if (holds.isHeld(at)) {
        super.pause(List.of(at));
        pausedByHold.add(at);
      } else if (pausedByHold.remove(at) && !pausedByStreams.contains(at)) {
        super.resume(List.of(at));
      }
    }
    return super.poll(timeout);
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    pausedByStreams.addAll(partitions);
    super.pause(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    pausedByStreams.removeAll(partitions);
    super.resume(partitions.stream().filter(at -> !pausedByHold.contains(at)).toList());
  }

  /**
   * A held partition counts as read to its end: otherwise Streams would wait for its next record
   * before it processes any other of the task, and what is waited for would never come.
   */
  @Override
  public OptionalLong currentLag(TopicPartition at) {
    return holds.isHeld(at) ? OptionalLong.of(0) : super.currentLag(at);
  }

  /** Makes the clients that Kafka Streams asks for. */
  record Clients(Holds holds) implements KafkaClientSupplier {
    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return new HoldingConsumer(config, holds);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return plain(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return plain(config);
    }

    private static Consumer<byte[], byte[]> plain(Map<String, Object> config) {
      return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
  }
}
