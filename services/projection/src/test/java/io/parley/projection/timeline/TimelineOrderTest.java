package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No prefix of the timeline shows an effect before its cause, in whatever order topics fill. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TimelineOrderTest {
  private static final List<List<String>> ORDERS =
      List.of(
          List.of("schedule", "delegation", "announcement"),
          List.of("schedule", "announcement", "delegation"),
          List.of("delegation", "schedule", "announcement"),
          List.of("delegation", "announcement", "schedule"),
          List.of("announcement", "schedule", "delegation"),
          List.of("announcement", "delegation", "schedule"));

  @TempDir private Path directory;

  @Test
  void causesComeFirstInEveryOrderOfTopics() throws Exception {
    try (Broker broker = new Broker(3);
        TimelineStage stage = new TimelineStage(broker.settings(directory.resolve("state")))) {
      List<Event> decided = new ArrayList<>();
      // Topics that are full before the stage starts, the effects' timestamps the lowest.
      fillBackwards(broker, "before", decided);
      stage.start();
      for (List<String> order : ORDERS) {
        // While it runs, one topic after the other, each taken in before the next begins.
        List<Story> stories = stories(String.join("-", order), 20, 25);
        for (String service : order) {
          for (Story story : stories) {
            story.of(service).forEach(broker::produce);
          }
          broker.flush();
          if (!service.equals(order.getLast())) {
            Broker.await("events are parked", () -> !stage.status().parked().isEmpty());
          }
        }
        stories.forEach(story -> story.all().forEach(told -> decided.add(told.event())));
      }
      interleave(broker, decided);

      var records = broker.records(decided.size());
      List<TimelineEntry> timeline =
          records.stream().map(found -> Wire.decode(found.value(), TimelineEntry.class)).toList();
      assertThat(WholeTimeline.faults(timeline, decided)).isEmpty();
      assertThat(stage.status().parked()).isEmpty();
      assertThat(stage.status().isHealthy()).isTrue();
      for (var found : records) {
        TimelineEntry entry = Wire.decode(found.value(), TimelineEntry.class);
        assertThat(found.key()).isEqualTo(entry.negotiation());
        assertThat(found.partition()).isEqualTo(entry.sourcePartition());
        assertThat(header(found, "ce_sequence")).isEqualTo(Long.toString(entry.sequence()));
        assertThat(header(found, "ce_type"))
            .isEqualTo("io.parley." + entry.service() + "." + entry.type());
      }
    }
  }

  /** Guard: a stage that parks nothing fails the same check. */
  @Test
  void withoutParkingTheSameOrderShowsEffectsBeforeTheirCauses() throws Exception {
    try (Broker broker = new Broker(1);
        TimelineStage stage =
            new TimelineStage(broker.settings(directory.resolve("state")), event -> List.of())) {
      List<Event> decided = new ArrayList<>();
      fillBackwards(broker, "before", decided);
      stage.start();
      assertThat(WholeTimeline.faults(broker.timeline(decided.size()), decided))
          .anyMatch(fault -> fault.startsWith("cause: "));
    }
  }

  @Test
  void atTheBoundTopicsAreHeldAndNothingIsLost() throws Exception {
    try (Broker broker = new Broker(1)) {
      TimelineSettings usual = broker.settings(directory.resolve("state"));
      TimelineSettings narrow =
          new TimelineSettings(
              usual.brokers(), (short) 1, usual.stateDirectory(), 50, 20, Map.of());
      try (TimelineStage stage = new TimelineStage(narrow)) {
        stage.start();
        Story story = new Story("istanbul-2025");
        String cause = story.tell("schedule", "a").token();
        for (int i = 0; i < 6000; i++) {
          story.tell("delegation", "b" + i, cause);
        }
        Story behind = new Story("behind");
        behind.tell("delegation", "c");
        story.of("delegation").forEach(broker::produce);
        behind.all().forEach(broker::produce);
        broker.flush();
        Broker.await("the topic is held", () -> !stage.status().held().isEmpty());
        assertThat(stage.status().held()).containsExactly("delegation.events-0");
        assertThat(stage.status().isHealthy()).isFalse();
        assertThat(stage.isRunning()).isTrue();

        // The others flow, of every negotiation.
        Story free = new Story("free");
        free.tell("announcement", "d");
        free.tell("schedule", "e", free.all().getFirst().token());
        free.all().forEach(broker::produce);
        assertThat(broker.timeline(2)).hasSize(2);
        int parked = stage.status().parked().values().iterator().next();
        assertThat(parked).isBetween(20, 50 + Bounds.IN_HAND);

        story.of("schedule").forEach(broker::produce);
        List<Event> decided = new ArrayList<>();
        for (Story each : List.of(story, behind, free)) {
          each.all().forEach(told -> decided.add(told.event()));
        }
        assertThat(WholeTimeline.faults(broker.timeline(decided.size()), decided)).isEmpty();
        Broker.await("it is well again", () -> stage.status().isHealthy());
      }
    }
  }

  @Test
  void aCorruptLogStopsItAndItsStatusSaysWhy() throws Exception {
    try (Broker broker = new Broker(1);
        TimelineStage stage = new TimelineStage(broker.settings(directory.resolve("state")))) {
      stage.start();
      broker.produce(new Story.Told("schedule", Story.event("n", "schedule", "a", 1, List.of())));
      assertThat(broker.timeline(1)).hasSize(1);
      broker.produce(new Story.Told("schedule", Story.event("n", "schedule", "a", 3, List.of())));
      Broker.await("it stops", () -> !stage.status().running());
      assertThat(stage.status().stoppedBecause())
          .contains("CorruptLogException")
          .contains("schedule.events-0@1: version 3 of meeting:a follows version 1");
      assertThat(broker.timeline(1)).hasSize(1);
    }
  }

  private static void fillBackwards(Broker broker, String name, List<Event> decided) {
    List<Story> stories = stories(name, 20, 25);
    long now = Story.DECIDED.toEpochMilli();
    for (Story story : stories) {
      List<Story.Told> all = story.all();
      for (int i = 0; i < all.size(); i++) {
        broker.produce(all.get(i), now - i * 1000L);
        decided.add(all.get(i).event());
      }
    }
    broker.flush();
  }

  /** Every negotiation's topics are merged by chance, its topics each in their own order. */
  private static void interleave(Broker broker, List<Event> decided) {
    Random random = new Random(17);
    List<List<Story.Told>> queues = new ArrayList<>();
    for (Story story : stories("mixed", 100, 25)) {
      Topics.SERVICES.forEach(service -> queues.add(new ArrayList<>(story.of(service))));
      story.all().forEach(told -> decided.add(told.event()));
    }
    queues.removeIf(List::isEmpty);
    while (!queues.isEmpty()) {
      Collections.swap(queues, random.nextInt(queues.size()), queues.size() - 1);
      List<Story.Told> queue = queues.getLast();
      broker.produce(queue.removeFirst());
      if (queue.isEmpty()) {
        queues.removeLast();
      }
    }
    broker.flush();
  }

  private static List<Story> stories(String name, int count, int events) {
    Random random = new Random(name.hashCode());
    List<Story> stories = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stories.add(new Story(name + "-" + i).tellRandomly(random, events));
    }
    return stories;
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
