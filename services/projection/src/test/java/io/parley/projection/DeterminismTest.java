package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.schemas.Event;
import io.parley.schemas.Person;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.Requirement;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

/** The same log gives the same rows and the same answers, however it was read. */
class DeterminismTest {
  private static final List<String> PATHS =
      List.of(
          "",
          "/delegations",
          "/schedule",
          "/announcements?limit=1000",
          "/attendance",
          "/attendance?scope=meeting:m-1",
          "/conflicts",
          "/positions",
          "/diff?from=1");
  private static final AtomicInteger RUNS = new AtomicInteger();

  private static final ConfigurableApplicationContext SERVICE = Story.service("determined");

  @AfterContainer
  static void stop() {
    SERVICE.close();
  }

  /** As of a moment a long record answers what one does that ends there. */
  @Property(tries = 4, shrinking = ShrinkingMode.BOUNDED)
  void asOfAMomentIsTheFoldUpToThere(
      @ForAll long seed, @ForAll @IntRange(min = 60, max = 400) int events) {
    int run = RUNS.incrementAndGet();
    String whole = "whole-%03d-00".formatted(run);
    Random random = new Random(seed);
    try (Recorder recorder = new Recorder(whole)) {
      Token last = record(recorder, seed, events);
      recorder.flush();
      ProjectorTest.await(SERVICE, last);
      for (int i = 1; i <= 3; i++) {
        int moment = 1 + random.nextInt(events);
        String part = "whole-%03d-%02d".formatted(run, i);
        try (Recorder prefix = new Recorder(part)) {
          Token end = record(prefix, seed, moment);
          prefix.flush();
          ProjectorTest.await(SERVICE, end);
        }
        for (String path : PATHS) {
          String asOf = (path.contains("?") ? "&" : "?") + "asOf=" + moment;
          assertThat(answer(whole, path + asOf).replace(whole, part))
              .as("%s as of %d of %d", path, moment, events)
              .isEqualTo(answer(part, path));
        }
      }
    }
  }

