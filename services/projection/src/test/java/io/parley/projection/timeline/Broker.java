package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A broker with the topics of the timeline, and what tests do with them. */
final class Broker implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final TestBroker broker;
  private final int partitions;
  private final KafkaProducer<String, byte[]> producer;
  private final AtomicReference<@Nullable Exception> refused = new AtomicReference<>();

  Broker(int partitions) throws Exception {
    this.broker = TestBroker.start();
    this.partitions = partitions;
    Topics.create(
        new ParleyProperties.Kafka(broker.bootstrapServers(), partitions, (short) 1),
        Stream.concat(Topics.SERVICES.stream().map(Topics::events), Stream.of(Topics.TIMELINE))
            .toList());
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  TimelineSettings settings(Path state) {
    return TimelineSettings.of(Brokers.at(broker.bootstrapServers()), (short) 1, state);
  }

  void produce(Story.Told told) {
    send(told.record());
  }

  /** With a timestamp of the test's choice, as Kafka Streams reads the lowest first. */
  void produce(Story.Told told, long timestamp) {
    send(told.record(timestamp));
  }

  private void send(ProducerRecord<String, byte[]> event) {
    var _ = producer.send(event, (at, error) -> refused.compareAndSet(null, error));
  }

  /** Waits until all are in their topics. */
  void flush() {
    producer.flush();
    assertThat(refused.get()).isNull();
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  /** The committed timeline, once it has this many entries. */
  List<TimelineEntry> timeline(int entries) {
    return records(entries).stream()
        .map(found -> Wire.decode(found.value(), TimelineEntry.class))
        .toList();
  }

  /** The records of the timeline, at least this many, and whatever else is there by then. */
  List<ConsumerRecord<String, byte[]>> records(int atLeast) {
    List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      var all =
          IntStream.range(0, partitions)
              .mapToObj(p -> new TopicPartition(Topics.TIMELINE, p))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long deadline = System.nanoTime() + LONG.toNanos();
      boolean quiet = false;
      // One more empty poll, so that what should not be there shows.
      while (found.size() < atLeast || !quiet) {
        int before = found.size();
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
        quiet = found.size() == before;
        if (System.nanoTime() > deadline) {
          throw new AssertionError(found.size() + " entries, " + atLeast + " expected");
        }
      }
    }
    return found;
  }

  /** Waits for something that is on its way. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LONG + ": " + what);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    broker.close();
  }
}
