package io.parley.journal.stream;

import io.parley.journal.Service;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.StoreMemory;
import io.parley.journal.reading.Topics;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service's Kafka Streams client, with the settings that were measured (architecture 2). */
public final class JournalStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalStreams.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final KafkaStreams streams;

  private JournalStreams(KafkaStreams streams) {
    this.streams = streams;
  }

  /** Starts a service; its topics must exist. */
  public static JournalStreams start(Service service, ParleyProperties properties) {
    var settings =
        new JournalTopology.Settings(properties.kafka().bootstrapServers(), properties.commands());
    return start(service.name(), JournalTopology.of(service, settings), properties);
  }

  static JournalStreams start(String name, Topology topology, ParleyProperties properties) {
    KafkaStreams streams = new KafkaStreams(topology, settings("parley-" + name, properties));
    streams.setUncaughtExceptionHandler(
        error -> {
          LOG.error("{}: the stream thread failed", name, error);
          return isCorrupt(error)
              ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
              : StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
    return new JournalStreams(streams);
  }

  /** Settings of every Streams application here. */
  public static Properties settings(String applicationId, ParleyProperties properties) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, properties.kafka().bootstrapServers());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, properties.stateDirectory().toString());
    settings.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) properties.kafka().replicationFactor());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // The commit interval alone does nothing: a thread that polls for 100 ms does not commit
    // meanwhile.
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 10);
    settings.put(StreamsConfig.POLL_MS_CONFIG, 5);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
    settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, false);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topics.MAX_RECORD_BYTES);
    settings.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(Topics.MAX_RECORD_BYTES));
    settings.put(StreamsConfig.producerPrefix(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG), 5);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), 9_000);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), 8_000);
    settings.put(StreamsConfig.consumerPrefix(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG), 5);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // A killed instance's partitions go to another after this, the least that brokers allow.
    settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
    // A new version of the fold reads all events before it takes over.
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 900_000);
    return settings;
  }

  /** True while commands are decided here. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** The state, as Kafka Streams names it. */
  public String state() {
    return streams.state().name();
  }

  /** Kafka Streams' own metrics. */
  public KafkaStreams metrics() {
    return streams;
  }

  @Override
  public void close() {
    // Leaving the group spares the next start the wait for this session's end.
    CloseOptions leaving =
        CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(leaving)) {
      LOG.warn("a stream client did not stop within {}", CLOSE_TIMEOUT);
    }
  }

  private static boolean isCorrupt(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptLogException) {
        return true;
      }
    }
    return false;
  }
}
