package io.parley.projection.timeline;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down where the stage has stopped, with the reason. Out of service where it holds topics since too
 * many events wait for their causes: what was settled is served, some of what comes is late.
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
    Health.Builder health;
    if (!status.running()) {
      health = Health.down();
    } else if (status.held().isEmpty()) {
      health = Health.up();
    } else {
      health = Health.outOfService();
    }
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
