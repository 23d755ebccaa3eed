package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.projection.Operating.Answer;
import io.parley.projection.trail.Trail;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** The read models are built anew beside the live ones, and swapped so that no reader sees it. */
class RebuildTest {
  private static final String REBUILD = "/projections/records/rebuild";
  private static final Map<String, String> SETTINGS =
      Map.of("parley.projection.batch-events", "20", "parley.projection.wait-at-most", "20s");

  @AfterEach
  void mend() {
    FragileView.REFUSED.clear();
  }

  @Test
  void readersSeeNothingOfTheSwapAndWhatFlowsMeanwhileIsThere() throws Exception {
    String schema = "swapped";
    try (Recorder recorder = new Recorder("swap");
        ConfigurableApplicationContext service = Ground.service(schema, SETTINGS);
        ConfigurableApplicationContext other = Ground.service(schema, SETTINGS)) {
      Token last = ProjectorTest.history(recorder, 200);
      ProjectorTest.await(service, last);
      Operating operator = new Operating(Ground.origin(other));
      long build = build(schema);
      String restricted = oid(schema, "restricted");
      AtomicBoolean over = new AtomicBoolean();
      try (Readers readers = new Readers(List.of(service, other), "swap", over)) {
        for (int round = 0; round < 3; round++) {
          Answer started = operator.post(REBUILD).expect(202);
          assertThat(started.location()).endsWith(REBUILD);
          assertThat(started.body().get("startedBy").asString()).isEqualTo("tester");
          Answer again = operator.post(REBUILD);
          assertThat(again.status() == 202 || again.code().equals("REBUILD_RUNNING")).isTrue();
          // Events flow all the time.
          while (operator.get(REBUILD).body().get("ended").isNull()) {
            last = recorder.settle("schedule", Facts.round("r-" + recorder.sequence()));
            recorder.flush();
          }
          JsonNode ended = operator.get(REBUILD).expect(200).body();
          assertThat(ended.get("state").asString()).as("%s", ended).isEqualTo("SWAPPED");
          assertThat(ended.get("firstDifference").isNull()).isTrue();
          assertThat(build(schema)).isNotEqualTo(build);
          build = build(schema);
        }
        ProjectorTest.await(service, last);
        readers.end();
        assertThat(readers.asked.get()).isGreaterThan(100);
      }
      // The restricted model is not rebuilt, but goes along.
      assertThat(oid(schema, "restricted")).isEqualTo(restricted);
      Operating.until("the old tables are gone", () -> schemas(schema).equals(List.of(schema)));
      assertThat(
              Rows.query(
                  "select count(*) || ' ' || max(sequence) from swapped.timeline"
                      + " where negotiation = 'swap'"))
          .containsExactly(recorder.sequence() + " " + recorder.sequence());
      assertThat(Trailed.acts("")).contains("REBUILD_STARTED", "REBUILD_SWAPPED");
      List<String> rows = Rows.all(schema, "swap");
      try (ConfigurableApplicationContext scratch = Ground.service("unswapped", SETTINGS)) {
        ProjectorTest.await(scratch, last);
        assertThat(rows).isEqualTo(Rows.all("unswapped", "swap"));
      }
    }
  }

