package io.parley.projection.timeline;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The stage as a part of the projection service, where it settles; stopped after what reads from
 * it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "parley.projection.settle", matchIfMissing = true)
public class TimelineConfiguration {

  /** Makes the topics, so that whoever reads the timeline finds it. */
  @Bean(initMethod = "start", destroyMethod = "close")
  TimelineStage timelineStage(ParleyProperties properties, Traces traces) {
    List<String> topics =
        Stream.concat(Topics.SERVICES.stream().map(Topics::events), Stream.of(Topics.TIMELINE))
            .toList();
    Topics.create(properties.kafka(), topics);
    return new TimelineStage(
        TimelineSettings.of(
                properties.kafka().brokers(),
                properties.kafka().replicationFactor(),
                properties.stateDirectory())
            .standbys(properties.standbys()),
        traces);
  }

  @Bean
  TimelineMetrics timelineMetrics(TimelineStage stage) {
    return new TimelineMetrics(stage::status, stage::lagRecords);
  }

  @Bean
  TimelineHealth timeline(TimelineStage stage) {
    return new TimelineHealth(stage);
  }
}
