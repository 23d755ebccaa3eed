package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

/** Each entry is applied once, whatever dies, and a faulty log stops what follows it. */
class ProjectorTest {
  private static final Map<String, String> SMALL_BATCHES =
      Map.of("parley.projection.batch-events", "7", "parley.projection.wait-at-most", "20s");

  @Test
  void replayFromScratchAndInOtherBatchesGivesTheSameRows() throws Exception {
    try (Recorder recorder = new Recorder("replayed")) {
      Token last = history(recorder, 60);
      List<String> live;
      try (ConfigurableApplicationContext service = Ground.service("live", SMALL_BATCHES)) {
        await(service, last);
        live = Rows.all("live", "replayed");
      }
      try (ConfigurableApplicationContext service =
          Ground.service("scratch", Map.of("parley.projection.wait-at-most", "20s"))) {
        await(service, last);
        assertThat(Rows.all("scratch", "replayed")).isEqualTo(live);
      }
      assertThat(live).hasSizeGreaterThan(120);
    }
  }

  @Test
  void afterARestartItGoesOnWithWhatIsThere() throws Exception {
    try (Recorder recorder = new Recorder("restarted")) {
      recorder.settle("schedule", Facts.convened("Restarted"));
      Token first = recorder.settle("announcement", Facts.announced("a", "x", "One"));
      try (ConfigurableApplicationContext service = Ground.service("restarts", SMALL_BATCHES)) {
        await(service, first);
      }
      Token second = recorder.settle("announcement", Facts.corrected("a", "Two", 1));
      try (ConfigurableApplicationContext service = Ground.service("restarts", SMALL_BATCHES)) {
        await(service, second);
      }
      assertThat(
              Rows.query(
                  "select first_sequence || ' ' || from_sequence from restarts.announcements"
                      + " where negotiation = 'restarted' order by 1"))
          .containsExactly("2 2", "2 3");
    }
  }

  @Test
  void anEntryThatIsMissingStopsThePartitionAndHealthSaysSo() throws Exception {
    try (Recorder recorder = new Recorder("with-a-gap");
        ConfigurableApplicationContext service = Ground.service("gap", SMALL_BATCHES)) {
      recorder.settle("schedule", Facts.convened("Gap"));
      Token last = recorder.settle("schedule", Facts.round("one"));
      recorder.settle("schedule", Facts.round("four"), null, 4);
      recorder.settle("schedule", Facts.round("five"));
      await(service, last);
      String health = awaitHealth(service, "it is 4 after 2");
      assertThat(health).contains("STOPPED").contains("\"status\":\"DOWN\"");
      assertThat(Rows.query("select id from gap.rounds where negotiation = 'with-a-gap'"))
          .containsExactly("one");
      // The other partitions go on, and so does the process.
      try (Recorder other = elsewhere(recorder)) {
        await(service, other.settle("schedule", Facts.convened("Other")));
      }
    }
  }

  /** A negotiation in another partition than that one. */
  private static Recorder elsewhere(Recorder recorder) {
    int taken = partition(recorder.negotiation());
    int i = 0;
    while (partition("other-" + i) == taken) {
      i++;
    }
    return new Recorder("other-" + i);
  }

  static int partition(String key) {
    return org.apache.kafka.common.utils.Utils.toPositive(
            org.apache.kafka.common.utils.Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)))
        % 6;
  }

  static Token history(Recorder recorder, int events) {
    Token last = recorder.settle("schedule", Facts.convened("History"));
    for (int i = 0; i < events; i++) {
      String id = "a-" + i / 4;
      last =
          switch (i % 4) {
            case 0 -> recorder.settle("announcement", Facts.announced(id, "speaker-" + i, "Words"));
            case 1 -> recorder.settle("announcement", Facts.corrected(id, "Other words", 1));
            case 2 -> recorder.settle("announcement", Facts.retracted(id));
            default ->
                recorder.settle(
                    "delegation",
                    Facts.composed(
                        "party-" + i / 12, Facts.person("head-" + i % 50, "Name " + i % 50)));
          };
    }
    recorder.flush();
    return last;
  }

  static void await(ConfigurableApplicationContext service, Token token) {
    EntityExchangeResult<byte[]> answer = ask(service, token);
    // One read waits for as long as it may; a busy machine needs more of them.
    for (int tries = 1; answer.getStatus().value() == 503 && tries < 6; tries++) {
      answer = ask(service, token);
    }
    assertThat(answer.getStatus().value()).as("waiting for %s", token).isEqualTo(200);
  }

  private static EntityExchangeResult<byte[]> ask(
      ConfigurableApplicationContext service, Token token) {
    return Ground.client(service)
        .get()
        .uri(URI.create(Ground.origin(service) + "/api/negotiations/" + token.negotiation()))
        .header("Parley-After", token.toString())
        .exchange()
        .expectBody()
        .returnResult();
  }

  static String awaitHealth(ConfigurableApplicationContext service, String... expected) {
    long end = System.nanoTime() + 10_000_000_000L;
    String health = "";
    while (System.nanoTime() < end && !Stream.of(expected).allMatch(health::contains)) {
      byte[] body =
          Ground.client(service)
              .get()
              .uri("/actuator/health")
              .exchange()
              .expectBody()
              .returnResult()
              .getResponseBodyContent();
      health = body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }
    assertThat(health).contains(expected);
    return health;
  }
}
