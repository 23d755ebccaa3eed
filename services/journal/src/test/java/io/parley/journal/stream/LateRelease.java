package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.Service;
import io.parley.journal.reading.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What should be public and is not is told of; what was released in time is not. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LateRelease {
  private static final Duration SOON = Duration.ofSeconds(2);

  private final AtomicLong ahead = new AtomicLong();
  private final Overdue overdue = new Overdue(() -> System.nanoTime() + ahead.get());

  @Test
  void rule23_whatIsNotReleasedIsLateAfterAMinute() throws Exception {
    try (World world = sealed(Vault.stubborn(1))) {
      await(() -> overdue.isSeen(0) && !overdue.isAny());
      ahead.set(TimeUnit.MINUTES.toNanos(2));
      assertThat(overdue.isAny()).isTrue();
      assertThat(world.events()).isEmpty();
      world.stop();
      assertThat(overdue.isAny()).as("late where it is no task of").isFalse();
    }
  }

  @Test
  void rule32_whatWasReleasedLeavesNoTrace() throws Exception {
    try (World world = sealed(Vault.service(1))) {
      while (world.events().isEmpty()) {
        Thread.sleep(20);
      }
      await(() -> !overdue.isSeen(0));
      ahead.set(TimeUnit.MINUTES.toNanos(2));
      assertThat(overdue.isAny()).isFalse();
    }
  }

  private World sealed(Service service) throws Exception {
    World world = World.empty(World.Settings.USUAL.partitions(1));
    world.start(JournalTopology.of(service, world.topologySettings(), overdue, Traces.OFF));
    world.send(Commands.sealed("n", "secret", Instant.now().plus(SOON)));
    return world;
  }

  private static void await(java.util.function.BooleanSupplier so) throws InterruptedException {
    while (!so.getAsBoolean()) {
      Thread.sleep(20);
    }
  }
}
