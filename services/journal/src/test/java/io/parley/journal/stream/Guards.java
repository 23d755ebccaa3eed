package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.journal.reading.CommitPace;
import io.parley.schemas.Command;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.OutcomeKind;
import io.parley.schemas.Tick;
import io.parley.schemas.schedule.AddParty;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.Schedule.NegotiationEvent;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each guarantee's check fails where the guarantee is broken on purpose. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class Guards {
  @Test
  void singleWriterFailsWhereVersionsAreReadFromATableOfTheTopic() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(tableOfTheTopic());
      assertFails("accepted at version", () -> SingleWriter.check(world, 50));
    }
  }

  @Test
  void exactlyOnceFailsWhereNoAnswerIsRemembered() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(withCommands(world, command -> command.header().keyed(false)));
      assertFails("bodyDigest", () -> ExactlyOnce.checkSentAgain(world));
    }
  }

  @Test
  void exactlyOnceFailsWhereOffsetsAreNotCommittedWithEvents() throws Exception {
    var settings = World.Settings.USUAL.partitions(2).timeout(Duration.ofSeconds(2));
    try (World world = World.empty(settings)) {
      // All commands are read again, so some are decided twice. Whether events are lost too, and
      // versions with them, is chance: the check asks for those last.
      assertFails(
          " command schedule.load",
          () -> ExactlyOnce.checkKilled(world, WriterMain.AT_LEAST_ONCE, 1, false));
    }
  }

  @Test
  void orderPerNegotiationFailsWhereNothingIsParked() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      world.start(withCommands(world, command -> command.header().after(List.of())));
      assertFails("what waits for its token", () -> OrderPerNegotiation.checkParked(world));
    }
  }

  @Test
  void refoldedFailsWhereTheFoldSkips() throws Exception {
    Tally.Parties skipping =
        new Tally.Parties() {
          @Override
          public Tally.State evolve(Tally.State state, NegotiationEvent event) {
            return event.header().version() == 7 ? state : super.evolve(state, event);
          }
        };
    try (World world = World.written()) {
      assertFails("negotiation:", () -> Refolded.checkSameFold(world, Tally.service(2, skipping)));
    }
  }

  @Test
  void refoldedFailsWhereItEndsAtWhatIsCommitted() throws Exception {
    try (World world = World.written()) {
      var settings = world.topologySettings();
      var early = new Refold(settings.brokers(), IsolationLevel.READ_COMMITTED);
      var service = Tally.service(2);
      Topology topology =
          JournalTopology.of(
              service,
              settings,
              () -> new CommandProcessor(service, settings, early, new CommitPace()));
      assertFails(
          "while the end of the log is open",
          () -> Refolded.checkOpenTransaction(world, topology, true));
    }
  }

  @Test
  void releasedOnceFailsWhereAnotherClockThanTheBrokersCounts() throws Exception {
    try (World world = World.empty(World.Settings.USUAL)) {
      var service = Vault.service(1);
      var usual = world.topologySettings();
      AtomicLong ahead = new AtomicLong();
      var settings =
          new JournalTopology.Settings(
              usual.brokers(), usual.commands(), () -> System.nanoTime() + ahead.get());
      var refold = new Refold(settings.brokers());
      world.start(
          JournalTopology.of(
              service,
              settings,
              () -> new Ahead(new CommandProcessor(service, settings, refold, new CommitPace()))));
      assertFails(
          "released by a clock that is wrong",
          () -> ReleasedOnce.checkNotEarly(world, () -> ahead.set(TimeUnit.HOURS.toNanos(3))));
    }
  }

  /** The check must fail at what it checks, and not for another reason. */
  private static void assertFails(String at, ThrowingCallable check) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(at);
  }

  /** The sound processor, which gets every command changed. */
  private static Topology withCommands(World world, Consumer<Command> change) {
    var service = Tally.service(1);
    var settings = world.topologySettings();
    var refold = new Refold(settings.brokers());
    return JournalTopology.of(
        service,
        settings,
        () ->
            new Changing(
                new CommandProcessor(service, settings, refold, new CommitPace()), change));
  }

  private static final class Changing implements Processor<String, byte[], byte[], byte[]> {
    private final CommandProcessor sound;
    private final Consumer<Command> change;

    Changing(CommandProcessor sound, Consumer<Command> change) {
      this.sound = sound;
      this.change = change;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      sound.init(context);
    }

    @Override
    public void process(Record<String, byte[]> record) {
      if (Wire.decode(record.value()) instanceof Command command) {
        change.accept(command);
        sound.process(record.withValue(Wire.encode(command)));
      } else {
        sound.process(record);
      }
    }
  }

  /** What looks right and is not: the version of an aggregate, as its topic says it. */
  private static Topology tableOfTheTopic() {
    Topology topology = new Topology();
    topology
        .addSource(
            "in",
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            "schedule.commands",
            "schedule.events")
        .addProcessor("decide", TableOfTheTopic::new, "in")
        .addSink(
            JournalTopology.EVENTS_SINK,
            "schedule.events",
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            "decide")
        .addSink(
            JournalTopology.REPLIES_SINK,
            "schedule.replies",
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            "decide");
    return topology;
  }

  private static final class TableOfTheTopic implements Processor<String, byte[], byte[], byte[]> {
    private final Map<String, Long> table = new HashMap<>();
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    TableOfTheTopic() {}

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
      context = processorContext;
    }

    @Override
    public void process(Record<String, byte[]> record) {
      switch (Wire.decode(record.value())) {
        case Event event -> table.put(event.header().aggregate(), event.header().version());
        case AddParty add -> decide(add, record);
        default -> throw new IllegalStateException("the check sends parties alone");
      }
    }

    private void decide(AddParty add, Record<String, byte[]> record) {
      long version = table.getOrDefault(add.aggregate(), 0L);
      Long expected = add.header().expectedVersion();
      boolean accepted = expected == null || expected == version;
      if (accepted) {
        version++;
        PartyAdded event = PartyAdded.from(add);
        EventHeader header =
            World.header("schedule", add.header().negotiation(), add.aggregate(), version);
        event.header(header.decidedAt(Instant.ofEpochMilli(record.timestamp())));
        context.forward(
            new Record<>(new byte[0], Wire.encode(event), record.timestamp()),
            JournalTopology.EVENTS_SINK);
      }
      CommandOutcome outcome =
          new CommandOutcome()
              .commandId(add.header().id())
              .kind(accepted ? OutcomeKind.ACCEPTED : OutcomeKind.VERSION_MISMATCH)
              .negotiation(add.header().negotiation())
              .aggregate(add.aggregate())
              .version(version)
              .bodyDigest(add.header().bodyDigest());
      context.forward(
          new Record<>(
              ReplyAddress.of(record.headers()).bytes(), Wire.encode(outcome), record.timestamp()),
          JournalTopology.REPLIES_SINK);
    }
  }

  /** Tells the sound processor of every tick that it came half an hour later. */
  private static final class Ahead implements Processor<String, byte[], byte[], byte[]> {
    private final CommandProcessor sound;

    Ahead(CommandProcessor sound) {
      this.sound = sound;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      sound.init(context);
    }

    @Override
    public void process(Record<String, byte[]> record) {
      boolean isTick = Wire.decode(record.value()) instanceof Tick;
      sound.process(isTick ? record.withTimestamp(record.timestamp() + 1_800_000) : record);
    }
  }
}
