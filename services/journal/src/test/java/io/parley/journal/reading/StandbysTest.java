package io.parley.journal.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StandbysTest {
  @Test
  void aStoreIsKeptWarmElsewhereAsOftenAsIsSaid() {
    Properties settings =
        StreamsSettings.withStandbys(
            StreamsSettings.of(
                "parley-test", Brokers.at("127.0.0.1:9092"), (short) 1, Path.of("state")),
            2);
    assertThat(new StreamsConfig(settings).getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG))
        .isEqualTo(2);
  }
}
