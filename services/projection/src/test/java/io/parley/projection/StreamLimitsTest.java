package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.projection.StreamClient.Message;
import io.parley.projection.projector.Bodies;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** A slow or greedy client harms nobody. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class StreamLimitsTest {
  private static final int EVENTS = 3000;
  private static final int AT_ONCE = 4;
  private static final String TEXT = "Text ".repeat(1600);

  private static ConfigurableApplicationContext service;
  private static String origin;

  @BeforeAll
  static void start() {
    service =
        Ground.service(
            "limits",
            Map.of(
                "parley.projection.project", "false",
                "parley.stream.queued-bytes", "65536",
                "parley.stream.stalled-after", "10s",
                "parley.stream.cached-bytes", "4194304",
                "parley.stream.classes", "4",
                "parley.stream.connections-per-address", "6",
                "parley.stream.replay-budget", "30000"));
    origin = Ground.origin(service);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void whoIsTooSlowIsSentAwayWithACursorThatHoldsAndSlowsNobody() throws Exception {
    String path = "/api/negotiations/slow/events";
    try (Recorder recorder = new Recorder("slow");
        StreamClient slow = StreamClient.open("GET", "HTTP/1.1", 4096, origin, path);
        StreamClient other = StreamClient.open(origin, path)) {
      // What is recorded waits for the other, which is nowhere near the limit so; it never waits
      // for the slow one.
      List<Integer> heard = new ArrayList<>();
      for (int i = 0; i < EVENTS; i += AT_ONCE) {
        for (int k = i; k < i + AT_ONCE; k++) {
          recorder.settle("announcement", Facts.announced("a" + k, "anna", TEXT));
        }
        recorder.flush();
        heard.addAll(StreamsTest.sequences(other, AT_ONCE));
      }
      assertThat(heard)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, EVENTS).boxed().toList());
      assertThat(ended("slow")).isEqualTo(1);
      // It reads what was on its way, is told to come back, and misses nothing.
      List<Integer> received = new ArrayList<>();
      String cursor = null;
      String retry = null;
      try {
        while (true) {
          Message message = slow.next();
          cursor = message.id() == null ? cursor : message.id();
          retry = message.retry() == null ? retry : message.retry();
          if (message.data() != null) {
            received.add(message.json().get("sequence").asInt());
          }
        }
      } catch (IOException e) {
        // Ended in good order, or cut off where it took too long.
        assertThat(received).hasSizeLessThan(EVENTS);
      }
      try (StreamClient back =
          StreamClient.open(origin, path, "Last-Event-ID", String.valueOf(cursor))) {
        received.addAll(StreamsTest.sequences(back, EVENTS - received.size()));
      }
      assertThat(received).isEqualTo(heard);
      if (slow.endedWell()) {
        assertThat(retry).isEqualTo("2000");
      }
      // The same without reading at all, and through history.
      try (StreamClient stalled =
          StreamClient.open("GET", "HTTP/1.1", 4096, origin, path + "?since=beginning")) {
        assertThat(stalled.status()).isEqualTo(200);
        await("stalled", 1);
      }
    }
  }

  @Test
  void tooManyAreTurnedAway() throws Exception {
    List<StreamClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        clients.add(StreamClient.open(origin, "/api/events?party=p" + i));
      }
      assertRefused("/api/events?party=another", "TOO_MANY_FILTERS");
      clients.add(StreamClient.open(origin, "/api/events?party=p0"));
      clients.add(StreamClient.open(origin, "/api/events?party=p1"));
      assertRefused("/api/events?party=p2", "TOO_MANY_STREAMS");
    } finally {
      for (StreamClient each : clients) {
        each.close();
      }
    }
    await("gone", clients.size());
    try (StreamClient again = StreamClient.open(origin, "/api/events?party=another")) {
      assertThat(again.status()).isEqualTo(200);
    }
  }

  @Test
  void aReplayReadsEachPageOnceThoughItsCacheHoldsOnlyAFew() throws Exception {
    String path = "/api/negotiations/paged/events";
    int events = 1200;
    String before;
    try (StreamClient live = StreamClient.open(origin, path)) {
      before = String.valueOf(live.next().id());
    }
    try (Recorder recorder = new Recorder("paged")) {
      for (int i = 0; i < events; i++) {
        recorder.settle("announcement", Facts.announced("a" + i, "anna", TEXT));
      }
      recorder.flush();
    }
    try (StreamClient all = StreamClient.open(origin, path + "?lastEventId=" + before)) {
      assertThat(StreamsTest.sequences(all, events)).hasSize(events);
    }
    double readBefore = pages();
    try (StreamClient replay =
        StreamClient.open(
            origin, path + "?lastEventId=" + before, "Accept", "application/x-ndjson")) {
      assertThat(replay.lines()).hasSize(events);
    }
    // Of 64 records, which come to 512 KiB: 19 of them, and those at either end are not whole.
    assertThat(pages() - readBefore).isBetween(events / 64.0, events / 64.0 + 8);
  }

  private static double pages() {
    return service
        .getBean(MeterRegistry.class)
        .get("parley.stream.pages")
        .functionCounter()
        .count();
  }

  private static void assertRefused(String path, String code) throws IOException {
    try (StreamClient client = StreamClient.open(origin, path)) {
      assertThat(client.status()).isEqualTo(429);
      assertThat(Integer.parseInt(String.valueOf(client.header("retry-after")))).isPositive();
      assertThat(Bodies.JSON.readTree(String.join("", client.lines())).get("code").asString())
          .isEqualTo(code);
    }
  }

  private static double ended(String reason) {
    return service
        .getBean(MeterRegistry.class)
        .get("parley.stream.ended")
        .tag("reason", reason)
        .functionCounter()
        .count();
  }

  private static void await(String reason, int atLeast) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (ended(reason) < atLeast) {
      assertThat(System.nanoTime()).as(reason).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
