package io.parley.projection.timeline;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down where the stage has stopped, with the reason. Up where it holds topics since too many events
 * wait for their causes, and says which: what was settled is served, and no other instance has
 * more.
 */
public final class TimelineHealth implements HealthIndicator {
  private final TimelineStage stage;

  /** The health of this stage. */
  public TimelineHealth(TimelineStage stage) {
    this.stage = stage;
  }

  @Override
  public Health health() {
    return of(stage.status());
  }

  static Health of(TimelineStatus status) {
    Health.Builder health = status.running() ? Health.up() : Health.down();
    health
        .withDetail("state", status.state())
        .withDetail("parked", status.parked())
        .withDetail("held", status.held());
    String stoppedBecause = status.stoppedBecause();
    return stoppedBecause == null
        ? health.build()
        : health.withDetail("stoppedBecause", stoppedBecause).build();
  }
}
