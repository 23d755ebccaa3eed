package io.parley.projection.stream;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether streams are granted: the hub knows its place in the timeline. */
@Component("stream")
final class StreamHealth implements HealthIndicator {
  private final Hub hub;

  StreamHealth(Hub hub) {
    this.hub = hub;
  }

  @Override
  public Health health() {
    return hub.isReady() ? Health.up().build() : Health.outOfService().build();
  }
}
