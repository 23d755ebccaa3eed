package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of many that expect the same version, one is accepted. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SingleWriter {
  private static final int RIVALS = 8;

  @Test
  void ofManyCommandsThatExpectOneVersionExactlyOneIsAccepted() throws Exception {
    try (World world = World.written()) {
      check(world, 150);
    }
  }

  /** Lets rivals loose on one version after another. */
  static void check(World world, int rounds) throws Exception {
    String negotiation = "rivalry";
    CyclicBarrier together = new CyclicBarrier(RIVALS);
    try (var threads = Executors.newFixedThreadPool(RIVALS)) {
      for (long version = 0; version < rounds; version++) {
        long expected = version;
        List<Callable<CommandOutcome>> rivals = new ArrayList<>();
        for (int i = 0; i < RIVALS; i++) {
          String party = "rival-" + i;
          rivals.add(
              () -> {
                var command = Commands.expecting(negotiation, party, expected);
                together.await(30, TimeUnit.SECONDS);
                return world.send(command);
              });
        }
        List<CommandOutcome> outcomes = new ArrayList<>();
        for (var outcome : threads.invokeAll(rivals)) {
          outcomes.add(outcome.get());
        }
        assertThat(outcomes.stream().filter(o -> o.kind() == OutcomeKind.ACCEPTED))
            .as("accepted at version %s", version)
            .hasSize(1);
        assertThat(outcomes.stream().filter(o -> o.kind() == OutcomeKind.VERSION_MISMATCH))
            .as("mismatches at version %s", version)
            .hasSize(RIVALS - 1);
        assertThat(outcomes).allSatisfy(o -> assertThat(o.version()).isEqualTo(expected + 1));
      }
    }
    Claims.versionsHaveNoGap(world.events());
    assertThat(world.events(negotiation)).hasSize(rounds);
  }
}
