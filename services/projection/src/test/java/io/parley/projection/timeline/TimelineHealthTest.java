package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class TimelineHealthTest {
  @Test
  void saysWhyItIsNotWell() {
    Health stopped =
        TimelineHealth.of(
            new TimelineStatus("NOT_RUNNING", false, "a gap at 7", Map.of(), Set.of()));
    assertThat(stopped.getStatus()).isEqualTo(Status.DOWN);
    assertThat(stopped.getDetails()).containsEntry("stoppedBecause", "a gap at 7");
    Set<String> held = Set.of("delegation.events-0");
    Health holding =
        TimelineHealth.of(new TimelineStatus("RUNNING", true, null, Map.of(0, 50), held));
    assertThat(holding.getStatus()).isEqualTo(Status.UP);
    assertThat(holding.getDetails()).containsEntry("held", held);
    Health well = TimelineHealth.of(new TimelineStatus("RUNNING", true, null, Map.of(), Set.of()));
    assertThat(well.getStatus()).isEqualTo(Status.UP);
  }
}
