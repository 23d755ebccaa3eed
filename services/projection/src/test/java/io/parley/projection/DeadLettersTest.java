package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.projection.Operating.Answer;
import io.parley.projection.trail.Trail;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What is not applied is named, tried again and passed over, by whatever instance is asked. */
class DeadLettersTest {
  private static final Map<String, String> SETTINGS =
      Map.of("parley.projection.batch-events", "7", "parley.projection.wait-at-most", "20s");
  private static final Map<String, String> READING =
      Map.of("parley.projection.project", "false", "parley.projection.wait-at-most", "20s");
  private static final String WHY = "{\"reason\": \"it was recorded by mistake\"}";

  @AfterEach
  void mend() {
    FragileView.REFUSED.clear();
  }

  @Test
  void aRetryReachesWhoeverHasThePartition() throws Exception {
    FragileView.REFUSED.add("bad");
    try (Recorder recorder = new Recorder("retried");
        ConfigurableApplicationContext owner =
            Ground.service("retrying", SETTINGS, FragileView.class);
        ConfigurableApplicationContext other =
            Ground.service("retrying", READING, FragileView.class)) {
      Operating operator = new Operating(Ground.origin(other));
      troubles(recorder);
      awaitTimeline(owner, recorder, Facts.round("last"));
      JsonNode letter = onlyLetter(operator, "retried");
      assertThat(letter.get("projection").asString()).isEqualTo("records");
      assertThat(letter.get("view").asString()).isEqualTo("fragile");
      assertThat(letter.get("sequence").asLong()).isEqualTo(3);
      assertThat(letter.get("type").asString()).isEqualTo("RoundScheduled");
      assertThat(letter.get("aggregate").asString()).isEqualTo("round:bad");
      assertThat(letter.get("attempts").asLong()).isEqualTo(1);
      assertThat(letter.get("behind").asLong()).isEqualTo(5);
      String path = "/dead-letters/" + letter.get("id").asString();
      assertThat(operator.get(path).expect(200).body()).isEqualTo(letter);

      // In vain, and that is told.
      assertThat(outlook(operator.post(path + "/retry?dryRun=true"))).isEqualTo("0 0 3");
      Answer vain = operator.post(path + "/retry").expect(200);
      assertThat(vain.body().at("/state").asString()).isEqualTo("STANDS_STILL");
      assertThat(vain.body().at("/deadLetter/attempts").asLong()).isEqualTo(2);
      assertThat(vain.body().at("/deadLetter/sequence").asLong()).isEqualTo(3);

      // Mended: what a dry run says is what then happens.
      FragileView.REFUSED.clear();
      long before = rows("retrying", "retried");
      String told = outlook(operator.post(path + "/retry?dryRun=true"));
      assertThat(rows("retrying", "retried")).isEqualTo(before);
      assertThat(onlyLetter(operator, "retried").get("attempts").asLong()).isEqualTo(2);
      Answer mended = operator.post(path + "/retry").expect(200);
      assertThat(mended.body().at("/state").asString()).isEqualTo("GOES_ON");
      assertThat(told).isEqualTo("5 " + (rows("retrying", "retried") - before) + " none");
      assertThat(operator.deadLetters("retried")).isEmpty();
      assertThat(operator.post(path + "/retry").expect(404).code())
          .isEqualTo("DEAD_LETTER_NOT_FOUND");
      // And it goes on with what it made of them.
      awaitTimeline(owner, recorder, outcome("bad"));
      assertThat(
              Rows.query(
                  "select body::json ->> 'events' from retrying.fragile where id = 'bad'"
                      + " and negotiation = 'retried' order by from_sequence"))
          .containsExactly("1", "2", "3");
      assertThat(Trailed.acts("retried")).containsOnly("VIEW_RETRIED");
    }
  }

