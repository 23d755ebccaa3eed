package io.parley.projection.projector;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether this instance applies its partitions: what readiness asks in place of {@link
 * ProjectionHealth}. A view that stands still in a negotiation takes nothing away from the others
 * (ADR 8), and would stand still on any other instance too.
 */
@Component("projecting")
final class ProjectorHealth implements HealthIndicator {
  private final Progress progress;
  private final Standings standings;

  ProjectorHealth(Progress progress, Standings standings) {
    this.progress = progress;
    this.standings = standings;
  }

  @Override
  public Health health() {
    var stalled = standings.stalls();
    stalled.keySet().retainAll(progress.partitions().keySet());
    return progress.runs() && stalled.isEmpty() ? Health.up().build() : Health.down().build();
  }
}