  @Test
  void aCancelledOneLeavesNothing() throws Exception {
    String schema = "cancelled";
    try (Recorder recorder = new Recorder("cancel");
        ConfigurableApplicationContext service = Ground.service(schema, SETTINGS)) {
      Token last = ProjectorTest.history(recorder, 100);
      ProjectorTest.await(service, last);
      Operating operator = new Operating(Ground.origin(service));
      assertThat(operator.get(REBUILD).expect(404).code()).isEqualTo("REBUILD_NOT_FOUND");
      // What cannot be written down is not done.
      service.getBean(Trail.class).stop();
      assertThat(operator.post(REBUILD).expect(503).code()).isEqualTo("TRAIL_AWAY");
      operator.get(REBUILD).expect(404);
      service.getBean(Trail.class).start();
      long build = build(schema);
      try (Connection holding = held(schema + ".positions")) {
        // What holds the positions of the live tables keeps it from being swapped in.
        operator.post(REBUILD).expect(202);
        Operating.until("it is there", () -> schemas(schema).contains(schema + "_next"));
        assertThat(operator.post(REBUILD).expect(409).code()).isEqualTo("REBUILD_RUNNING");
        Operating.until(
            "it is built", () -> operator.get(REBUILD).body().at("/compared").asLong() > 0);
        JsonNode told = operator.get(REBUILD).body();
        assertThat(told.get("position").asLong()).isPositive();
        assertThat(told.get("of").asLong()).isGreaterThanOrEqualTo(told.get("position").asLong());
        assertThat(told.get("partitions")).hasSize(6);
        operator.as("auditor").delete(REBUILD).expect(403);
        assertThat(holding.isClosed()).isFalse();
        Answer cancelled = operator.delete(REBUILD);
        assertThat(cancelled.status()).isIn(200, 202);
        assertThat(cancelled.body().get("state").asString()).isEqualTo("CANCELLED");
      }
      Operating.until("it is gone", () -> schemas(schema).equals(List.of(schema)));
      assertThat(build(schema)).isEqualTo(build);
      assertThat(operator.delete(REBUILD).expect(409).code()).isEqualTo("REBUILD_ENDED");
      ProjectorTest.await(service, recorder.settle("schedule", Facts.round("after")));
      assertThat(Trailed.acts("")).contains("REBUILD_CANCELLED");
    }
  }

  @Test
  void aRowThatWasAlteredIsNamedAndRightAgainOnceDifferencesAreAccepted() throws Exception {
    String schema = "altered";
    try (Recorder recorder = new Recorder("alter");
        ConfigurableApplicationContext service = Ground.service(schema, SETTINGS)) {
      Token last = ProjectorTest.history(recorder, 60);
      ProjectorTest.await(service, last);
      Operating operator = new Operating(Ground.origin(service));
      List<String> right = Rows.all(schema, "alter");
      Rows.change(
          "update altered.announcements set body = replace(body, 'Words', 'Lies')"
              + " where negotiation = 'alter' and id = 'a-3' and from_sequence = first_sequence");
      assertThat(Rows.all(schema, "alter")).isNotEqualTo(right);
      JsonNode failed = ended(operator, REBUILD);
      assertThat(failed.get("state").asString()).isEqualTo("FAILED");
      assertThat(failed.get("firstDifference").asString())
          .startsWith("announcements: a-3 at ")
          .endsWith(" of alter is another in the build");
      Operating.until("it is gone", () -> schemas(schema).equals(List.of(schema)));
      assertThat(Rows.all(schema, "alter")).isNotEqualTo(right);

      JsonNode accepted = ended(operator, REBUILD + "?acceptDifferences=true");
      assertThat(accepted.get("state").asString()).isEqualTo("SWAPPED");
      assertThat(accepted.get("firstDifference").asString()).startsWith("announcements: a-3 at ");
      assertThat(Rows.all(schema, "alter")).isEqualTo(right);

      // What search looks in is not compared where it is made of what is.
      String search = "alter table altered.announcements ";
      Rows.change(search + "alter column search drop expression");
      assertThat(ended(operator, REBUILD).get("firstDifference").asString())
          .isEqualTo("announcements: search is not made of the text beside it");
      Rows.change(
          search
              + "drop column search, add column search tsvector"
              + " generated always as (to_tsvector('simple', words)) stored");

      // Rows that are missing or too many are named too.
      Rows.change("delete from altered.people where negotiation = 'alter' and id = 'head-3'");
      assertThat(ended(operator, REBUILD).get("firstDifference").asString())
          .startsWith("people: head-3 at ")
          .endsWith("is in the build alone");
      Rows.change(
          "insert into altered.places (negotiation, id, from_sequence, first_sequence, body)"
              + " values ('nobody-knows', 'x', 1, 1, '{}')");
      Rows.change("delete from altered.people");
      assertThat(ended(operator, REBUILD).get("state").asString()).isEqualTo("FAILED");
    }
  }

