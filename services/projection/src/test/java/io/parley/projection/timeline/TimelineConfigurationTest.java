package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Brokers;
import java.nio.file.Path;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TimelineConfigurationTest {
  private final ApplicationContextRunner application =
      new ApplicationContextRunner().withUserConfiguration(TimelineConfiguration.class);

  /** It asks for the settings of a broker that are not here: so there is a stage to be made. */
  @Test
  void settlesUnlessToldOtherwise() {
    application.run(context -> assertThat(context).hasFailed());
  }

  @Test
  void whoOnlyReadsHasNoStage() {
    application
        .withPropertyValues("parley.projection.settle=false")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TimelineStage.class));
  }

  @Test
  void keepsAsManyStoresWarmAsItIsTold() {
    TimelineSettings settings =
        TimelineSettings.of(Brokers.at("127.0.0.1:9092"), (short) 1, Path.of("state")).standbys(2);
    assertThat(settings.streams()).containsEntry(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, "2");
  }
}
