package io.parley.journal.reading;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of every Kafka Streams application here, as they were measured (ADR 1). */
public final class StreamsSettings {
  private StreamsSettings() {}

  /**
   * The settings of one application.
   *
   * @param applicationId consumer group, and prefix of its changelogs
   * @param stateDirectory where it keeps its stores
   */
  public static Properties of(
      String applicationId, Brokers brokers, short replicationFactor, Path stateDirectory) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    settings.putAll(brokers.settings());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) replicationFactor);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // The streams protocol does not allow a topology to change yet.
    settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    // What nobody waits for, other services' events above all; the rest is up to CommitPace. A
    // thread that polls for 100 ms, as is usual, would not commit meanwhile.
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
    settings.put(StreamsConfig.POLL_MS_CONFIG, 5);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
    settings.put(producer(ProducerConfig.LINGER_MS_CONFIG), 0);
    settings.put(producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_RECORD_BYTES);
    settings.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(Topics.MAX_RECORD_BYTES));
    settings.put(producer(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG), 5);
    settings.put(consumer(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG), 5);
    // A send gives up before its transaction is aborted under it.
    settings.put(producer(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    settings.put(producer(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), 9_000);
    settings.put(producer(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), 8_000);
    settings.put(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // A killed instance's partitions go to another after this, the least that brokers allow.
    settings.put(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    settings.put(consumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
    // A store that is filled anew reads all there is between two polls.
    settings.put(consumer(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 1_800_000);
    return settings;
  }

  /** The same, with so many copies of each store kept warm by other instances. */
  public static Properties withStandbys(Properties settings, int standbys) {
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
    return settings;
  }

  private static String producer(String name) {
    return StreamsConfig.producerPrefix(name);
  }

  private static String consumer(String name) {
    return StreamsConfig.mainConsumerPrefix(name);
  }
}
