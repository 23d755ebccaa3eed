package io.parley.projection.projector;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Position, lag, state and reason of the projection, and which views stand still where; down while
 * a partition does not run, a view stands still (ADR 8), or, whatever the projector says of itself,
 * a position does not move though there is something to apply.
 */
@Component("projection")
public final class ProjectionHealth implements HealthIndicator {
  private final Progress progress;

  private final Standings standings;

  ProjectionHealth(Progress progress, Standings standings) {
    this.progress = progress;
    this.standings = standings;
  }

  @Override
  public Health health() {
    var halted = progress.haltedViews();
    var stalled = standings.stalls();
    String blind = standings.blind();
    boolean up = progress.runs() && halted.isEmpty() && stalled.isEmpty() && blind == null;
    Health.Builder health = up ? Health.up() : Health.down();
    String failure = progress.failure();
    if (failure != null) {
      health.withDetail("reason", failure);
    } else if (blind != null) {
      health.withDetail("reason", blind);
    }
    if (!stalled.isEmpty()) {
      health.withDetail("stalled", stalled);
    }
    if (!halted.isEmpty()) {
      health.withDetail("haltedViews", halted).withDetail("halted", progress.halts());
    }
    return health.withDetail("partitions", progress.partitions()).build();
  }
}
