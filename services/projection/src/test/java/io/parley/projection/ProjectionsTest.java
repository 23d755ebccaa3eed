package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** How far the projections are, and that they are seen to stand still. */
class ProjectionsTest {
  private static final Map<String, String> SETTINGS =
      Map.of("parley.projection.wait-at-most", "20s", "parley.projection.stalled-after", "2s");

  @Test
  void everyInstanceTellsWhereAllPartitionsAre() throws Exception {
    try (Recorder recorder = new Recorder("told");
        ConfigurableApplicationContext one = Ground.service("telling", SETTINGS);
        ConfigurableApplicationContext two =
            Ground.service(
                "telling",
                Map.of(
                    "parley.projection.project",
                    "false",
                    "parley.projection.stalled-after",
                    "2s"))) {
      Token last = ProjectorTest.history(recorder, 100);
      ProjectorTest.await(one, last);
      Operating there = new Operating(Ground.origin(one));
      Operating here = new Operating(Ground.origin(two));
      Operating.until("no lag", () -> here.records().get("lag").asLong() == 0);
      JsonNode records = here.records();
      assertThat(records.get("name").asString()).isEqualTo("records");
      assertThat(records.get("schema").asString()).isEqualTo("telling");
      assertThat(records.get("state").asString()).isEqualTo("RUNNING");
      assertThat(records.get("partitions")).hasSize(6);
      JsonNode partition = records.get("partitions").get(ProjectorTest.partition("told"));
      assertThat(partition.get("position").asLong())
          .isEqualTo(partition.get("end").asLong())
          .isGreaterThan(100);
      assertThat(there.records().get("partitions")).isEqualTo(records.get("partitions"));
      assertThat(here.get("/projections").body().at("/items/1").propertyNames())
          .containsExactlyInAnyOrder("name", "schema", "state");
      Operating.until("a rate", () -> here.records().at("/rate").isNumber());
      recorder.settle("schedule", Facts.round("more"));
      Operating.until("a rate above 0", () -> here.records().get("rate").asDouble() > 0);
      // Of entries, and not of the offsets that they took.
      assertThat(Rows.query("select sum(applied) from telling.positions"))
          .isEqualTo(Rows.query("select count(*) from telling.timeline"));
      assertThat(here.as("auditor").get("/projections").status()).isEqualTo(403);
    }
  }

  @Test
  void aPositionThatDoesNotMoveWhileTheHeadDoesIsSeen() throws Exception {
    try (Recorder recorder = new Recorder("stalled");
        ConfigurableApplicationContext service = Ground.service("stalling", SETTINGS)) {
      Token first = recorder.settle("schedule", Facts.convened("Stalled"));
      ProjectorTest.await(service, first);
      int partition = ProjectorTest.partition("stalled");
      Operating operator = new Operating(Ground.origin(service));
      try (Connection holding = Rows.connect();
          var statement = holding.createStatement()) {
        holding.setAutoCommit(false);
        // The projector hangs in its transaction, and says nothing any more.
        statement.execute("select * from stalling.positions for update");
        Token second = recorder.settle("schedule", Facts.round("one"));
        String health =
            // Each part of health looks at a moment of its own, so that one may be ahead.
            ProjectorTest.awaitHealth(
                service,
                "the head moves and the position does not",
                "\"projecting\":{\"status\":\"DOWN\"");
        // It says of itself that it runs.
        assertThat(health).contains("RUNNING").doesNotContain("STOPPED");
        JsonNode told = operator.records();
        assertThat(told.get("state").asString()).isEqualTo("STOPPED");
        assertThat(told.get("reason").asString()).contains("the head moves");
        assertThat(told.get("partitions").get(partition).get("state").asString())
            .isEqualTo("STOPPED");
        holding.rollback();
        ProjectorTest.await(service, second);
      }
      ProjectorTest.awaitHealth(service, "\"projecting\":{\"status\":\"UP\"");
      Operating.until(
          "running", () -> operator.records().get("state").asString().equals("RUNNING"));
    }
  }
}
