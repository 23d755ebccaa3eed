package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.journal.reading.Token;
import io.parley.schemas.Person;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A view that does not take an event stands still in that negotiation; all else goes on (ADR 8).
 */
class HaltedViewTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> SETTINGS =
      Map.of(
          "parley.projection.batch-events",
          "7",
          "parley.projection.wait-at-most",
          "1s",
          "management.endpoint.health.group.readiness.include",
          "*",
          // As the desk has it; that the timelines of these tests are no chain stops the stage.
          "management.endpoint.health.group.readiness.exclude",
          "projection,timeline");

  @AfterEach
  void mend() {
    FragileView.REFUSED.clear();
  }

  @Test
  void theOtherViewsAndTheOtherNegotiationsGoOn() throws Exception {
    String here = "poisoned";
    String there = beside(here);
    try (Recorder recorder = new Recorder(here);
        Recorder other = new Recorder(there);
        ConfigurableApplicationContext service = Ground.service("poison", SETTINGS)) {
      recorder.settle("schedule", Facts.convened("Poisoned"));
      Token before = recorder.settle("schedule", Facts.meeting("first", "2025-05-15"));
      other.settle("schedule", Facts.convened("Beside it"));
      Token poison = recorder.settle("schedule", Facts.rescheduled("never", "2025-05-16"));
      recorder.settle("schedule", Facts.meeting("second", "2025-05-17"));
      recorder.settle("schedule", Facts.round("one"));
      Token last = recorder.settle("announcement", Facts.announced("a", "x", "Words"));
      Token beside = other.settle("schedule", Facts.meeting("elsewhere", "2025-05-17"));

      // What does not read the view is answered from the head.
      await(service, "/api/negotiations/" + here + "/announcements", last);
      assertThat(sequence(service, here, "/announcements")).isEqualTo(6);
      assertThat(sequence(service, here, "/timeline")).isEqualTo(6);
      assertThat(sequence(service, here, "/delegations")).isEqualTo(6);
      // What reads it, as of the entry before; whatever else it reads.
      for (String path : List.of("/schedule", "/meetings/first", "/attendance", "/conflicts")) {
        assertThat(sequence(service, here, path)).as(path).isEqualTo(2);
      }
      JsonNode schedule = json(get(service, "/api/negotiations/" + here + "/schedule"));
      assertThat(Story.texts(schedule.get("meetings"), "/meeting")).containsExactly("first");
      assertThat(schedule.get("rounds")).isEmpty();
      assertThat(status(service, here, "/meetings/second")).isEqualTo(404);
      assertThat(status(service, here, "/schedule?asOf=1")).isEqualTo(200);
      assertThat(status(service, here, "/schedule?asOf=5")).isEqualTo(200);
      // Nobody is told that it knows what it does not know.
      assertThat(after(service, here, "/schedule", before).getStatus().value()).isEqualTo(200);
      for (Token token : List.of(poison, last)) {
        EntityExchangeResult<byte[]> answer = after(service, here, "/schedule", token);
        assertThat(answer.getStatus().value()).as("%s", token).isEqualTo(503);
        assertThat(Story.text(answer)).contains("NOT_YET_KNOWN");
      }
      assertThat(after(service, here, "/announcements", poison).getStatus().value()).isEqualTo(200);
      await(service, "/api/negotiations/" + there + "/schedule", beside);
      assertThat(sequence(service, there, "/schedule")).isEqualTo(2);

      assertThat(Rows.query("select id from poison.meetings where negotiation = '" + here + "'"))
          .containsExactly("first");
      assertThat(Rows.query("select id from poison.rounds where negotiation = '" + here + "'"))
          .containsExactly("one");
    }
  }

  @Test
  void healthAndMetricsNameItAndARestartTriesItAgain() throws Exception {
    try (Recorder recorder = new Recorder("named")) {
      recorder.settle("schedule", Facts.convened("Named"));
      recorder.settle("schedule", Facts.rescheduled("never", "2025-05-16"));
      Token last = recorder.settle("announcement", Facts.announced("a", "x", "Words"));
      try (ConfigurableApplicationContext service = Ground.service("naming", SETTINGS)) {
        await(service, "/api/negotiations/named/announcements", last);
        JsonNode halt = halt(service, "named", 1);
        assertThat(halt.get("view").asString()).isEqualTo("meetings");
        assertThat(halt.get("negotiation").asString()).isEqualTo("named");
        assertThat(halt.get("sequence").asLong()).isEqualTo(2);
        assertThat(halt.get("type").asString()).isEqualTo("MeetingRescheduled");
        assertThat(halt.get("aggregate").asString()).isEqualTo("meeting:never");
        assertThat(halt.get("reason").asString()).contains("never begun");
        assertThat(halt.get("behind").asLong()).isEqualTo(2);
        assertThat(halt.get("offset").asLong()).isEqualTo(offset("naming", "named"));
        assertThat(ProjectorTest.awaitHealth(service, "RUNNING"))
            .contains("\"status\":\"DOWN\"")
            .doesNotContain("STOPPED");
        MeterRegistry meters = service.getBean(MeterRegistry.class);
        // All tests write one timeline, so that others may have poisoned others.
        List<String> halts = query("select view from naming.halted");
        assertThat(halts).containsOnly("meetings");
        assertThat(halted(meters, "meetings")).isEqualTo(halts.size());
        assertThat(projection(service).at("/details/haltedViews/meetings").asLong())
            .isEqualTo(halts.size());
        assertThat(halted(meters, "rounds")).isZero();
        assertThat(meters.get("parley.projection.up").gauge().value()).isZero();
        // It serves all the same.
        assertThat(get(service, "/actuator/health/readiness").getStatus().value()).isEqualTo(200);
      }
      try (ConfigurableApplicationContext service = Ground.service("naming", SETTINGS)) {
        JsonNode halt = halt(service, "named", 2);
        assertThat(halt.get("sequence").asLong()).isEqualTo(2);
        Token next = recorder.settle("schedule", Facts.meeting("late", null));
        await(service, "/api/negotiations/named/announcements", next);
        assertThat(sequence(service, "named", "/schedule")).isEqualTo(1);
        assertThat(halts("naming", "named")).containsExactly("named meetings 2 2");
        assertThat(Rows.query("select id from naming.meetings where negotiation = 'named'"))
            .isEmpty();
      }
    }
  }

  @Test
  void aMendedViewCatchesUpToWhatItWouldHaveBeen() throws Exception {
    String[] all = {"mended", beside("mended"), "mended-elsewhere"};
    List<String> negotiations = List.of(all);
    List<Recorder> recorders = new ArrayList<>();
    negotiations.forEach(negotiation -> recorders.add(new Recorder(negotiation)));
    FragileView.REFUSED.addAll(List.of("bad", "worse"));
    try {
      List<Token> last = new ArrayList<>();
      for (Recorder recorder : recorders) {
        last.add(recorder.settle("schedule", Facts.convened("Mended")));
      }
      try (ConfigurableApplicationContext service = fragile("mending")) {
        await(service, "/api/negotiations/mended", last.getFirst());
        last.clear();
        execute("alter table mending.names add check (id <> 'nobody')");
        for (Recorder recorder : recorders) {
          last.add(troubles(recorder));
        }
        for (Token token : last) {
          await(service, "/api/negotiations/" + token.negotiation() + "/timeline", token);
        }
        assertThat(halts("mending", all))
            .containsExactlyInAnyOrderElementsOf(
                negotiations.stream()
                    .flatMap(each -> List.of(each + " fragile 3 1", each + " names 6 1").stream())
                    .toList());
        assertThat(
                Rows.query(
                    "select distinct id from mending.fragile where negotiation = 'mended' order by id"))
            .as("of what the view took half of, nothing is left")
            .containsExactly("all", "good", "good-twin");
      }
      // Mended by half: it goes on to the next that it does not take, and that is counted anew.
      FragileView.REFUSED.remove("bad");
      try (ConfigurableApplicationContext service = fragile("mending")) {
        for (String negotiation : negotiations) {
          for (String row : List.of(" fragile 5 1", " names 6 2")) {
            until(row, () -> halts("mending", all).contains(negotiation + row));
          }
        }
        assertThat(status(service, "mended", "/schedule")).isEqualTo(200);
      }
      FragileView.REFUSED.clear();
      execute("alter table mending.names drop constraint names_id_check");
      try (ConfigurableApplicationContext service = fragile("mending")) {
        for (int i = 0; i < last.size(); i++) {
          await(service, "/api/negotiations/" + negotiations.get(i) + "/schedule", last.get(i));
        }
        until("all caught up", () -> halts("mending", all).isEmpty());
        // It goes on with what it made of them, and not with what it was before it stood still.
        for (int i = 0; i < last.size(); i++) {
          Recorder recorder = recorders.get(i);
          recorder.settle("schedule", outcome("good"));
          recorder.settle("schedule", outcome("bad"));
          last.set(i, recorder.settle("announcement", Facts.announced("z", "nobody", "Bye")));
        }
        for (int i = 0; i < last.size(); i++) {
          await(service, "/api/negotiations/" + negotiations.get(i) + "/schedule", last.get(i));
        }
      }
      assertThat(halts("mending", all)).isEmpty();
      try (ConfigurableApplicationContext service = fragile("undisturbed")) {
        for (int i = 0; i < last.size(); i++) {
          String negotiation = negotiations.get(i);
          await(service, "/api/negotiations/" + negotiation + "/schedule", last.get(i));
          assertThat(rows("mending", negotiation)).isEqualTo(rows("undisturbed", negotiation));
        }
      }
    } finally {
      recorders.forEach(Recorder::close);
    }
  }

  @Test
  void whatPostgresqlRefusesOfAViewHaltsThatViewJustThere() throws Exception {
    try (Recorder recorder = new Recorder("refused");
        ConfigurableApplicationContext service = Ground.service("refusing", SETTINGS)) {
      Token before = recorder.settle("schedule", Facts.convened("Refused"));
      await(service, "/api/negotiations/refused", before);
      execute("alter table refusing.rounds add check (id <> 'unwritable')");
      Token last = before;
      for (String id : List.of("one", "two", "three", "unwritable", "after")) {
        last = recorder.settle("schedule", Facts.round(id));
      }
      await(service, "/api/negotiations/refused/timeline", last);
      assertThat(halts("refusing", "refused")).containsExactly("refused rounds 5 1");
      assertThat(
              Rows.query(
                  "select id from refusing.rounds where negotiation = 'refused' order by from_sequence"))
          .containsExactly("one", "two", "three");
      assertThat(sequence(service, "refused", "/schedule")).isEqualTo(4);
      assertThat(ProjectorTest.awaitHealth(service, "rounds_id_check")).doesNotContain("STOPPED");
    }
  }

  @Test
  void whatPostgresqlRefusesOfTheLogStopsThePartition() throws Exception {
    try (Recorder recorder = new Recorder("refused-log");
        ConfigurableApplicationContext service = Ground.service("refusinglog", SETTINGS)) {
      Token before = recorder.settle("schedule", Facts.convened("Refused"));
      await(service, "/api/negotiations/refused-log", before);
      execute("alter table refusinglog.timeline add check (aggregate <> 'round:bad')");
      Token good = recorder.settle("schedule", Facts.round("good"));
      recorder.settle("schedule", Facts.round("bad"));
      await(service, "/api/negotiations/refused-log/schedule", good);
      assertThat(ProjectorTest.awaitHealth(service, "RoundScheduled at 3 of refused-log"))
          .contains("STOPPED");
      assertThat(get(service, "/actuator/health/readiness").getStatus().value()).isEqualTo(503);
      assertThat(halts("refusinglog", "refused-log")).isEmpty();
    }
  }

  /** Entries 2 to 9, of which the views do not take 3, 5 and 6. */
  private static Token troubles(Recorder recorder) {
    recorder.settle("schedule", Facts.round("good"));
    recorder.settle("schedule", Facts.round("bad"));
    recorder.settle("schedule", outcome("bad"));
    recorder.settle("schedule", Facts.round("worse"));
    recorder.settle(
        "delegation", Facts.composed("ru", Facts.person("head", "The Head"), nobody("Nobody")));
    recorder.settle("schedule", outcome("good"));
    recorder.settle("delegation", Facts.withdrawn("ru", nobody("Still nobody")));
    return recorder.settle("announcement", Facts.announced("a", "x", "Words"));
  }

  private static Person nobody(String name) {
    return Facts.person("nobody", name);
  }

  private static RoundOutcomeRecorded outcome(String round) {
    return new RoundOutcomeRecorded().round(round).outcome(Outcome.AGREED);
  }

  private static ConfigurableApplicationContext fragile(String schema) {
    return Ground.service(schema, SETTINGS, FragileView.class);
  }

  /** Another negotiation in the same partition. */
  private static String beside(String negotiation) {
    int i = 0;
    while (ProjectorTest.partition(negotiation + "-" + i) != ProjectorTest.partition(negotiation)) {
      i++;
    }
    return negotiation + "-" + i;
  }

  private static EntityExchangeResult<byte[]> get(
      ConfigurableApplicationContext service, String path, String... headers) {
    var asking = Ground.client(service).get().uri(URI.create(Ground.origin(service) + path));
    for (int i = 0; i < headers.length; i += 2) {
      asking = asking.header(headers[i], headers[i + 1]);
    }
    return asking.exchange().expectBody().returnResult();
  }

  private static JsonNode json(EntityExchangeResult<byte[]> answer) {
    return JSON.readTree(Story.text(answer));
  }

  private static int status(
      ConfigurableApplicationContext service, String negotiation, String path) {
    return get(service, "/api/negotiations/" + negotiation + path).getStatus().value();
  }

  private static long sequence(
      ConfigurableApplicationContext service, String negotiation, String path) {
    EntityExchangeResult<byte[]> answer = get(service, "/api/negotiations/" + negotiation + path);
    assertThat(answer.getStatus().value()).as(path).isEqualTo(200);
    return Long.parseLong(String.valueOf(answer.getResponseHeaders().getFirst("Parley-Sequence")));
  }

  private static EntityExchangeResult<byte[]> after(
      ConfigurableApplicationContext service, String negotiation, String path, Token token) {
    return get(
        service, "/api/negotiations/" + negotiation + path, "Parley-After", token.toString());
  }

  /** Waits until a read knows what a token names, for longer than one request may. */
  private static void await(ConfigurableApplicationContext service, String path, Token token) {
    until(
        path + " after " + token,
        () -> get(service, path, "Parley-After", token.toString()).getStatus().value() == 200);
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(end);
    }
  }

  private static JsonNode projection(ConfigurableApplicationContext service) {
    return json(get(service, "/actuator/health")).at("/components/projection");
  }

  /**
   * The one view that stands still in a negotiation, as health has it, once it was tried so often.
   */
  private static JsonNode halt(
      ConfigurableApplicationContext service, String negotiation, int attempts) {
    until(
        attempts + " attempts",
        () -> told(service, negotiation).stream().anyMatch(halt -> attempts(halt) == attempts));
    List<JsonNode> told = told(service, negotiation);
    assertThat(told).hasSize(1);
    return told.getFirst();
  }

  private static List<JsonNode> told(ConfigurableApplicationContext service, String negotiation) {
    return Story.list(projection(service).at("/details/halted")).stream()
        .filter(halt -> halt.get("negotiation").asString().equals(negotiation))
        .toList();
  }

  private static long attempts(JsonNode halt) {
    return halt.get("attempts").asLong();
  }

  private static double halted(MeterRegistry meters, String view) {
    return meters.get("parley.projection.halted").tag("view", view).gauge().value();
  }

  /** NEGOTIATION VIEW SEQUENCE ATTEMPTS of what stands still. */
  private static List<String> halts(String schema, String... negotiations) {
    return query(
        ("select negotiation || ' ' || view || ' ' || sequence || ' ' || attempts from %s.halted"
                + " where negotiation in ('%s')")
            .formatted(schema, String.join("', '", negotiations)));
  }

  private static long offset(String schema, String negotiation) {
    return Long.parseLong(
        query(
                "select record_offset from %s.halted where negotiation = '%s'"
                    .formatted(schema, negotiation))
            .getFirst());
  }

  private static List<String> rows(String schema, String negotiation) throws SQLException {
    List<String> rows = Rows.all(schema, negotiation);
    rows.addAll(
        Rows.query(
            "select t::text from %s.fragile t where negotiation = '%s' order by 1"
                .formatted(schema, negotiation)));
    assertThat(rows).hasSizeGreaterThan(30);
    return rows;
  }

  private static List<String> query(String sql) {
    try {
      return Rows.query(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = Rows.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
