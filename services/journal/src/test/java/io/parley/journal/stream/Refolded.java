package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.parley.journal.Service;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store is a cache of the fold: the events alone give the same one again. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class Refolded {
  @Test
  void aStoreOfANewNameEqualsTheOldOne() throws Exception {
    try (World world = World.written()) {
      checkSameFold(world, Tally.service(2));
    }
  }

  @Test
  void withStateDirectoryAndChangelogsGoneTheEventsGiveAllBack() throws Exception {
    try (World world = World.written()) {
      record(world);
      Map<String, String> before = world.store(Tally.service(1));
      world.stop();
      world.forgetStateDirectory();
      world.forgetChangelogs();
      world.start();
      assertThat(world.store(Tally.service(1))).isEqualTo(before);
      checkGoesOn(world);
    }
  }

  @Test
  void backAtTheFoldBeforeNothingIsMissingThatTheNewerOneRecorded() throws Exception {
    try (World world = World.written()) {
      record(world);
      world.stop();
      world.start(Tally.service(2));
      assertThat(world.send(Commands.expecting("a", "meanwhile", 20)).version()).isEqualTo(21);
      world.stop();
      world.start(Tally.service(1));
      CommandOutcome stale = world.send(Commands.expecting("a", "stale", 20));
      assertThat(stale.kind()).isEqualTo(OutcomeKind.VERSION_MISMATCH);
      assertThat(stale.version()).isEqualTo(21);
      assertThat(world.send(Commands.add("a", "next")).version()).isEqualTo(22);
      Claims.versionsHaveNoGap(world.events());
    }
  }

  @Test
  void aTransactionStillOpenIsWaitedForAndNotMissed() throws Exception {
    try (World world = World.written()) {
      checkOpenTransaction(
          world, JournalTopology.of(Tally.service(2), world.topologySettings()), true);
    }
  }

  @Test
  void aTransactionThatIsAbortedIsNotTakenIn() throws Exception {
    try (World world = World.written()) {
      checkOpenTransaction(
          world, JournalTopology.of(Tally.service(2), world.topologySettings()), false);
    }
  }

  /** Records with the first fold, then folds with another that must give the same. */
  static void checkSameFold(World world, Service refolded) throws Exception {
    record(world);
    Map<String, String> before = world.store(Tally.service(1));
    world.stop();
    world.start(refolded);
    assertThat(world.store(refolded)).isEqualTo(before);
    checkGoesOn(world);
  }

  /**
   * Folds into a new store while the next event of an aggregate is written but not committed, as
   * the writer before may have left it.
   */
  static void checkOpenTransaction(World world, Topology refolding, boolean committed)
      throws Exception {
    record(world);
    world.stop();
    var event = new PartyAdded().party("in-flight").name("in-flight").role(PartyRole.HOST);
    event.header(World.header("schedule", "a", "negotiation:a", 21));
    try (var owner = world.producer(Map.of("transactional.id", "owner-before"))) {
      owner.initTransactions();
      owner.beginTransaction();
      owner.send(World.record(event, "schedule")).get(30, TimeUnit.SECONDS);
      world.start(refolding);
      var answer = world.gateway().send(Commands.expecting("a", "next", committed ? 21 : 20));
      assertThat(catchThrowable(() -> answer.get(4, TimeUnit.SECONDS)))
          .as("nothing can be decided while the end of the log is open")
          .isInstanceOf(TimeoutException.class);
      if (committed) {
        owner.commitTransaction();
      } else {
        owner.abortTransaction();
      }
      assertThat(answer.get(30, TimeUnit.SECONDS).kind()).isEqualTo(OutcomeKind.ACCEPTED);
    }
    Claims.versionsHaveNoGap(world.events());
    assertThat(world.send(Commands.add("a", Tally.ASK)).detail())
        .isEqualTo("Some[count=" + (committed ? 22 : 21) + ", last=next]");
  }

  private static void record(World world) throws Exception {
    var fact = world.delegation("a", "ru");
    world.send(Commands.after("a", "p-0", fact.header().id()));
    for (int i = 1; i < 20; i++) {
      world.send(Commands.add("a", "p-" + i));
      world.send(Commands.add("b", "p-" + i));
      world.send(Commands.round("b", "r-" + i % 3));
    }
  }

  private static void checkGoesOn(World world) throws Exception {
    assertThat(world.send(Commands.add("a", Tally.ASK)).detail())
        .isEqualTo("Some[count=20, last=p-19]");
    assertThat(world.send(Commands.add("b", "next")).version()).isEqualTo(20);
    assertThat(world.send(Commands.round("b", "r-0")).version()).isEqualTo(7);
    assertThat(world.send(Commands.add("a", Tally.NEEDS + "ru")).version()).isEqualTo(21);
    Claims.versionsHaveNoGap(world.events());
  }
}
