package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each event is on the timeline once, with no gap, whatever is killed or lost. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class TimelineRestartTest {
  private static final int KILLS = Integer.getInteger("parley.test.kills", 4);

  @TempDir private Path directory;

  @Test
  void survivesBeingKilledAgainAndAgain() throws Exception {
    Random random = new Random();
    try (Broker broker = new Broker(2);
        Admin admin = broker.admin()) {
      List<Story.Told> told = merged("killed", 40, 150);
      int produced = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        try (StageProcess stage = stage(broker)) {
          long before = end(admin);
          // Killed somewhere in the middle, at a moment that the commits do not know.
          long until = before + 50 + random.nextInt(400);
          int share = told.size() * (kill + 1) / (KILLS + 1);
          while (end(admin) < until && produced < share) {
            broker.produce(told.get(produced++));
            if (produced % 50 == 0) {
              broker.flush();
            }
          }
          broker.flush();
          Broker.await("it settles " + until, () -> end(admin) >= Math.min(until, before + 50));
          TimeUnit.MICROSECONDS.sleep(random.nextInt(30_000));
          assertThat(stage.isAlive()).isTrue();
        }
      }
      try (StageProcess last = stage(broker)) {
        told.subList(produced, told.size()).forEach(broker::produce);
        List<Event> decided = events(told);
        assertThat(WholeTimeline.faults(broker.timeline(decided.size()), decided)).isEmpty();
        assertThat(last.isAlive()).isTrue();
      }
    }
  }

  @Test
  void continuesFromTheTimelineWhenStoresAndChangelogsAreLost() throws Exception {
    try (Broker broker = new Broker(2)) {
      List<Story.Told> told = merged("lost", 10, 40);
      Story waiting = new Story("waiting");
      String cause = waiting.tell("schedule", "a").token();
      waiting.tell("delegation", "b", cause);
      waiting.tell("delegation", "c");
      int half = told.size() / 2;
      try (TimelineStage stage = new TimelineStage(settings(broker))) {
        stage.start();
        told.subList(0, half).forEach(broker::produce);
        waiting.of("delegation").forEach(broker::produce);
        assertThat(broker.timeline(half)).hasSizeGreaterThanOrEqualTo(half);
        Broker.await("two are parked", () -> parked(stage) == 2);
        Broker.await("all is committed", () -> stage.lagRecords() == 0);
      }
      loseStores(broker);

      List<Event> decided = events(told);
      waiting.all().forEach(each -> decided.add(each.event()));
      try (TimelineStage stage = new TimelineStage(settings(broker))) {
        stage.start();
        // Nothing new comes of the parked events' topic: they are found all the same.
        Broker.await("the parked ones are found again", () -> parked(stage) == 2);
        waiting.of("schedule").forEach(broker::produce);
        told.subList(half, told.size()).forEach(broker::produce);
        assertThat(WholeTimeline.faults(broker.timeline(decided.size()), decided)).isEmpty();
      }
      loseStores(broker);
      loseOffsets(broker);
      try (TimelineStage stage = new TimelineStage(settings(broker))) {
        stage.start();
        Story after = new Story("waiting");
        after.tell("schedule", "a");
        Story.Told next = after.tell("schedule", "a");
        broker.produce(next);
        decided.add(next.event());
        List<TimelineEntry> all = broker.timeline(decided.size());
        assertThat(WholeTimeline.faults(all, decided)).isEmpty();
        assertThat(all.stream().filter(entry -> entry.negotiation().equals("waiting")))
            .extracting(TimelineEntry::sequence)
            .containsExactly(1L, 2L, 3L, 4L);
      }
    }
  }

  private static long parked(TimelineStage stage) {
    return stage.status().parked().values().stream().mapToInt(Integer::intValue).sum();
  }

  private TimelineSettings settings(Broker broker) {
    return broker.settings(directory.resolve("state"));
  }

  private StageProcess stage(Broker broker) throws IOException {
    return StageProcess.start(
        broker.bootstrapServers(), directory.resolve("state"), directory.resolve("stage.log"));
  }

  private void loseStores(Broker broker) throws Exception {
    try (Admin admin = broker.admin();
        Stream<Path> files = Files.walk(directory.resolve("state"))) {
      List<String> changelogs =
          admin.listTopics().names().get().stream()
              .filter(name -> name.startsWith(TimelineStage.APPLICATION_ID))
              .toList();
      assertThat(changelogs).hasSize(3);
      admin.deleteTopics(changelogs).all().get();
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void loseOffsets(Broker broker) throws Exception {
    try (Admin admin = broker.admin()) {
      admin.deleteConsumerGroups(List.of(TimelineStage.APPLICATION_ID)).all().get();
    }
  }

  /** Stories side by side, each service's events in order; causes first, as deciders write them. */
  private static List<Story.Told> merged(String name, int stories, int events) {
    Random random = new Random(name.hashCode());
    List<Story> all = new ArrayList<>();
    for (int i = 0; i < stories; i++) {
      all.add(new Story(name + "-" + i).tellRandomly(random, events));
    }
    List<Story.Told> merged = new ArrayList<>();
    for (int at = 0; at < events; at++) {
      for (Story story : all) {
        merged.add(story.all().get(at));
      }
    }
    return merged;
  }

  private static List<Event> events(List<Story.Told> told) {
    return told.stream().map(Story.Told::event).collect(Collectors.toCollection(ArrayList::new));
  }

  private static long end(Admin admin) {
    try {
      var ends =
          admin
              .listOffsets(
                  Map.of(
                      new TopicPartition("parley.timeline", 0), OffsetSpec.latest(),
                      new TopicPartition("parley.timeline", 1), OffsetSpec.latest()))
              .all()
              .get();
      return ends.values().stream().mapToLong(info -> info.offset()).sum();
    } catch (Exception e) {
      throw new AssertionError("the broker does not answer", e);
    }
  }
}
