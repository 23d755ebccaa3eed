package io.parley.projection.timeline;

import io.parley.journal.reading.StoreMemory;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage that settles the timeline: the services' events in, {@link Topics#TIMELINE} out, each
 * event once, in one order for each negotiation (architecture 5). The topics must be there, with
 * the same number of partitions. Several instances share the partitions.
 */
public final class TimelineStage implements AutoCloseable {
  /** Application id of Kafka Streams: consumer group, and prefix of the changelogs. */
  public static final String APPLICATION_ID = "parley-timeline";

  private static final Logger LOG = LoggerFactory.getLogger(TimelineStage.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(20);
  private static final String EVENTS = ".events";

  private final Holds holds = new Holds();
  private final AtomicReference<@Nullable String> stoppedBecause = new AtomicReference<>();
  private final KafkaStreams streams;

  /** A stage that does not run yet. */
  public TimelineStage(TimelineSettings settings) {
    this(settings, event -> event.header().seen());
  }

  /** With another rule of what an event waits for, to show what the rule is good for. */
  TimelineStage(TimelineSettings settings, Function<Event, List<String>> causes) {
    streams =
        new KafkaStreams(
            topology(settings, causes), properties(settings), new HoldingConsumer.Clients(holds));
    streams.setUncaughtExceptionHandler(this::onUncaught);
  }

  /** Starts it; returns before it runs. */
  public void start() {
    streams.start();
  }

  /** True once it has partitions, and while it is not stopped. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** How it is. */
  public TimelineStatus status() {
    return new TimelineStatus(
        streams.state().name(),
        streams.state().isRunningOrRebalancing(),
        stoppedBecause.get(),
        holds.parked(),
        holds.names());
  }

  /** Events in the sources that it has not fetched yet, as far as its consumer knows. */
  public long lagRecords() {
    return streams.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("records-lag"))
        .filter(metric -> metric.metricName().tags().getOrDefault("topic", "").endsWith(EVENTS))
        .map(metric -> metric.metricValue())
        .mapToLong(lag -> lag instanceof Double records && records > 0 ? records.longValue() : 0)
        .sum();
  }

  /** Stops it; what was not committed is done again by the next one. */
  @Override
  public void close() {
    // A clean stop leaves the group, so that the next start need not wait for a session to end.
    CloseOptions leaving =
        CloseOptions.timeout(CLOSE_WITHIN)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(leaving)) {
      LOG.warn("the timeline stage did not stop within {}", CLOSE_WITHIN);
    }
  }

  static String service(String topic) {
    return topic.substring(0, topic.length() - EVENTS.length());
  }

  private StreamThreadExceptionResponse onUncaught(Throwable thrown) {
    Throwable reason = thrown;
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof CorruptLogException || t instanceof ParkingFullException) {
        return stop(t);
      }
      reason = t;
    }
    if (!(reason instanceof KafkaException) || reason instanceof ConfigException) {
      // A fault of this code, or of the machine: it would only come again.
      return stop(thrown);
    }
    LOG.warn("the timeline stage's thread failed and is replaced", thrown);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse stop(Throwable reason) {
    stoppedBecause.compareAndSet(null, reason.toString());
    LOG.error("the timeline stage stops: {}", reason.getMessage(), reason);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private Topology topology(TimelineSettings settings, Function<Event, List<String>> causes) {
    ColdStart coldStart = new ColdStart(settings.bootstrapServers(), APPLICATION_ID);
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            "events",
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            Topics.SERVICES.stream().map(Topics::events).toArray(String[]::new))
        .addProcessor(
            "settle", () -> new TimelineProcessor(settings, coldStart, holds, causes), "events")
        .addStateStore(store(Stores.persistentKeyValueStore(TimelineProcessor.HEADS)), "settle")
        .addStateStore(store(Stores.persistentKeyValueStore(TimelineProcessor.VERSIONS)), "settle")
        .addStateStore(store(Stores.inMemoryKeyValueStore(TimelineProcessor.PARKED)), "settle")
        .addSink(
            "timeline",
            Topics.TIMELINE,
            new StringSerializer(),
            new ByteArraySerializer(),
            "settle");
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> store(
      org.apache.kafka.streams.state.KeyValueBytesStoreSupplier supplier) {
    return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray());
  }

  /** Measured in architecture 2; what differs is said here. */
  private static Properties properties(TimelineSettings settings) {
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    p.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.replicationFactor());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    p.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 10);
    p.put(StreamsConfig.POLL_MS_CONFIG, 5);
    p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
    p.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, 300_000);
    // At most this much is in hand of a partition when it is held; Bounds leaves room for it.
    p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, Bounds.IN_HAND / 2);
    p.put(consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), Bounds.IN_HAND / 2);
    // A cold start folds the whole timeline between two polls.
    p.put(consumer(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 1_800_000);
    // A killed instance's partitions go to another after this, the least that brokers allow.
    p.put(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    p.put(consumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
    p.put(StreamsConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
    p.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topics.MAX_RECORD_BYTES);
    p.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(Topics.MAX_RECORD_BYTES));
    // A send gives up before its transaction is aborted under it.
    p.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), 9_000);
    p.put(StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), 8_000);
    p.putAll(settings.streams());
    return p;
  }

  private static String consumer(String name) {
    return StreamsConfig.mainConsumerPrefix(name);
  }
}