  @Test
  void aViewThatWasMendedIsSwappedInAndOneThatSkipsStaysAsItIs() throws Exception {
    String schema = "mended";
    FragileView.REFUSED.add("bad");
    try (Recorder recorder = new Recorder("mend");
        ConfigurableApplicationContext service =
            Ground.service(schema, SETTINGS, FragileView.class)) {
      recorder.settle("schedule", Facts.convened("Mended"));
      recorder.settle("schedule", Facts.round("good"));
      recorder.settle("schedule", Facts.round("bad"));
      Token last = recorder.settle("schedule", Facts.round("other"));
      Operating operator = new Operating(Ground.origin(service));
      Operating.until("there are tables", () -> operator.get("/dead-letters").status() == 200);
      Operating.until("it stands still", () -> operator.deadLetters("mend").size() == 1);
      // As it is: what stands still stands still in the build too, and its dead letter stays one.
      JsonNode letter = operator.deadLetters("mend").getFirst();
      assertThat(ended(operator, REBUILD).get("state").asString()).isEqualTo("SWAPPED");
      assertThat(operator.deadLetters("mend").getFirst().get("id")).isEqualTo(letter.get("id"));
      // Mended: another it is, and that is said.
      FragileView.REFUSED.clear();
      assertThat(ended(operator, REBUILD).get("firstDifference").asString()).contains("fragile");
      JsonNode accepted = ended(operator, REBUILD + "?acceptDifferences=true");
      assertThat(accepted.get("state").asString()).isEqualTo("SWAPPED");
      assertThat(operator.deadLetters("mend")).isEmpty();
      ProjectorTest.await(service, last);
      assertThat(fragile(schema)).contains("bad 3");

      // What is passed over is passed over in a rebuild.
      FragileView.REFUSED.add("worse");
      recorder.settle("schedule", Facts.round("worse"));
      recorder.settle("schedule", Facts.round("last"));
      Operating.until("it stands still", () -> operator.deadLetters("mend").size() == 1);
      String id = operator.deadLetters("mend").getFirst().get("id").asString();
      operator.post("/dead-letters/" + id + "/skip", "{\"reason\":\"a mistake\"}").expect(200);
      assertThat(operator.deadLetters("mend")).isEmpty();
      FragileView.REFUSED.clear();
      assertThat(ended(operator, REBUILD).get("state").asString()).isEqualTo("SWAPPED");
      assertThat(fragile(schema)).contains("last 6").doesNotContain("worse 5");
    }
  }

  @Test
  void oneThatIsKilledInTheMiddleIsFinishedByAnother(@TempDir Path directory) throws Exception {
    Map<String, String> slow = new HashMap<>(SETTINGS);
    slow.put("parley.projection.batch-events", "1");
    try (Recorder recorder = new Recorder("kill");
        StreamReplica apart =
            StreamReplica.apart(slow, directory.resolve("killed.log"), "killed")) {
      Token last = ProjectorTest.history(recorder, 3_000);
      apart.start();
      Operating.until("it answers", () -> answers(apart));
      Operating there = new Operating(apart.origin());
      Operating.until("it has all", () -> lag(there) == 0);
      String id = there.post(REBUILD).expect(202).body().get("id").asString();
      Operating.until("it is in the middle", () -> position("killed_next") > 500);
      apart.end();
      assertThat(position("killed_next")).isLessThan(position("killed"));
      long begun = build("killed_next");
      try (ConfigurableApplicationContext service = Ground.service("killed", SETTINGS)) {
        Operating operator = new Operating(Ground.origin(service));
        Operating.until(
            "it is finished", () -> !operator.get(REBUILD).body().get("ended").isNull());
        JsonNode ended = operator.get(REBUILD).body();
        assertThat(ended.get("state").asString()).as("%s", ended).isEqualTo("SWAPPED");
        assertThat(ended.get("id").asString()).isEqualTo(id);
        // It went on from where the other was: these are the tables that it had begun.
        assertThat(build("killed")).isEqualTo(begun);
        ProjectorTest.await(service, last);
        assertThat(Rows.query("select count(*) from killed.timeline where negotiation = 'kill'"))
            .containsExactly("3001");
      }
    }
  }

