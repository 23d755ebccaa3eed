package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Topics;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one sender sends in order is decided in order; what must wait holds up only its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OrderPerNegotiation {
  private static final String RU = "delegation/talks/delegation:ru@1";

  @Test
  void commandsOfOneSenderAreDecidedInTheirOrder() throws Exception {
    try (World world = World.written(World.Settings.USUAL.partitions(3))) {
      List<CompletableFuture<CommandOutcome>> answers = new ArrayList<>();
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        sent.add("p-" + i);
        answers.add(world.gateway().send(Commands.add("order-" + i % 4, "p-" + i)));
      }
      for (var answer : answers) {
        assertThat(get(answer).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      }
      for (int n = 0; n < 4; n++) {
        int negotiation = n;
        List<String> own =
            sent.stream().filter(p -> Integer.parseInt(p.substring(2)) % 4 == negotiation).toList();
        assertThat(parties(world, "order-" + n)).containsExactlyElementsOf(own);
      }
    }
  }

  @Test
  void aCommandWaitsForItsTokensItsAggregateQueuesBehindItAndOthersPass() throws Exception {
    try (World world = World.written()) {
      checkParked(world);
    }
  }

  @Test
  void whatIsNotKnownInTimeIsRefusedAndWritesNothing() throws Exception {
    try (World world = World.written(World.Settings.USUAL.parkedFor(Duration.ofMillis(600)))) {
      var late = Commands.after("talks", "late", RU);
      var waits = world.gateway().send(late);
      var behind = world.gateway().send(Commands.add("talks", "behind"));
      assertThat(get(waits).kind()).isEqualTo(OutcomeKind.NOT_YET_KNOWN);
      assertThat(get(behind).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(get(behind).version()).isEqualTo(1);
      assertThat(parties(world, "talks")).containsExactly("behind");
      assertThat(get(world.gateway().ask("talks", Commands.idOf(late))).kind())
          .as("not remembered: it may be known by the next try")
          .isEqualTo(OutcomeKind.COMMAND_UNKNOWN);
    }
  }

  @Test
  void everyCommandGetsOneAnswerAlsoWhenManyRunOutOfTimeTogether() throws Exception {
    try (World world = World.written(World.Settings.USUAL.parkedFor(Duration.ofMillis(600)))) {
      List<CompletableFuture<CommandOutcome>> answers = new ArrayList<>();
      answers.add(world.gateway().send(Commands.after("talks", "late", RU)));
      for (int i = 0; i < 20; i++) {
        answers.add(world.gateway().send(Commands.add("talks", "behind-" + i)));
      }
      for (var answer : answers) {
        get(answer);
      }
      // What is decided now comes after all second answers that there could be.
      get(world.gateway().send(Commands.add("talks", "last")));
      List<String> answered = new ArrayList<>();
      for (var reply : world.committed(Topics.replies("schedule"))) {
        answered.add(Wire.decode(reply.value(), CommandOutcome.class).commandId());
      }
      assertThat(answered).doesNotHaveDuplicates().hasSize(22);
    }
  }

  @Test
  void whatWaitsSurvivesARestart() throws Exception {
    try (World world = World.written()) {
      var waits = world.gateway().send(Commands.after("talks", "first", RU));
      var behind = world.gateway().send(Commands.add("talks", "second"));
      world.send(Commands.add("other", "passes"));
      world.stop();
      world.start();
      assertThat(world.send(Commands.round("talks", "r1")).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(waits).isNotDone();
      assertThat(behind).isNotDone();
      world.delegation("talks", "ru");
      assertThat(get(waits).version()).isEqualTo(1);
      assertThat(get(behind).version()).isEqualTo(2);
      assertThat(parties(world, "talks")).containsExactly("first", "second");
    }
  }

  @Test
  void moreThanTheBoundMayNotWait() throws Exception {
    try (World world = World.written(World.Settings.USUAL.parked(3))) {
      List<CompletableFuture<CommandOutcome>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(world.gateway().send(Commands.after("talks", "p-" + i, RU)));
      }
      var tooMany = world.send(Commands.after("talks", "p-3", RU));
      assertThat(tooMany.kind()).isEqualTo(OutcomeKind.OVERLOADED);
      assertThat(world.send(Commands.add("other", "passes")).kind())
          .isEqualTo(OutcomeKind.ACCEPTED);
      world.delegation("talks", "ru");
      for (var answer : waiting) {
        assertThat(get(answer).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      }
      assertThat(parties(world, "talks")).containsExactly("p-0", "p-1", "p-2");
    }
  }

  @Test
  void aTokenOfItsOwnServiceIsWaitedForToo() throws Exception {
    try (World world = World.written()) {
      var waits = world.gateway().send(Commands.after("talks", "ua", "schedule/talks/round:r1@1"));
      assertThat(world.send(Commands.round("talks", "r1")).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(get(waits).kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(world.events("talks").getFirst().header().seen())
          .contains("schedule/talks/round:r1@1");
    }
  }

  /** Parks a command, lets others come, and then makes known what it waits for. */
  static void checkParked(World world) throws Exception {
    var waits = world.gateway().send(Commands.after("talks", "first", RU));
    var behind = world.gateway().send(Commands.add("talks", "second"));
    var round = world.gateway().send(Commands.round("talks", "r1"));
    var other = world.gateway().send(Commands.add("other", "passes"));
    assertThat(get(round).kind()).isEqualTo(OutcomeKind.ACCEPTED);
    assertThat(get(other).kind()).isEqualTo(OutcomeKind.ACCEPTED);
    assertThat(waits).as("what waits for its token").isNotDone();
    assertThat(behind).as("what queues behind it").isNotDone();
    world.delegation("talks", "ru");
    assertThat(get(waits).version()).isEqualTo(1);
    assertThat(get(behind).version()).isEqualTo(2);
    assertThat(parties(world, "talks")).containsExactly("first", "second");
    assertThat(world.events("talks").getFirst().header().seen()).contains(RU);
  }

  private static CommandOutcome get(CompletableFuture<CommandOutcome> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  private static List<String> parties(World world, String negotiation) throws Exception {
    List<String> parties = new ArrayList<>();
    for (Event event : world.events(negotiation)) {
      parties.add(((PartyAdded) event).party());
    }
    return parties;
  }
}
