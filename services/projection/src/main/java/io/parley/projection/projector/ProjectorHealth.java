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

  ProjectorHealth(Progress progress) {
    this.progress = progress;
  }

  @Override
  public Health health() {
    return progress.runs() ? Health.up().build() : Health.down().build();
  }
}
