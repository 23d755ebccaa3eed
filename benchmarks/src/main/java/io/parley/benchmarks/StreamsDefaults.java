package io.parley.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The same shape as ours, a topic of commands, a store, events and replies, with {@code
 * exactly_once_v2} and everything else as Kafka Streams has it.
 */
final class StreamsDefaults implements Subject {
  private static final String COMMANDS = "bench-streams-commands";
  private static final String EVENTS = "bench-streams-events";
  private static final String REPLIES = "bench-streams-replies";
  private static final String STORE = "states";
  private static final Duration RUNNING_WITHIN = Duration.ofSeconds(60);

  private final KafkaStreams streams;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Replies replies;

  StreamsDefaults(String bootstrapServers, Path state) throws InterruptedException {
    BenchTopics.create(bootstrapServers, COMMANDS, EVENTS, REPLIES);
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-streams");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    streams = new KafkaStreams(topology(), settings);
    streams.start();
    long deadline = System.nanoTime() + RUNNING_WITHIN.toNanos();
    while (streams.state() != KafkaStreams.State.RUNNING) {
      if (System.nanoTime() > deadline) {
        streams.close(Duration.ofSeconds(5));
        throw new IllegalStateException("Kafka Streams is " + streams.state());
      }
      Thread.sleep(20);
    }
    // Who asks is the same as for ours: what differs is what answers.
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0, "retry.backoff.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    replies = new Replies(bootstrapServers, REPLIES);
  }

  @Override
  public void send(long number) throws Exception {
    var answer = replies.expect(number);
    var _ =
        producer.send(
            new ProducerRecord<>(
                COMMANDS, Payload.key(number), Payload.of(number, Payload.COMMAND_BYTES)));
    Replies.await(answer);
  }

  @Override
  public void close() {
    producer.close();
    replies.close();
    streams.close(Duration.ofSeconds(10));
  }

  private static Topology topology() {
    Topology topology = new Topology();
    topology
        .addSource("commands", new ByteArrayDeserializer(), new ByteArrayDeserializer(), COMMANDS)
        .addProcessor("decide", Decide::new, "commands")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray()),
            "decide")
        .addSink("events", EVENTS, new ByteArraySerializer(), new ByteArraySerializer(), "decide")
        .addSink(
            "replies",
            REPLIES,
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            (StreamPartitioner<byte[], byte[]>)
                (topic, key, value, partitions) -> Optional.of(Set.of(Replies.PARTITION)),
            "decide");
    return topology;
  }

  private static final class Decide implements Processor<byte[], byte[], byte[], byte[]> {
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private @Nullable KeyValueStore<byte[], byte[]> store;

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
      context = given;
      store = given.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> command) {
      if (context == null || store == null) {
        throw new IllegalStateException("not started");
      }
      byte[] before = store.get(command.key());
      long version = before == null ? 1 : Payload.number(before) + 1;
      store.put(command.key(), Payload.of(version, Payload.EVENT_BYTES));
      long number = Payload.number(command.value());
      context.forward(command.withValue(Payload.of(version, Payload.EVENT_BYTES)), "events");
      context.forward(command.withValue(Payload.of(number, Payload.REPLY_BYTES)), "replies");
    }
  }
}
