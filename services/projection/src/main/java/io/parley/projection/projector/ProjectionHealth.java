package io.parley.projection.projector;

import io.parley.projection.projector.Progress.State;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Position, lag, state and reason of the projection; down while a partition does not run. */
@Component("projection")
public final class ProjectionHealth implements HealthIndicator {
  private final Progress progress;

  ProjectionHealth(Progress progress) {
    this.progress = progress;
  }

  @Override
  public Health health() {
    var partitions = progress.partitions();
    String failure = progress.failure();
    boolean runs =
        failure == null
            && partitions.values().stream().allMatch(each -> each.state() == State.RUNNING);
    Health.Builder health = runs ? Health.up() : Health.down();
    if (failure != null) {
      health.withDetail("reason", failure);
    }
    return health.withDetail("partitions", partitions).build();
  }
}