  /** Asks by HTTP all the time: as of a moment, and as of now. */
  private static final class Readers implements AutoCloseable {
    private final AtomicBoolean over;
    private final AtomicLong asked = new AtomicLong();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    Readers(List<ConfigurableApplicationContext> services, String negotiation, AtomicBoolean over) {
      this.over = over;
      for (ConfigurableApplicationContext service : services) {
        WebTestClient client = Ground.client(service);
        String n = Ground.origin(service) + "/api/negotiations/" + negotiation;
        running.add(
            CompletableFuture.runAsync(
                () -> {
                  Map<String, String> then = new HashMap<>();
                  Map<String, Long> sequences = new HashMap<>();
                  while (!over.get()) {
                    for (String path : List.of("/announcements", "/delegations", "/timeline")) {
                      pinned(client, n + path + "?limit=5&asOf=100", then);
                      newest(client, n + path + "?limit=5", sequences);
                    }
                  }
                }));
      }
    }

    private @Nullable EntityExchangeResult<byte[]> ask(WebTestClient client, String uri) {
      EntityExchangeResult<byte[]> answer =
          client.get().uri(URI.create(uri)).exchange().expectBody().returnResult();
      asked.incrementAndGet();
      if (answer.getStatus().value() != 200) {
        faults.add(uri + ": " + answer.getStatus() + " " + Story.text(answer));
        return null;
      }
      return answer;
    }

    private void pinned(WebTestClient client, String uri, Map<String, String> then) {
      EntityExchangeResult<byte[]> answer = ask(client, uri);
      if (answer != null) {
        String said = answer.getResponseHeaders().getETag() + " " + Story.text(answer);
        if (!then.computeIfAbsent(uri, each -> said).equals(said)) {
          faults.add(uri + " said " + then.get(uri) + " and then " + said);
        }
      }
    }

    private void newest(WebTestClient client, String uri, Map<String, Long> sequences) {
      EntityExchangeResult<byte[]> answer = ask(client, uri);
      if (answer != null) {
        long sequence =
            Long.parseLong(String.valueOf(answer.getResponseHeaders().getFirst("Parley-Sequence")));
        Long before = sequences.put(uri, sequence);
        if (before != null && sequence < before) {
          faults.add(uri + " went back from " + before + " to " + sequence);
        }
      }
    }

    void end() {
      over.set(true);
      running.forEach(CompletableFuture::join);
      assertThat(faults).isEmpty();
    }

    @Override
    public void close() {
      over.set(true);
    }
  }

  private static boolean answers(StreamReplica replica) {
    try {
      return new Operating(replica.origin()).get("/projections").status() == 200;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static long lag(Operating operator) {
    JsonNode records = operator.records();
    return records.get("lag").asLong();
  }

  /** Begins one, and waits for its end. */
  private static JsonNode ended(Operating operator, String path) {
    String id = operator.post(path).expect(202).body().get("id").asString();
    Operating.until("it has ended", () -> !operator.get(REBUILD).body().get("ended").isNull());
    JsonNode ended = operator.get(REBUILD).body();
    assertThat(ended.get("id").asString()).isEqualTo(id);
    return ended;
  }

  private static Connection held(String table) throws SQLException {
    var connection = Rows.connect();
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("lock table " + table + " in row share mode");
    }
    return connection;
  }

  private static List<String> fragile(String schema) throws SQLException {
    return Rows.query(
        "select id || ' ' || from_sequence from %s.fragile where negotiation = 'mend'"
            .formatted(schema));
  }

  private static long build(String schema) throws SQLException {
    return Long.parseLong(oid(schema, "positions"));
  }

  private static String oid(String schema, String table) throws SQLException {
    return Rows.query("select '%s.%s'::regclass::oid".formatted(schema, table)).getFirst();
  }

  private static long position(String schema) {
    return Long.parseLong(
        query("select coalesce(sum(position), 0) from " + schema + ".positions").getFirst());
  }

  private static List<String> schemas(String schema) {
    return query(
        "select nspname from pg_namespace where nspname in ('%1$s', '%1$s_next', '%1$s_old')"
                .formatted(schema)
            + " order by 1");
  }

  private static List<String> query(String sql) {
    try {
      return Rows.query(sql);
    } catch (SQLException e) {
      return List.of("0");
    }
  }
}
