package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.SteadyTime;
import io.parley.journal.reading.Topics;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.Tick;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is restricted becomes public once, when it is due by the broker's clock, and not before. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReleasedOnce {
  private static final Duration SOON = Duration.ofSeconds(2);

  @Test
  void rule23_onceAndNotBeforeItIsDue() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(Vault.service(1));
      Instant due = Instant.now().plus(SOON);
      CommandOutcome sealed = world.send(Commands.sealed("n", "secret", due));
      assertThat(sealed.kind()).isEqualTo(OutcomeKind.ACCEPTED);
      assertThat(sealed.aggregate()).isEqualTo("restricted-round:secret");
      assertThat(world.events()).isEmpty();
      checkReleased(world, due);
      // What comes after it finds the open record.
      CommandOutcome after = world.send(Commands.round("n", "secret"));
      assertThat(after.aggregate()).isEqualTo("round:secret");
      assertThat(after.version()).isEqualTo(2);
    }
  }

  @Test
  void rule23_afterDowntimeItIsLateAndItsDueTimeIsKept() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(Vault.service(1));
      // Once it decides it does so at once: what is to be due is then not due before it stops.
      world.send(Commands.round("n", "first"));
      Instant due = Instant.now().plus(SOON);
      world.send(Commands.sealed("n", "secret", due));
      world.stop();
      awaitTime(due.plusSeconds(1));
      Instant started = Instant.now();
      world.start(Vault.service(1));
      assertThat(checkReleased(world, due).header().decidedAt())
          .isAfterOrEqualTo(started.minusMillis(50));
    }
  }

  @Test
  void rule23_alsoWhereAllButTheEventsIsLost() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(Vault.service(1));
      Instant due = Instant.now().plus(SOON);
      world.send(Commands.sealed("n", "secret", due));
      world.stop();
      world.forgetStateDirectory();
      world.forgetChangelogs();
      world.start(Vault.service(1));
      checkReleased(world, due);
    }
  }

  @Test
  void rule23_alsoWhereTheTaskMovedToAnotherInstance() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(Vault.service(1));
      Instant due = Instant.now().plus(SOON.multipliedBy(4));
      world.send(Commands.sealed("n", "secret", due));
      ParleyProperties other =
          World.properties(World.bootstrapServers(), World.newDirectory(), World.Settings.USUAL);
      Topology topology = JournalTopology.of(Vault.service(1), world.topologySettings());
      try (JournalStreams second = JournalStreams.start(world.name(), topology, other)) {
        while (!second.isRunning()) {
          Thread.sleep(10);
        }
        world.stop();
        assertThat(world.send(Commands.round("n", "open")).kind()).isEqualTo(OutcomeKind.ACCEPTED);
        checkReleased(world, due);
      } finally {
        World.delete(other.stateDirectory());
      }
    }
  }

  @Test
  void rule23_aClockThatJumpsAheadReleasesNothing() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      AtomicLong ahead = new AtomicLong();
      var usual = world.topologySettings();
      var jumping =
          new JournalTopology.Settings(
              usual.brokers(), usual.commands(), () -> System.nanoTime() + ahead.get());
      world.start(JournalTopology.of(Vault.service(1), jumping));
      checkNotEarly(world, () -> ahead.set(TimeUnit.HOURS.toNanos(3)));
    }
  }

  /** Nor do commands stand still, nor what waits for a token expire at once. */
  @Test
  void rule23_aClockThatIsSetBackDelaysNothing() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      AtomicLong back = new AtomicLong();
      world.start(
          JournalTopology.of(Vault.service(1), world.topologySettings()),
          new SteadyTime(() -> System.currentTimeMillis() - back.get(), System::nanoTime));
      Instant due = Instant.now().plus(SOON);
      world.send(Commands.sealed("n", "secret", due));
      back.set(TimeUnit.HOURS.toMillis(3));
      checkReleased(world, due);
    }
  }

  /**
   * Something is due in 20 minutes, then a clock goes wrong: a tick comes, and releases nothing.
   */
  static void checkNotEarly(World world, Runnable wrong) throws Exception {
    Instant due = Instant.now().plus(Duration.ofMinutes(20));
    world.send(Commands.sealed("n", "secret", due));
    long before = ticks(world);
    wrong.run();
    while (ticks(world) <= before) {
      Thread.sleep(20);
    }
    // Whoever can write to the topic can say what he likes: the broker puts its own time on it.
    try (var liar = world.producer(java.util.Map.of())) {
      long afterDue = due.plusSeconds(60).toEpochMilli();
      byte[] tick = Wire.encode(new Tick().sentAt(Instant.ofEpochMilli(afterDue)));
      liar.send(
              new ProducerRecord<>(
                  Topics.commands("schedule"), 0, afterDue, new byte[] {0, 0, 0, 0}, tick))
          .get(30, TimeUnit.SECONDS);
    }
    // Decided after all those ticks.
    assertThat(world.send(Commands.round("n", "open")).kind()).isEqualTo(OutcomeKind.ACCEPTED);
    assertThat(world.events().stream().map(event -> event.header().aggregate()))
        .as("released by a clock that is wrong")
        .containsExactly("round:open");
  }

  private static long ticks(World world) throws Exception {
    return world.committed(Topics.commands("schedule")).stream()
        .filter(record -> Wire.decode(record.value()) instanceof Tick)
        .count();
  }

  /** Waits for the release, and for more that must not come; the open record's first event. */
  private static Event checkReleased(World world, Instant due) throws Exception {
    List<Event> found = released(world);
    while (found.isEmpty()) {
      Thread.sleep(20);
      found = released(world);
    }
    long seen = ticks(world);
    assertThat(seen).isPositive();
    // A second release would come with the next tick; something later is due, so that there is one.
    Instant next = Instant.now().plusSeconds(1);
    world.send(Commands.sealed("n", "later", next));
    while (ticks(world) <= seen) {
      Thread.sleep(20);
    }
    assertThat(world.send(Commands.round("n", "last")).kind()).isEqualTo(OutcomeKind.ACCEPTED);
    found = released(world);
    assertThat(found).as("released once").hasSize(1);
    Event event = found.getFirst();
    assertThat(event.header().decidedAt()).as("not before it is due").isAfterOrEqualTo(due);
    assertThat(event.header().version()).isEqualTo(1);
    assertThat(event.header().author()).isEqualTo("tester");
    assertThat(event.header().seen()).noneMatch(token -> token.contains("restricted"));
    for (var record : world.committed(Topics.events("schedule"))) {
      assertThat(new String(record.value(), java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("restricted-")
          .doesNotContain(due.toString());
    }
    assertThat(
            world.committed(Topics.restricted("schedule")).stream()
                .map(record -> ((Event) Wire.decode(record.value())).header().id()))
        .startsWith("schedule/n/restricted-round:secret@1", "schedule/n/restricted-round:secret@2");
    return event;
  }

  private static List<Event> released(World world) throws Exception {
    return world.events().stream()
        .filter(event -> event.header().aggregate().equals("round:secret"))
        .toList();
  }

  private static void awaitTime(Instant instant) throws InterruptedException {
    while (Instant.now().isBefore(instant)) {
      Thread.sleep(20);
    }
  }
}
