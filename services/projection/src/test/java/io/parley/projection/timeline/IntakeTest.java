package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** The decisions of the stage, without a broker: many orders, and every kind of corrupt log. */
class IntakeTest {
  private static final String N = "istanbul-2025";

  private final List<TimelineEntry> settled = new ArrayList<>();
  private final Holds holds = new Holds();
  private final MapStore heads = new MapStore();
  private final MapStore versions = new MapStore();
  private final MapStore parkedStore = new MapStore();
  private final Map<String, Long> offsets = new HashMap<>();
  private Parking parking = new Parking(parkedStore);
  private Intake intake = intake(IntakeTest::seen, 1000, 1000);

  @Test
  void noEffectPrecedesItsCauseInAnyInterleaving() {
    for (int seed = 0; seed < 2000; seed++) {
      List<String> faults = run(seed, IntakeTest::seen);
      assertThat(faults).as("seed " + seed).isEmpty();
      assertThat(parking.total()).isZero();
    }
  }

  /** Guard: without parking the same interleavings give faults, and the check finds them. */
  @Test
  void withoutParkingEffectsPrecedeTheirCauses() {
    int wrong = 0;
    for (int seed = 0; seed < 100; seed++) {
      List<String> faults = run(seed, event -> List.of());
      wrong += faults.stream().anyMatch(fault -> fault.startsWith("cause: ")) ? 1 : 0;
    }
    assertThat(wrong).isGreaterThan(90);
  }

  @Test
  void aRestartKeepsWhatIsParked() {
    Story story = new Story(N);
    String cause = story.tell("schedule", "a").token();
    story.tell("delegation", "b", cause);
    story.tell("delegation", "c");
    story.of("delegation").forEach(told -> intake.accept(record(told)));
    assertThat(settled).isEmpty();

    parking = new Parking(parkedStore);
    parking.load();
    intake = intake(IntakeTest::seen, 1000, 1000);
    intake.resume();
    assertThat(parking.total()).isEqualTo(2);
    story.of("schedule").forEach(told -> intake.accept(record(told)));
    assertThat(WholeTimeline.faults(settled, events(story))).isEmpty();
    assertThat(settled)
        .extracting(TimelineEntry::aggregate)
        .containsExactly("meeting:a", "delegation:b", "delegation:c");
  }

  @Test
  void anEventThatIsReadAgainIsSkipped() {
    Story story = new Story(N).tellRandomly(new Random(5), 20);
    List<SourceRecord> records = story.all().stream().map(this::record).toList();
    records.forEach(intake::accept);
    records.forEach(intake::accept);
    assertThat(WholeTimeline.faults(settled, events(story))).isEmpty();
  }

  @Test
  void aParkedEventThatIsReadAgainIsSkipped() {
    Story story = new Story(N);
    SourceRecord cause = record(story.tell("schedule", "a"));
    SourceRecord effect = record(story.tell("delegation", "b", story.all().getFirst().token()));
    intake.accept(effect);
    intake.accept(effect);
    assertThat(parking.total()).isEqualTo(1);
    intake.accept(cause);
    assertThat(WholeTimeline.faults(settled, events(story))).isEmpty();
  }

  @Test
  void aRepeatedVersionIsACorruptLog() {
    intake.accept(record(Story.event(N, "schedule", "a", 1, List.of())));
    corrupt(
        Story.event(N, "schedule", "a", 1, List.of()), "version 1 of meeting:a follows version 1");
  }

  @Test
  void aGapInTheVersionsIsACorruptLog() {
    intake.accept(record(Story.event(N, "schedule", "a", 1, List.of())));
    corrupt(
        Story.event(N, "schedule", "a", 3, List.of()), "version 3 of meeting:a follows version 1");
  }

  @Test
  void anEventThatHasSeenALaterOneOfItsOwnTopicIsACorruptLog() {
    corrupt(
        Story.event(N, "schedule", "a", 1, List.of("schedule/" + N + "/meeting:b@1")),
        "it has seen a later event");
  }

  @Test
  void aTokenOfAnotherNegotiationIsACorruptLog() {
    corrupt(
        Story.event(N, "schedule", "a", 1, List.of("delegation/ankara/delegation:b@1")),
        "not of its negotiation");
    corrupt(Story.event(N, "schedule", "a", 1, List.of("nonsense")), "is not a token");
  }

  @Test
  void bytesThatAreNoEventOrAnothersAreACorruptLog() {
    assertThatThrownBy(() -> intake.accept(record("schedule", N, new byte[] {0, 1, 2, 3, 4, 5})))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("schedule.events-0@0");
    byte[] event = Wire.encode(Story.event(N, "schedule", "a", 1, List.of()));
    assertThatThrownBy(() -> intake.accept(record("schedule", "ankara", event)))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("under the key ankara");
    assertThatThrownBy(() -> intake.accept(record("delegation", N, event)))
        .isInstanceOf(CorruptLogException.class);
  }

