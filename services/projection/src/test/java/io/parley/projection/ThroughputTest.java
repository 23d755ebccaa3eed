package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.context.ConfigurableApplicationContext;

/** How many entries a second reach PostgreSQL; run with {@code -Dparley.events=200000}. */
@EnabledIfSystemProperty(named = "parley.events", matches = "[0-9]+")
class ThroughputTest {
  @Test
  void entriesASecond() {
    int events = Integer.getInteger("parley.events", 0);
    try (Recorder warm = new Recorder("warm");
        Recorder recorder = new Recorder("busy")) {
      Token warmed = ProjectorTest.history(warm, 20_000);
      Token last = ProjectorTest.history(recorder, events);
      try (ConfigurableApplicationContext service =
          Ground.service(
              "speed",
              Map.of(
                  "parley.projection.project", "false", "parley.projection.wait-at-most", "30s"))) {
        var projector = service.getBean(io.parley.projection.projector.Projector.class);
        long begun = System.nanoTime();
        projector.start();
        ProjectorTest.await(service, warmed);
        ProjectorTest.await(service, last);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
            "%d entries in %.1f s: %.0f/s%n",
            events + 20_000, seconds, (events + 20_000) / seconds);
        projector.stop();
        assertThat(seconds).isPositive();
      }
    }
  }
}
