package io.parley.projection.restricted;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether what is restricted is shown to those with the right; no number, which would tell how much
 * there is (rule 32).
 */
@Component("restricted")
final class RestrictedHealth implements HealthIndicator {
  private final RestrictedProjector projector;

  RestrictedHealth(RestrictedProjector projector) {
    this.projector = projector;
  }

  @Override
  public Health health() {
    return projector.isFaulty()
        ? Health.down().withDetail("reason", "an event cannot be applied").build()
        : Health.up().build();
  }
}
