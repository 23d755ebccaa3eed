package io.parley.projection.timeline;

import io.parley.journal.reading.CommitPace;
import io.parley.journal.reading.SteadyTime;
import io.parley.journal.reading.StreamsSettings;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import io.parley.schemas.Event;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
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

  /** A stage that does not run yet, and traces nothing. */
  public TimelineStage(TimelineSettings settings) {
    this(settings, Traces.OFF);
  }

  /** A stage that does not run yet. */
  TimelineStage(TimelineSettings settings, Traces traces) {
    this(settings, event -> event.header().seen(), traces);
  }

  /** With another rule of what an event waits for, to show what the rule is good for. */
  TimelineStage(TimelineSettings settings, Function<Event, List<String>> causes) {
    this(settings, causes, Traces.OFF);
  }

  private TimelineStage(
      TimelineSettings settings, Function<Event, List<String>> causes, Traces traces) {
    streams =
        new KafkaStreams(
            topology(settings, causes, traces),
            properties(settings),
            new HoldingConsumer.Clients(holds),
            new SteadyTime());
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

  private Topology topology(
      TimelineSettings settings, Function<Event, List<String>> causes, Traces traces) {
    ColdStart coldStart = new ColdStart(settings.brokers(), APPLICATION_ID);
    CommitPace pace = new CommitPace();
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            "events",
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            Topics.SERVICES.stream().map(Topics::events).toArray(String[]::new))
        .addProcessor(
            "settle",
            () -> new TimelineProcessor(settings, coldStart, holds, causes, pace, traces),
            "events")
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

  private static Properties properties(TimelineSettings settings) {
    Properties p =
        StreamsSettings.of(
            APPLICATION_ID,
            settings.brokers(),
            settings.replicationFactor(),
            settings.stateDirectory());
    p.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, 300_000);
    // At most this much is in hand of a partition when it is held; Bounds leaves room for it.
    p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, Bounds.IN_HAND / 2);
    p.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        Bounds.IN_HAND / 2);
    p.putAll(settings.streams());
    return p;
  }
}
