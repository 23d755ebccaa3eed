package io.parley.journal.stream;

import io.parley.journal.reading.StreamsSettings;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** A write service in a process of its own, to be killed. */
final class WriterMain {
  /** The writer as it is. */
  static final String SOUND = "sound";

  /** One that commits its offsets long after its events, and not with them. */
  static final String AT_LEAST_ONCE = "at-least-once";

  private WriterMain() {}

  /** Runs until it is killed: bootstrap servers, state directory, name, partitions, kind. */
  public static void main(String[] args) throws InterruptedException {
    var settings = World.Settings.USUAL.partitions(Integer.parseInt(args[3]));
    var properties = World.properties(args[0], Path.of(args[1]), settings);
    Topology topology =
        JournalTopology.of(
            Tally.service(1), new JournalTopology.Settings(args[0], properties.commands()));
    if (args[4].equals(SOUND)) {
      var _ = JournalStreams.start(args[2], topology, properties);
    } else {
      Properties broken =
          StreamsSettings.of(
              "parley-" + args[2],
              properties.kafka().bootstrapServers(),
              properties.kafka().replicationFactor(),
              properties.stateDirectory());
      broken.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
      broken.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 3_600_000);
      new KafkaStreams(topology, broken).start();
    }
    new CountDownLatch(1).await();
  }
}