  @Test
  void aTopicThatNobodyWaitsForIsHeldAtTheBoundAndReleasedLater() {
    intake = intake(IntakeTest::seen, 10, 10);
    Story story = new Story(N);
    String cause = story.tell("schedule", "a").token();
    for (int i = 0; i < 15; i++) {
      story.tell("delegation", "b" + i, cause);
    }
    List<Story.Told> effects = story.of("delegation");
    effects.subList(0, 9).forEach(told -> intake.accept(record(told)));
    assertThat(holds.held(0)).isEmpty();
    effects.subList(9, 15).forEach(told -> intake.accept(record(told)));
    assertThat(holds.held(0)).containsExactly("delegation");
    assertThat(holds.names()).containsExactly("delegation.events-0");
    intake.accept(record(story.of("schedule").getFirst()));
    assertThat(holds.held(0)).isEmpty();
    assertThat(WholeTimeline.faults(settled, events(story))).isEmpty();
  }

  @Test
  void aTopicThatIsWaitedForIsNeverHeldAndNothingIsLostAtTheLimit() {
    Bounds bounds = bounds(10, 10);
    intake = intake(IntakeTest::seen, 10, 10);
    Story story = new Story(N);
    Story other = new Story("ankara-2025");
    String schedule = story.tell("schedule", "a").token();
    String delegation = other.tell("delegation", "a").token();
    for (int i = 0; i < bounds.limit(); i++) {
      story.tell("delegation", "b" + i, schedule);
      other.tell("schedule", "b" + i, delegation);
    }
    // Each topic's parked events wait for the other: holding either could hold the cause.
    Deque<Story.Told> first = new ArrayDeque<>(story.of("delegation"));
    Deque<Story.Told> second = new ArrayDeque<>(other.of("schedule"));
    for (int i = 0; i < bounds.limit() / 2; i++) {
      intake.accept(record(first.removeFirst()));
      intake.accept(record(second.removeFirst()));
    }
    assertThat(holds.held(0)).isEmpty();
    SourceRecord refused = record(first.removeFirst());
    assertThatThrownBy(() -> intake.accept(refused))
        .isInstanceOf(ParkingFullException.class)
        .hasMessageContaining("raise parked above 10");
    intake = intake(IntakeTest::seen, 10_000, 10_000);
    intake.accept(refused);
    assertThat(parking.total()).isEqualTo(bounds.limit() + 1);
  }

  private static List<String> seen(Event event) {
    return event.header().seen();
  }

  private List<String> run(int seed, Function<Event, List<String>> causes) {
    heads.all().forEachRemaining(found -> heads.delete(found.key));
    versions.all().forEachRemaining(found -> versions.delete(found.key));
    offsets.clear();
    settled.clear();
    intake = intake(causes, 1000, 1000);
    Random random = new Random(seed);
    List<Event> decided = new ArrayList<>();
    List<Deque<Story.Told>> topics =
        List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
    for (String negotiation : List.of("a", "b")) {
      Story story = new Story(negotiation).tellRandomly(random, 5 + random.nextInt(30));
      decided.addAll(events(story));
      for (int i = 0; i < topics.size(); i++) {
        topics.get(i).addAll(story.of(Topics.SERVICES.get(i)));
      }
    }
    while (topics.stream().anyMatch(topic -> !topic.isEmpty())) {
      Deque<Story.Told> topic = topics.get(random.nextInt(3));
      // In runs of random length, as a lagging topic is caught up.
      for (int run = 1 + random.nextInt(12); run > 0 && !topic.isEmpty(); run--) {
        intake.accept(record(topic.removeFirst()));
      }
    }
    return WholeTimeline.faults(settled, decided);
  }

  private void corrupt(Event event, String message) {
    int before = settled.size();
    assertThatThrownBy(() -> intake.accept(record(event)))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(message);
    assertThat(settled).hasSize(before);
  }

  private Intake intake(Function<Event, List<String>> causes, int parked, int ofOne) {
    return new Intake(
        new Settled(heads, versions),
        parking,
        bounds(parked, ofOne),
        causes,
        InstantSource.system(),
        new SecureRandom(),
        (from, entry) -> settled.add(entry));
  }

  private Bounds bounds(int parked, int ofOne) {
    return new Bounds(
        new TimelineSettings(Brokers.at(""), (short) 1, Path.of("unused"), parked, ofOne, Map.of()),
        0,
        holds);
  }

  private static List<Event> events(Story story) {
    return story.all().stream().map(Story.Told::event).toList();
  }

  private SourceRecord record(Story.Told told) {
    return record(told.event());
  }

  private SourceRecord record(Event event) {
    return record(Chain.service(event), event.header().negotiation(), Wire.encode(event));
  }

  private SourceRecord record(String service, String key, byte[] value) {
    long offset = offsets.merge(service, 1L, Long::sum) - 1;
    return new SourceRecord(service, 0, offset, key, new RecordHeaders(), value);
  }
}
