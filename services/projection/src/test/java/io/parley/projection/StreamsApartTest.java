package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.timeline.TimelineStage;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An instance that only streams: it settles and projects nothing, and knows no database. */
class StreamsApartTest {
  private static final Map<String, String> ONLY_STREAMS =
      Map.of(
          "parley.projection.project", "false",
          "parley.projection.settle", "false",
          "spring.r2dbc.url", "r2dbc:postgresql://nobody@127.0.0.1:1/none",
          "management.endpoint.health.probes.enabled", "true",
          "management.endpoint.health.group.readiness.include", "readinessState,stream");

  @Test
  void streamsAndIsReadyWithoutADatabase() throws Exception {
    try (Settled settled = new Settled("apart", Map.of())) {
      settled.history("streamed", 20);
      try (var replica = settled.another("apart", ONLY_STREAMS);
          var stream =
              StreamClient.open(
                  Ground.origin(replica), "/api/negotiations/streamed/events?since=beginning")) {
        assertThat(replica.getBeansOfType(TimelineStage.class)).isEmpty();
        assertThat(stream.status()).isEqualTo(200);
        for (int sequence = 1; sequence <= 20; sequence++) {
          assertThat(stream.nextEvent().json().get("sequence").asInt()).isEqualTo(sequence);
        }
        Ground.client(replica)
            .get()
            .uri("/actuator/health/readiness")
            .exchange()
            .expectStatus()
            .isOk();
      }
    }
  }
}