  /** Whatever the batches, the memory and the interruptions: the same rows, answers and export. */
  @Property(tries = 2, shrinking = ShrinkingMode.OFF)
  void howTheLogWasReadDoesNotShowInTheRows(@ForAll long seed) throws SQLException {
    String negotiation = "rows-%03d".formatted(RUNS.incrementAndGet());
    Random random = new Random(seed);
    try (Recorder recorder = new Recorder(negotiation)) {
      String schema = "interrupted_" + RUNS.get();
      Set<Integer> stops = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        stops.add(1 + random.nextInt(200));
      }
      History history = new History(recorder, seed);
      Token last = history.next();
      for (int stop : stops.stream().sorted().toList()) {
        try (ConfigurableApplicationContext interrupted =
            Ground.service(
                schema,
                Map.of(
                    "parley.projection.batch-events", String.valueOf(1 + random.nextInt(50)),
                    "parley.projection.cached-items", String.valueOf(random.nextInt(5)),
                    "parley.projection.wait-at-most", "20s"))) {
          while (recorder.sequence() < stop) {
            last = history.next();
          }
          recorder.flush();
          ProjectorTest.await(interrupted, last);
        }
      }
      ProjectorTest.await(SERVICE, last);
      assertThat(Rows.all(schema, negotiation))
          .hasSizeGreaterThan(1)
          .isEqualTo(Rows.all("determined", negotiation));
      try (ConfigurableApplicationContext again =
          Ground.service(schema, Map.of("parley.projection.project", "false"))) {
        for (String path : PATHS) {
          String all = "/api/negotiations/" + negotiation + path;
          assertThat(bytes(again, all)).as(path).isEqualTo(bytes(SERVICE, all));
        }
        for (String path : List.of("", "/export", "/export?asOf=" + stops.iterator().next())) {
          String all = "/api/audit/negotiations/" + negotiation + path;
          assertThat(bytes(again, all)).as(path).isEqualTo(bytes(SERVICE, all));
        }
      }
    }
  }

  private static Token record(Recorder recorder, long seed, int events) {
    History history = new History(recorder, seed);
    Token last = history.next();
    while (recorder.sequence() < events) {
      last = history.next();
    }
    return last;
  }

  private static byte[] bytes(ConfigurableApplicationContext service, String path) {
    byte[] body =
        Ground.client(service)
            .get()
            .uri(URI.create(Ground.origin(service) + path))
            .header("Authorization", Bearer.of("auditor"))
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult()
            .getResponseBody();
    return Objects.requireNonNull(body, path);
  }

  private static String answer(String negotiation, String path) {
    EntityExchangeResult<byte[]> answer =
        Ground.client(SERVICE)
            .get()
            .uri(URI.create(Ground.origin(SERVICE) + "/api/negotiations/" + negotiation + path))
            .exchange()
            .expectBody()
            .returnResult();
    // Hashes and cursors depend on the negotiation, and two problems differ in their trace id.
    return answer.getStatus().value()
        + Story.text(answer).replaceAll("[0-9a-f]{32,64}|(?<=\"next\":\")[^\"]+", "X");
  }

  /** Events at random, each of which may follow on those before. */
  private static final class History {
    private final Recorder recorder;
    private final Random random;
    private final List<String> announcements = new ArrayList<>();
    private final Set<String> retracted = new HashSet<>();
    private final List<String> meetings = new ArrayList<>();
    private final Set<String> parties = new HashSet<>();
    private int number;

    History(Recorder recorder, long seed) {
      this.recorder = recorder;
      this.random = new Random(seed);
    }

    Token next() {
      Event event = number == 0 ? Facts.convened("Talks") : any();
      number++;
      return recorder.settle(event.service(), event);
    }

    private Event any() {
      String id = "x-" + number;
      Person person = Facts.person("p-" + random.nextInt(8), "Person " + random.nextInt(20));
      return switch (random.nextInt(9)) {
        case 0, 1 -> announced(id, "Words " + random.nextInt(5));
        case 2 -> retracted(id);
        case 3 -> headed(random.nextBoolean() ? "ru" : "ua", person);
        case 4 -> meeting();
        case 5 ->
            meetings.isEmpty()
                ? Facts.round(id)
                : Facts.rescheduled(
                    meetings.get(random.nextInt(meetings.size())),
                    "2025-05-2" + random.nextInt(10));
        case 6 ->
            new AttendanceStated()
                .person(person)
                .party("ru")
                .scope(random.nextBoolean() ? "talks" : "meeting:m-1")
                .status(
                    random.nextBoolean() ? AttendanceStatus.CONFIRMED : AttendanceStatus.DECLINED);
        case 7 ->
            new ConditionStated()
                .condition(id)
                .person(person)
                .scope("talks")
                .kind(ConditionKind.ONLY_IF)
                .requires(
                    new Requirement()
                        .person(Facts.person("p-" + random.nextInt(8), null))
                        .scope("talks"));
        default -> Facts.leg(id, person);
      };
    }

    private Event announced(String id, String text) {
      announcements.add(id);
      return Facts.announced(id, "p-" + random.nextInt(8), text);
    }

    private Event retracted(String id) {
      String old =
          announcements.isEmpty() ? "" : announcements.get(random.nextInt(announcements.size()));
      return old.isEmpty() || !retracted.add(old)
          ? announced(id, "More words")
          : Facts.retracted(old);
    }

    private Event headed(String party, Person person) {
      return parties.add(party)
          ? Facts.composed(party, person)
          : Facts.replaced(party, person, Facts.person("p-0", null));
    }

    private Event meeting() {
      meetings.add("m-" + meetings.size());
      return Facts.meeting(meetings.getLast(), "2025-05-1" + random.nextInt(10));
    }
  }
}
