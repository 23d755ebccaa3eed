package io.parley.projection.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.journal.reading.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LimitsTest {
  private long nanos;

  @Test
  void aBudgetIsSpentFromWhereItWasAskedAndPaidWithTime() {
    Limits limits =
        limits(Map.of("parley.stream.replay-budget", 1000, "parley.stream.replay-window", "10s"));
    limits.charge("anna", 999);
    // Something is left: any number may be asked for, and is owed.
    limits.charge("anna", 2001);
    assertThatThrownBy(() -> limits.charge("anna", 1))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.code()).isEqualTo("REPLAY_BUDGET_SPENT");
              assertThat(problem.retryAfter())
                  .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
            });
    // Another client's is its own, and what costs nothing is free.
    limits.charge("boris", 1);
    limits.charge("anna", 0);
    nanos += TimeUnit.SECONDS.toNanos(20);
    assertThatThrownBy(() -> limits.charge("anna", 1)).isInstanceOf(Problem.class);
    nanos += TimeUnit.MILLISECONDS.toNanos(100);
    limits.charge("anna", 1);
  }

  @Test
  void aPlaceIsGivenBackOnce() {
    Limits limits =
        limits(Map.of("parley.stream.connections", 3, "parley.stream.connections-per-address", 2));
    Limits.Ticket first = limits.admit("a");
    limits.admit("a");
    assertThatThrownBy(() -> limits.admit("a")).hasMessageContaining("address");
    limits.admit("b");
    assertThatThrownBy(() -> limits.admit("c")).isInstanceOf(Problem.class);
    first.giveBack();
    first.giveBack();
    limits.admit("a");
    assertThatThrownBy(() -> limits.admit("c")).isInstanceOf(Problem.class);
  }

  private Limits limits(Map<String, Object> settings) {
    StreamProperties properties =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("parley.stream", StreamProperties.class);
    return new Limits(properties, new StreamMetrics(), () -> nanos);
  }
}
