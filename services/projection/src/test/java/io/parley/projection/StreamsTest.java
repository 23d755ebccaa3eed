package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.StreamClient.Message;
import io.parley.projection.projector.Bodies;
import io.parley.schemas.announcement.AnnouncementPublished;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The streams over the wire: what is sent, how it resumes, what is refused. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StreamsTest {
  private static ConfigurableApplicationContext service;
  private static String origin;

  @BeforeAll
  static void start() {
    service =
        Ground.service(
            "streams",
            Map.of(
                "parley.projection.project", "false",
                "parley.stream.heartbeat", "1s",
                "parley.stream.filter-values", "5"));
    origin = Ground.origin(service);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void whoListensHearsEachEventAsACloudEvent() throws Exception {
    try (Recorder recorder = new Recorder("heard");
        StreamClient client = StreamClient.open(origin, "/api/negotiations/heard/events")) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("content-type")).isEqualTo("text/event-stream");
      Message first = client.next();
      assertThat(first.id()).isNotBlank();
      assertThat(first.data()).isNull();
      recorder.settle("schedule", Facts.convened("Talks"));
      recorder.settle("schedule", Facts.meeting("opening", "2025-05-15"), "2025-05-14");
      JsonNode convened = client.nextEvent().json();
      assertThat(convened.get("type").asString())
          .isEqualTo("io.parley.schedule.NegotiationConvened");
      Message message = client.nextEvent();
      assertThat(message.event()).isNull();
      JsonNode event = message.json();
      assertThat(event.get("specversion").asString()).isEqualTo("1.0");
      assertThat(event.get("id").asString()).isEqualTo("heard-2");
      assertThat(event.get("source").asString()).isEqualTo("/negotiations/heard/schedule");
      assertThat(event.get("subject").asString()).isEqualTo("meeting:opening");
      assertThat(event.get("time").asString()).isEqualTo(Recorder.recordedAt(2).toString());
      assertThat(event.get("datacontenttype").asString()).isEqualTo("application/json");
      assertThat(event.get("negotiation").asString()).isEqualTo("heard");
      assertThat(event.get("sequence").asInt()).isEqualTo(2);
      assertThat(event.get("aggregateversion").asInt()).isEqualTo(1);
      JsonNode data = event.get("data");
      assertThat(data.get("meeting").asString()).isEqualTo("opening");
      assertThat(data.get("occurred").get("edtf").asString()).isEqualTo("2025-05-14");
      assertThat(data.get("source").get("url").asString()).startsWith("https://");
      assertThat(message.data()).doesNotContain("somebody@example.org");
    }
  }

  @Test
  void whoComesBackGetsWhatItMissedAndNothingTwice() throws Exception {
    try (Recorder recorder = new Recorder("resumed")) {
      String path = "/api/negotiations/resumed/events";
      String cursor;
      try (StreamClient client = StreamClient.open(origin, path)) {
        cursor = String.valueOf(client.next().id());
        for (int i = 0; i < 10; i++) {
          recorder.settle("schedule", Facts.round("r" + i));
        }
        for (int i = 1; i <= 4; i++) {
          Message message = client.nextEvent();
          assertThat(sequence(message)).isEqualTo(i);
          cursor = String.valueOf(message.id());
        }
      }
      recorder.settle("schedule", Facts.round("r10"));
      recorder.flush();
      for (String[] how :
          List.of(
              new String[] {path, "Last-Event-ID", cursor},
              new String[] {path + "?lastEventId=" + cursor},
              new String[] {path + "?since=" + cursor})) {
        try (StreamClient client =
            how.length > 1
                ? StreamClient.open(origin, how[0], how[1], how[2])
                : StreamClient.open(origin, how[0])) {
          assertThat(sequences(client, 7)).containsExactly(5, 6, 7, 8, 9, 10, 11);
        }
      }
      try (StreamClient client = StreamClient.open(origin, path + "?since=beginning")) {
        assertThat(sequences(client, 11)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        recorder.settle("schedule", Facts.round("r11"));
        assertThat(sequences(client, 1)).containsExactly(12);
      }
    }
  }

  /**
   * From every place, with what is newest at hand (somebody else listens) and without: the first
   * that follows is neither the one before nor the one after it.
   */
  @Test
  void historyAndLiveMeetAtEveryPlace() throws Exception {
    for (String path : List.of("/api/negotiations/joined/events?", "/api/events?topic=joined&")) {
      for (boolean atHand : List.of(true, false)) {
        String negotiation = path.contains("topic") ? "joined-all-" + atHand : "joined-" + atHand;
        meetAtEveryPlace(path.replace("joined", negotiation), negotiation, atHand);
      }
    }
  }

  private static void meetAtEveryPlace(String path, String negotiation, boolean atHand)
      throws IOException {
    try (Recorder recorder = new Recorder(negotiation)) {
      List<String> cursors = new ArrayList<>();
      StreamClient keeper = StreamClient.open(origin, path);
      cursors.add(String.valueOf(keeper.next().id()));
      for (int i = 1; i <= 6; i++) {
        recorder.settle("announcement", said("a" + i, negotiation));
      }
      for (int i = 1; i <= 6; i++) {
        cursors.add(String.valueOf(keeper.nextEvent().id()));
      }
      if (!atHand) {
        keeper.close();
      }
      for (int from = 0; from <= 6; from++) {
        int last = 7 + from;
        try (StreamClient client =
            StreamClient.open(origin, path, "Last-Event-ID", cursors.get(from))) {
          // The second is live, or becomes so: the join lies before it.
          assertThat(sequences(client, last - 1 - from))
              .containsExactlyElementsOf(IntStream.range(from + 1, last).boxed().toList());
          recorder.settle("announcement", said("live" + from, negotiation));
          assertThat(sequences(client, 1)).containsExactly(last);
        }
      }
      keeper.close();
    }
  }

  private static AnnouncementPublished said(String id, String topic) {
    return Facts.announced(id, "anna", "Text").topics(List.of(topic));
  }

  @Test
  void aCursorOfTheWholeIsGoodForOneNegotiation() throws Exception {
    try (Recorder recorder = new Recorder("narrowed");
        StreamClient all = StreamClient.open(origin, "/api/events?negotiation=narrowed")) {
      recorder.settle("schedule", Facts.round("one"));
      recorder.settle("schedule", Facts.round("two"));
      Message first = all.nextEvent();
      try (StreamClient one =
          StreamClient.open(
              origin, "/api/negotiations/narrowed/events", "Last-Event-ID", first.id() + "")) {
        Message second = one.nextEvent();
        assertThat(sequence(second)).isEqualTo(2);
        assertRefused("/api/events?since=" + second.id(), 400, "INVALID_REQUEST");
        assertRefused(
            "/api/negotiations/heard/events?since=" + second.id(), 400, "INVALID_REQUEST");
      }
    }
  }

  @Test
  void anInstantBeginsWithTheFirstThatWasRecordedThen() throws Exception {
    try (Recorder recorder = new Recorder("since")) {
      for (int i = 0; i < 5; i++) {
        recorder.settle("schedule", Facts.round("r" + i));
      }
      recorder.flush();
      String from = "?since=" + Recorder.recordedAt(3);
      try (StreamClient client =
          StreamClient.open(origin, "/api/negotiations/since/events" + from)) {
        assertThat(sequences(client, 3)).containsExactly(3, 4, 5);
      }
      String until = "&until=" + Recorder.recordedAt(4);
      List<String> lines = replay("/api/negotiations/since/events" + from + until);
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst()).contains("\"sequence\":3");
      assertThat(replay("/api/events?negotiation=since" + from.replace('?', '&') + until))
          .isEqualTo(lines);
    }
  }

  @Test
  void aReplayIsEverythingAndThenEnds() throws Exception {
    try (Recorder recorder = new Recorder("replayed")) {
      for (int i = 0; i < 1200; i++) {
        recorder.settle("schedule", Facts.round("r" + i));
      }
      awaitHistory(recorder);
      List<String> lines = replay("/api/negotiations/replayed/events?since=beginning");
      assertThat(lines).hasSize(1200);
      assertThat(Bodies.JSON.readTree(lines.getLast()).get("sequence").asInt()).isEqualTo(1200);
      assertThat(replay("/api/negotiations/replayed/events")).isEmpty();
    }
  }

  @Test
  void filtersAreOrInsideOneAndAndBetween() throws Exception {
    String all = "/api/negotiations/filtered/events?since=beginning";
    try (Recorder recorder = new Recorder("filtered");
        StreamClient live =
            StreamClient.open(origin, "/api/negotiations/filtered/events?person=anna")) {
      recorder.settle("schedule", Facts.convened("Talks"));
      recorder.settle("delegation", Facts.composed("ru", Facts.person("anna", "Anna")));
      recorder.settle("schedule", Facts.leg("leg", Facts.person("boris", "Boris")));
      recorder.settle("announcement", Facts.announced("a", "anna", "Text"));
      recorder.settle("announcement", Facts.retracted("a"));
      assertThat(sequences(live, 2)).containsExactly(2, 4);
      awaitHistory(recorder);
      assertThat(seen(all, 5)).containsExactly(1, 2, 3, 4, 5);
      assertThat(seen(all + "&service=delegation", 1)).containsExactly(2);
      assertThat(seen(all + "&type=HeadReplaced&type=LegRecorded", 1)).containsExactly(3);
      assertThat(seen(all + "&type=io.parley.schedule.LegRecorded", 1)).containsExactly(3);
      assertThat(seen(all + "&party=ru", 3)).containsExactly(1, 2, 4);
      assertThat(seen(all + "&person=boris,anna", 3)).containsExactly(2, 3, 4);
      assertThat(seen(all + "&kind=STATEMENT", 1)).containsExactly(4);
      assertThat(seen(all + "&topic=ceasefire&language=en", 1)).containsExactly(4);
      assertThat(seen(all + "&person=anna&service=announcement", 1)).containsExactly(4);
      assertThat(seen(all + "&topic=ceasefire&language=fr", 0)).isEmpty();
    }
  }

  @Test
  void namesAreSentToThoseWhoAskForThem() throws Exception {
    try (Recorder recorder = new Recorder("named");
        StreamClient named =
            StreamClient.open(origin, "/api/negotiations/named/events?named=true")) {
      recorder.settle("schedule", Facts.convened("Talks"));
      assertThat(named.nextEvent().event()).isEqualTo("NegotiationConvened");
    }
  }

  @Test
  void aBlockWithOnlyAnIdComesAgainAndKeepsTheCursorFresh() throws Exception {
    try (Recorder recorder = new Recorder("quiet");
        StreamClient client =
            StreamClient.open(origin, "/api/negotiations/quiet/events?type=MeetingCancelled")) {
      String first = client.next().id();
      recorder.settle("schedule", Facts.convened("Talks"));
      recorder.flush();
      Message later = client.next();
      while (String.valueOf(later.id()).equals(first)) {
        later = client.next();
      }
      assertThat(later.data()).isNull();
      try (StreamClient back =
          StreamClient.open(
              origin, "/api/negotiations/quiet/events", "Last-Event-ID", later.id() + "")) {
        recorder.settle("schedule", Facts.round("next"));
        assertThat(sequences(back, 1)).containsExactly(2);
      }
    }
  }

  @Test
  void speedKeepsTheGaps() throws Exception {
    try (Recorder recorder = new Recorder("paced")) {
      for (int i = 0; i < 4; i++) {
        recorder.settle("schedule", Facts.round("r" + i));
      }
      // Only history is paced.
      awaitHistory(recorder);
      // A minute between two, divided by 120.
      String path = "/api/negotiations/paced/events?since=beginning&speed=120";
      // They may be on their way before the client is told that it is open.
      long began = System.nanoTime();
      try (StreamClient client = StreamClient.open(origin, path)) {
        assertThat(sequences(client, 4)).containsExactly(1, 2, 3, 4);
        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1400));
        recorder.settle("schedule", Facts.round("live"));
        assertThat(sequences(client, 1)).containsExactly(5);
      }
      assertThat(seen(path, 5)).containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  void aCursorOfAnotherTimelineIsSaidToBe() throws Exception {
    String other = otherEpoch();
    try (StreamClient client =
        StreamClient.open(origin, "/api/negotiations/reset/events", "Last-Event-ID", other)) {
      Message reset = client.next();
      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.json().get("reason").asString()).isEqualTo("ANOTHER_EPOCH");
      assertThat(reset.json().get("from").asString()).isEqualTo("now");
      assertThat(reset.json().get("cursor").asString()).isEqualTo(reset.id());
    }
    List<String> lines = replay("/api/negotiations/reset/events?since=" + other);
    assertThat(lines.getFirst()).contains("ANOTHER_EPOCH", "beginning");
  }

  /** Made by hand: version 1, an epoch of zeros, six partitions at offset 0, and a check. */
  private static String otherEpoch() {
    byte[] whole = new byte[1 + 8 + 1 + 1 + 6 + 2];
    whole[0] = 1;
    whole[9] = 1;
    whole[10] = 6;
    CRC32 crc = new CRC32();
    crc.update(whole, 0, whole.length - 2);
    whole[whole.length - 2] = (byte) (crc.getValue() >>> 8);
    whole[whole.length - 1] = (byte) crc.getValue();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  @Test
  void whatCannotBeAnsweredIsAProblem() throws Exception {
    assertRefused("/api/events?since=nonsense", 400, "INVALID_REQUEST");
    assertRefused("/api/events?since=2999-01-01T00:00:00Z", 400, "INVALID_REQUEST");
    assertRefused("/api/events?colour=red", 400, "INVALID_REQUEST");
    assertRefused("/api/events?type=Nothing", 400, "INVALID_REQUEST");
    assertRefused("/api/events?kind=NOTHING", 400, "INVALID_REQUEST");
    assertRefused("/api/events?service=nothing", 400, "INVALID_REQUEST");
    assertRefused("/api/events?party=Not+A+Slug", 400, "INVALID_REQUEST");
    assertRefused("/api/events?speed=0", 400, "INVALID_REQUEST");
    assertRefused("/api/events?named=yes", 400, "INVALID_REQUEST");
    assertRefused("/api/events?until=2025-01-01T00:00:00Z", 400, "INVALID_REQUEST");
    assertRefused("/api/events?party=a,b,c,d,e,f", 400, "INVALID_REQUEST");
    assertRefused("/api/negotiations/N/events", 404, "NOT_FOUND");
    assertRefused("/api/negotiations/a/events?negotiation=b", 400, "INVALID_REQUEST");
    assertRefused("/api/events", 400, "INVALID_REQUEST", "Last-Event-ID", "nonsense");
    assertRefused("/api/events", 401, "INVALID_CREDENTIALS", "Authorization", "Bearer nonsense");
    assertRefused("/api/events", 406, "NOT_ACCEPTABLE", "Accept", "image/png");
    try (StreamClient post =
        StreamClient.open("POST", "HTTP/1.1", 0, origin, "/api/events", "Content-Length", "0")) {
      assertThat(post.status()).isEqualTo(405);
      assertThat(post.header("allow")).contains("GET");
    }
    try (StreamClient head = StreamClient.open("HEAD", "HTTP/1.1", 0, origin, "/api/events")) {
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-type")).isEqualTo("text/event-stream");
    }
  }

  @Test
  void theHeadersAreThoseOfEveryPath() throws Exception {
    try (StreamClient read = StreamClient.open(origin, "/api/negotiations/none/events");
        StreamClient other = StreamClient.open(origin, "/v3/api-docs")) {
      for (String name : List.of("x-content-type-options", "x-frame-options", "referrer-policy")) {
        assertThat(read.header(name)).as(name).isEqualTo(other.header(name));
      }
      assertThat(read.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(read.header("cache-control")).isEqualTo("no-store");
      String docs = String.join("", other.lines());
      JsonNode paths = Bodies.JSON.readTree(docs).get("paths");
      for (String path : List.of("/api/events", "/api/negotiations/{negotiation}/events")) {
        JsonNode get = paths.get(path).get("get");
        assertThat(get.get("parameters").toString()).contains("since", "Last-Event-ID", "speed");
        assertThat(get.get("responses").get("200").get("content").toString())
            .contains("text/event-stream", "application/x-ndjson");
      }
    }
  }

  /** A client that knows no chunks. */
  @Test
  void anOldClientGetsItBare() throws Exception {
    try (Recorder recorder = new Recorder("bare")) {
      recorder.settle("schedule", Facts.convened("Talks"));
      recorder.flush();
      try (StreamClient client =
          StreamClient.open(
              "GET", "HTTP/1.0", 0, origin, "/api/negotiations/bare/events?since=beginning")) {
        assertThat(client.header("transfer-encoding")).isNull();
        assertThat(sequences(client, 1)).containsExactly(1);
      }
    }
  }

  private static void assertRefused(String path, int status, String code, String... headers)
      throws IOException {
    try (StreamClient client = StreamClient.open(origin, path, headers)) {
      assertThat(client.status()).as(path).isEqualTo(status);
      assertThat(client.header("content-type")).isEqualTo("application/problem+json");
      JsonNode problem = Bodies.JSON.readTree(String.join("", client.lines()));
      assertThat(problem.get("code").asString()).as(path).isEqualTo(code);
      assertThat(problem.get("traceId").asString()).hasSize(32);
    }
  }

  /** Until all that was settled is history: what is on the log is that once the hub has read it. */
  private static void awaitHistory(Recorder recorder) throws IOException {
    String path = "/api/negotiations/" + recorder.negotiation() + "/events?since=beginning";
    try (StreamClient client = StreamClient.open(origin, path)) {
      assertThat(sequences(client, (int) recorder.sequence()).getLast())
          .isEqualTo((int) recorder.sequence());
    }
  }

  private static List<String> replay(String path) throws IOException {
    try (StreamClient client = StreamClient.open(origin, path, "Accept", "application/x-ndjson")) {
      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("content-type")).isEqualTo("application/x-ndjson");
      List<String> lines = client.lines();
      assertThat(client.endedWell()).isTrue();
      return lines;
    }
  }

  /** The sequences of a replay that has this many. */
  private static List<Integer> seen(String path, int number) throws IOException {
    List<String> lines = replay(path);
    assertThat(lines).as(path).hasSize(number);
    return lines.stream().map(line -> Bodies.JSON.readTree(line).get("sequence").asInt()).toList();
  }

  private static int sequence(Message message) {
    return message.json().get("sequence").asInt();
  }

  static List<Integer> sequences(StreamClient client, int number) throws IOException {
    List<Integer> sequences = new ArrayList<>();
    while (sequences.size() < number) {
      sequences.add(client.nextEvent().json().get("sequence").asInt());
    }
    return sequences;
  }
}
