package io.parley.projection.projector;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Position, lag, state and reason of the projection, and which views stand still where; down while
 * a partition does not run or a view stands still (ADR 8).
 */
@Component("projection")
public final class ProjectionHealth implements HealthIndicator {
  private final Progress progress;

  ProjectionHealth(Progress progress) {
    this.progress = progress;
  }

  @Override
  public Health health() {
    var halted = progress.haltedViews();
    Health.Builder health = progress.runs() && halted.isEmpty() ? Health.up() : Health.down();
    String failure = progress.failure();
    if (failure != null) {
      health.withDetail("reason", failure);
    }
    if (!halted.isEmpty()) {
      health.withDetail("haltedViews", halted).withDetail("halted", progress.halts());
    }
    return health.withDetail("partitions", progress.partitions()).build();
  }
}
