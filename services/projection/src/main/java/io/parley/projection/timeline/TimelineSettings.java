package io.parley.projection.timeline;

import io.parley.journal.reading.Brokers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of the timeline stage.
 *
 * @param brokers where the topics are
 * @param replicationFactor copies of the stores' changelogs, 1 to the number of brokers
 * @param stateDirectory where Kafka Streams keeps the stores
 * @param parked events of one partition that may wait for their causes, 1 to 100,000, a few
 *     kilobytes each in memory; from there on, topics that nobody waits for are held
 * @param parkedPerNegotiation the same of one negotiation, 1 to {@code parked}
 * @param streams settings of Kafka Streams that replace the stage's own
 */
public record TimelineSettings(
    Brokers brokers,
    short replicationFactor,
    Path stateDirectory,
    int parked,
    int parkedPerNegotiation,
    Map<String, String> streams) {
  /** Events of one partition that may be parked, unless set otherwise. */
  public static final int DEFAULT_PARKED = 10_000;

  /** Events of one negotiation that may be parked, unless set otherwise. */
  public static final int DEFAULT_PARKED_PER_NEGOTIATION = 2_000;

  /** Checks the ranges. */
  public TimelineSettings {
    if (parked < 1 || parked > 100_000 || parkedPerNegotiation < 1) {
      throw new IllegalArgumentException(
          "parked is 1 to 100,000 and parkedPerNegotiation at least 1, not "
              + parked
              + " and "
              + parkedPerNegotiation);
    }
    streams = Map.copyOf(streams);
  }

  /** The defaults, at this broker and in this directory. */
  public static TimelineSettings of(Brokers brokers, short replicationFactor, Path stateDirectory) {
    return new TimelineSettings(
        brokers,
        replicationFactor,
        stateDirectory,
        DEFAULT_PARKED,
        DEFAULT_PARKED_PER_NEGOTIATION,
        Map.of());
  }

  /** The same, with so many copies of each store kept warm by other instances. */
  TimelineSettings standbys(int standbys) {
    Map<String, String> more = new HashMap<>(streams);
    more.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, Integer.toString(standbys));
    return new TimelineSettings(
        brokers, replicationFactor, stateDirectory, parked, parkedPerNegotiation, more);
  }
}