  @Test
  void aSkipIsForEverAndForOneEntryOfOneViewAlone() throws Exception {
    FragileView.REFUSED.add("bad");
    try (Recorder recorder = new Recorder("skipped");
        Recorder unlike = new Recorder("not-skipped")) {
      Set<String> there = new HashSet<>();
      try (ConfigurableApplicationContext owner =
              Ground.service("skipping", SETTINGS, FragileView.class);
          ConfigurableApplicationContext other =
              Ground.service("skipping", READING, FragileView.class)) {
        Operating operator = new Operating(Ground.origin(other));
        troubles(recorder);
        troubles(unlike);
        awaitTimeline(owner, recorder, Facts.round("last"));
        awaitTimeline(owner, unlike, Facts.round("last"));
        JsonNode letter = onlyLetter(operator, "skipped");
        String path = "/dead-letters/" + letter.get("id").asString();
        for (String body : List.of("", "{}", "[]", "x", "{\"reason\":\" \"}", "{\"reason\":1}")) {
          operator.post(path + "/skip", body).expect(400);
        }
        operator.post(path + "/skip", "{\"reason\":\"" + "x".repeat(501) + "\"}").expect(400);
        operator.post(path + "/skip?dryRun=maybe", WHY).expect(400);
        operator.as("editor", "auditor").post(path + "/skip", WHY).expect(403);
        // What cannot be written down is not done.
        other.getBean(Trail.class).stop();
        assertThat(operator.post(path + "/skip", WHY).expect(503).code()).isEqualTo("TRAIL_AWAY");
        assertThat(operator.post(path + "/retry").expect(503).code()).isEqualTo("TRAIL_AWAY");
        other.getBean(Trail.class).start();
        assertThat(Rows.query("select * from parley.skips where negotiation = 'skipped'"))
            .isEmpty();
        assertThat(onlyLetter(operator, "skipped").get("attempts").asLong()).isEqualTo(1);

        // The next one of that round is not taken either.
        assertThat(outlook(operator.post(path + "/skip?dryRun=true"))).isEqualTo("0 0 4");
        Answer first = operator.post(path + "/skip", WHY).expect(200);
        assertThat(first.body().at("/state").asString()).isEqualTo("STANDS_STILL");
        assertThat(first.body().at("/deadLetter/sequence").asLong()).isEqualTo(4);
        assertThat(operator.post(path + "/skip", WHY).expect(409).code())
            .isEqualTo("DEAD_LETTER_MOVED");
        assertThat(operator.post(path + "/retry").expect(409).code())
            .isEqualTo("DEAD_LETTER_MOVED");

        String second = "/dead-letters/" + onlyLetter(operator, "skipped").get("id").asString();
        long before = rows("skipping", "skipped");
        String told = outlook(operator.post(second + "/skip?dryRun=true"));
        Answer on = operator.post(second + "/skip", WHY).expect(200);
        assertThat(on.body().at("/state").asString()).isEqualTo("GOES_ON");
        assertThat(told).isEqualTo("3 " + (rows("skipping", "skipped") - before) + " none");
        assertThat(operator.deadLetters("skipped")).isEmpty();
        // Of the other negotiation nothing was passed over.
        assertThat(onlyLetter(operator, "not-skipped").get("sequence").asLong()).isEqualTo(3);
        assertThat(
                Rows.query(
                    "select view || ' ' || sequence || ' ' || type || ' ' || subject || ' '"
                        + " || reason from parley.skips where negotiation = 'skipped'"
                        + " order by sequence"))
            .containsExactly(
                "fragile 3 RoundScheduled tester it was recorded by mistake",
                "fragile 4 RoundOutcomeRecorded tester it was recorded by mistake");
        there.addAll(fragile("skipping", "skipped"));
        assertThat(there).isNotEmpty();
      }
      // Another version of the read models passes over them too.
      try (ConfigurableApplicationContext service =
          Ground.service("skippinganew", SETTINGS, FragileView.class)) {
        awaitTimeline(service, recorder, outcome("good"));
        assertThat(new Operating(Ground.origin(service)).deadLetters("skipped")).isEmpty();
        assertThat(fragile("skippinganew", "skipped")).containsAll(there);
      }
      assertThat(Trailed.acts("skipped")).containsOnly("EVENT_SKIPPED");
      // A verification finds them by these words.
      assertThat(Trailed.details("skipped"))
          .contains(
              "fragile at 3: RoundScheduled of round:bad; it was recorded by mistake",
              "fragile at 4: RoundOutcomeRecorded of round:bad; it was recorded by mistake");
    }
  }

  @Test
  void aFaultyLogIsNamedOnEveryInstanceAndCannotBeSkipped() throws Exception {
    try (Recorder recorder = new Recorder("faulty");
        ConfigurableApplicationContext owner = Ground.service("faultylog", SETTINGS);
        ConfigurableApplicationContext other = Ground.service("faultylog", READING)) {
      Token first = recorder.settle("schedule", Facts.convened("Faulty"));
      ProjectorTest.await(owner, first);
      Rows.change("alter table faultylog.timeline add check (aggregate <> 'round:unwritable')");
      recorder.settle("schedule", Facts.round("unwritable"));
      Token last = recorder.settle("schedule", Facts.round("behind-it"));
      Operating operator = new Operating(Ground.origin(other));
      int partition = ProjectorTest.partition("faulty");
      Operating.until("it is told", () -> partition(operator, partition) != null);
      JsonNode letter = Objects.requireNonNull(partition(operator, partition));
      assertThat(letter.get("view").isNull()).isTrue();
      assertThat(letter.get("reason").asString()).contains("RoundScheduled at 2 of faulty");
      JsonNode told = operator.records();
      assertThat(told.get("state").asString()).isEqualTo("STOPPED");
      assertThat(told.get("reason").asString()).contains("RoundScheduled at 2 of faulty");
      String path = "/dead-letters/" + letter.get("id").asString();
      Answer skip = operator.post(path + "/skip", WHY).expect(409);
      assertThat(skip.code()).isEqualTo("LOG_FAULTY");
      assertThat(skip.body().at("/detail").asString())
          .contains("partition " + partition)
          .contains("offset " + letter.get("offset").asLong());
      Answer vain = operator.post(path + "/retry").expect(200);
      assertThat(vain.body().at("/deadLetter/attempts").asLong()).isGreaterThanOrEqualTo(1);
      Rows.change("alter table faultylog.timeline drop constraint timeline_aggregate_check");
      assertThat(outlook(operator.post(path + "/retry?dryRun=true"))).endsWith("none");
      operator.post(path + "/retry");
      ProjectorTest.await(other, last);
      assertThat(partition(operator, partition)).isNull();
      assertThat(operator.post(path + "/retry").expect(404).code())
          .isEqualTo("DEAD_LETTER_NOT_FOUND");
    }
  }

