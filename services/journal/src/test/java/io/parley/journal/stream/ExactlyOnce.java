package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A command is decided once, however often it is sent and whoever dies meanwhile. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ExactlyOnce {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @Test
  void aCommandSentAgainWithItsKeyIsDecidedOnce() throws Exception {
    try (World world = World.written()) {
      checkSentAgain(world);
    }
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefusedAndTheFirstAnswerStands() throws Exception {
    try (World world = World.written()) {
      CommandOutcome first = world.send(Commands.keyed("keys", "ua", "one"));
      CommandOutcome other = world.send(Commands.keyed("keys", "ru", "one"));
      assertThat(first.kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(other.kind()).isEqualTo(OutcomeKind.KEY_REUSED);
      assertThat(world.send(Commands.keyed("keys", "ua", "one"))).isEqualTo(first);
      assertThat(world.events("keys")).hasSize(1);
    }
  }

  @Test
  void aRefusalIsRememberedAnUnknownReferenceIsNot() throws Exception {
    try (World world = World.written()) {
      var refused = Commands.keyed("memory", Tally.ASK, "refusal");
      CommandOutcome first = world.send(refused);
      assertThat(first.kind()).isEqualTo(OutcomeKind.REFUSED);
      assertThat(first.detail()).isEqualTo("None[]");

      var early = Commands.keyed("memory", Tally.NEEDS + "ru", "early");
      assertThat(world.send(early).kind()).isEqualTo(OutcomeKind.UNKNOWN_REFERENCE);
      var fact = world.delegation("memory", "ru");
      var meanwhile = Commands.after("memory", "tr", fact.header().id());
      assertThat(world.send(meanwhile).kind()).isEqualTo(OutcomeKind.ACCEPTED);

      assertThat(world.send(early).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(world.send(refused)).as("decided now it would say another state").isEqualTo(first);
      var expecting = Commands.keyed("memory", "uk", "expecting");
      expecting.header().expectedVersion(9L);
      CommandOutcome mismatch = world.send(expecting);
      assertThat(mismatch.kind()).isEqualTo(OutcomeKind.VERSION_MISMATCH);
      assertThat(mismatch.version()).isEqualTo(2);
      assertThat(world.send(expecting)).isEqualTo(mismatch);
    }
  }

  @Test
  void aFaultOfTheDeciderHarmsNoOtherCommandAndIsNotRemembered() throws Exception {
    try (World world = World.written()) {
      var fault = Commands.keyed("fault", Tally.FAULT, "fault");
      assertThat(world.send(fault).kind()).isEqualTo(OutcomeKind.FAILED);
      assertThat(world.send(Commands.add("fault", "ua")).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(world.send(fault).kind()).isEqualTo(OutcomeKind.FAILED);
      assertThat(world.events("fault")).hasSize(1);
    }
  }

  @Test
  void killedAgainAndAgainUnderLoadItLosesNothingAndRepeatsNothing() throws Exception {
    try (World world = World.empty(World.Settings.USUAL.partitions(2).timeout(SHORT))) {
      checkKilled(world, WriterMain.SOUND, 4, false);
    }
  }

  @Test
  void killedWithItsStateLostItRestoresAllFromTheChangelog() throws Exception {
    try (World world = World.empty(World.Settings.USUAL.partitions(2).timeout(SHORT))) {
      checkKilled(world, WriterMain.SOUND, 2, true);
    }
  }

  /** Sends the same commands at once, later, and after a restart. */
  static void checkSentAgain(World world) throws Exception {
    List<CommandOutcome> firsts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      var command = Commands.keyed("again", "p-" + i, "key-" + i);
      List<CompletableFuture<CommandOutcome>> atOnce = new ArrayList<>();
      for (int copy = 0; copy < 4; copy++) {
        atOnce.add(world.gateway().send(command));
      }
      CommandOutcome first = atOnce.getFirst().get(30, TimeUnit.SECONDS);
      for (var answer : atOnce) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(first);
      }
      firsts.add(first);
    }
    assertThat(sendAll(world)).as("sent later").isEqualTo(firsts);
    world.stop();
    world.start();
    assertThat(sendAll(world)).as("sent after a restart").isEqualTo(firsts);
    Claims.versionsHaveNoGap(world.events());
    assertThat(world.events("again")).hasSize(30);
  }

  private static List<CommandOutcome> sendAll(World world) throws Exception {
    List<CommandOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      outcomes.add(world.send(Commands.keyed("again", "p-" + i, "key-" + i)));
    }
    return outcomes;
  }

  /** Kills the writer under load, so many times, and compares the log with what was answered. */
  static void checkKilled(World world, String kind, int kills, boolean stateLost) throws Exception {
    RandomGenerator random = RandomGenerator.getDefault();
    try (KilledWriter writer = KilledWriter.start(world, kind);
        Load load = Load.on(world)) {
      for (int i = 0; i < kills; i++) {
        load.awaitMore(random.nextInt(50, 400));
        writer.kill();
        if (stateLost) {
          world.forgetStateDirectory();
        }
        writer.startAgain();
      }
      load.awaitMore(100);
      load.end();
      var events = world.events();
      Claims.logSaysWhatWasAnswered(events, load.answers(), load.sent());
      Claims.versionsHaveNoGap(events);
      assertThat(load.answers().values().stream().map(CommandOutcome::kind))
          .contains(OutcomeKind.ACCEPTED, OutcomeKind.REFUSED, OutcomeKind.VERSION_MISMATCH);
    }
  }
}
