package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OverdueTest {
  private static final OptionalLong DUE = OptionalLong.of(1_000);

  private final AtomicLong nanos = new AtomicLong();
  private final Overdue overdue = new Overdue(nanos::get);

  @Test
  void isSoOnlyOnceATaskHasSeenItForAMinute() {
    overdue.look(3, DUE, 1_001);
    pass(Duration.ofSeconds(60));
    overdue.look(3, DUE, 61_001);
    assertThat(overdue.isAny()).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(overdue.isAny()).isTrue();
  }

  /** Released within seconds of the start: nothing may show that anything was released. */
  @Test
  void rule32_aReleaseAfterDowntimeLeavesNoTrace() {
    overdue.look(3, DUE, Duration.ofDays(2).toMillis());
    assertThat(overdue.isAny()).isFalse();
    pass(Duration.ofSeconds(2));
    overdue.look(3, OptionalLong.empty(), Duration.ofDays(2).toMillis() + 2_000);
    pass(Duration.ofDays(1));
    assertThat(overdue.isAny()).isFalse();
  }

  @Test
  void whatIsNotDueIsNotOverdue() {
    overdue.look(3, DUE, 1_000);
    pass(Duration.ofDays(1));
    assertThat(overdue.isAny()).isFalse();
  }

  @Test
  void endsWithTheReleaseAndWithThePartition() {
    overdue.look(3, DUE, 1_001);
    overdue.look(4, DUE, 1_001);
    pass(Duration.ofMinutes(2));
    overdue.look(3, OptionalLong.of(500_000), 121_001);
    assertThat(overdue.isAny()).isTrue();
    overdue.forget(4);
    assertThat(overdue.isAny()).isFalse();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