  @Test
  void theListIsPaged() throws Exception {
    FragileView.REFUSED.add("bad");
    List<Recorder> recorders =
        List.of(new Recorder("paged-1"), new Recorder("paged-2"), new Recorder("paged-3"));
    try (ConfigurableApplicationContext service =
        Ground.service("paging", SETTINGS, FragileView.class)) {
      Operating operator = new Operating(Ground.origin(service));
      for (Recorder recorder : recorders) {
        troubles(recorder);
        awaitTimeline(service, recorder, Facts.round("last"));
      }
      Set<String> ids = new HashSet<>();
      @Nullable String next = "";
      while (next != null) {
        JsonNode page = operator.get("/dead-letters?limit=2" + next).expect(200).body();
        assertThat(page.get("items").size()).isBetween(1, 2);
        page.get("items").forEach(each -> assertThat(ids.add(each.get("id").asString())).isTrue());
        next = page.get("next").isNull() ? null : "&cursor=" + page.get("next").asString();
      }
      JsonNode all = operator.get("/dead-letters?limit=1000").body().get("items");
      assertThat(ids).hasSize(all.size()).hasSizeGreaterThanOrEqualTo(3);
      for (String bad : List.of("?limit=0", "?limit=1001", "?cursor=x", "?asOf=1")) {
        operator.get("/dead-letters" + bad).expect(400);
      }
      operator.get("/dead-letters/nonsense").expect(404);
    } finally {
      recorders.forEach(Recorder::close);
    }
  }

  /** Entries 1 to 6, of which the fragile view does not take 3 and 4, where it is not mended. */
  private static void troubles(Recorder recorder) {
    recorder.settle("schedule", Facts.convened("Troubles"));
    recorder.settle("schedule", Facts.round("good"));
    recorder.settle("schedule", Facts.round("bad"));
    recorder.settle("schedule", outcome("bad"));
    recorder.settle("schedule", outcome("good"));
    recorder.settle("schedule", Facts.round("other"));
  }

  private static RoundOutcomeRecorded outcome(String round) {
    return new RoundOutcomeRecorded().round(round).outcome(Outcome.AGREED);
  }

  private static void awaitTimeline(
      ConfigurableApplicationContext service, Recorder recorder, io.parley.schemas.Event event) {
    Token token = recorder.settle("schedule", event);
    Ground.client(service)
        .get()
        .uri("/api/negotiations/" + recorder.negotiation() + "/timeline")
        .header("Parley-After", token.toString())
        .exchange()
        .expectStatus()
        .isOk();
  }

  private static JsonNode onlyLetter(Operating operator, String negotiation) {
    List<JsonNode> letters = operator.deadLetters(negotiation);
    assertThat(letters).hasSize(1);
    return letters.getFirst();
  }

  private static @Nullable JsonNode partition(Operating operator, int partition) {
    return Story.list(operator.get("/dead-letters").expect(200).body().get("items")).stream()
        .filter(each -> each.get("view").isNull() && each.get("partition").asInt() == partition)
        .findFirst()
        .orElse(null);
  }

  /** Entries, rows, and the sequence number of where it would stand still next. */
  private static String outlook(Answer answer) {
    JsonNode outlook = answer.expect(200).body().get("outlook");
    assertThat(answer.body().get("dryRun").asBoolean()).isTrue();
    assertThat(outlook.get("whole").asBoolean()).isTrue();
    JsonNode next = outlook.get("next");
    return outlook.get("entries").asLong()
        + " "
        + outlook.get("rows").asLong()
        + " "
        + (next.isNull() ? "none" : next.get("sequence").asLong());
  }

  private static long rows(String schema, String negotiation) throws SQLException {
    return fragile(schema, negotiation).size();
  }

  private static List<String> fragile(String schema, String negotiation) throws SQLException {
    return Rows.query(
        "select t::text from %s.fragile t where negotiation = '%s' order by 1"
            .formatted(schema, negotiation));
  }
}
