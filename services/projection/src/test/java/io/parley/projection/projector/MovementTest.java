package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovementTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Movement movement = new Movement(Duration.ofSeconds(30));

  @Test
  void whatHasNothingToApplyMayStandStill() {
    seen(0, 10, 0);
    seen(100, 10, 0);
    assertThat(movement.stalled(100 * SECOND)).isEmpty();
  }

  @Test
  void whatHasSomethingToApplyMayNot() {
    seen(0, 10, 0);
    seen(60, 10, 1);
    assertThat(movement.stalled(89 * SECOND)).isEmpty();
    assertThat(movement.stalled(90 * SECOND)).containsOnlyKeys(0);
    // Also where the head has stopped meanwhile.
    seen(95, 10, 1);
    assertThat(movement.stalled(95 * SECOND).get(0)).isEqualTo(Duration.ofSeconds(35));
  }

  @Test
  void whatMovesIsNotStalledHoweverFarItIsBehind() {
    for (int second = 0; second < 100; second += 10) {
      seen(second, 10 + second, 1_000);
      assertThat(movement.stalled(second * SECOND)).isEmpty();
    }
    assertThat(movement.stalled(120 * SECOND)).hasSize(1);
    seen(121, 200, 900);
    assertThat(movement.stalled(121 * SECOND)).isEmpty();
  }

  private void seen(long second, long position, long lag) {
    movement.seen(second * SECOND, Map.of(0, new Standing.Place(position, position + lag, lag, 0)));
  }
}
