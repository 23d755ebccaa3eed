package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimelineMetricsTest {
  @Test
  void showsTheStageAsItIsNow() {
    AtomicReference<TimelineStatus> status =
        new AtomicReference<>(new TimelineStatus("RUNNING", true, null, Map.of(), Set.of()));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new TimelineMetrics(status::get, () -> 9).bindTo(registry);
    assertThat(registry.get("parley.streams.up").tag("service", "timeline").gauge().value())
        .isEqualTo(1);
    assertThat(registry.get("parley.timeline.lag").gauge().value()).isEqualTo(9);
    assertThat(registry.get("parley.timeline.parked").gauge().value()).isZero();
    status.set(
        new TimelineStatus(
            "NOT_RUNNING", false, "a gap", Map.of(0, 50, 3, 5), Set.of("schedule.events-0")));
    assertThat(registry.get("parley.streams.up").tag("service", "timeline").gauge().value())
        .isZero();
    assertThat(registry.get("parley.timeline.parked").gauge().value()).isEqualTo(55);
    assertThat(registry.get("parley.timeline.held").gauge().value()).isEqualTo(1);
  }
}
