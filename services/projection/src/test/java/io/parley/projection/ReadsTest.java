package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What readers are answered, from the timeline through the broker and the database over HTTP. */
class ReadsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String N = "istanbul-2025";
  private static final String BASE = "/api/negotiations/" + N;
  private static final List<String> PATHS =
      List.of(
          BASE,
          BASE + "/delegations",
          BASE + "/delegations/ru",
          BASE + "/schedule",
          BASE + "/meetings/opening",
          BASE + "/announcements",
          BASE + "/announcements/offer",
          BASE + "/timeline",
          "/api/audit/negotiations/" + N);

  /** What each path answered as soon as each sequence number was known. */
  private static final Map<Long, Map<String, String>> THEN = new HashMap<>();

  private static ConfigurableApplicationContext service;
  private static WebTestClient client;
  private static Recorder recorder;
  private static Token last = new Token("schedule", N, "negotiation:none", 1);

  @BeforeAll
  static void record() {
    service = Ground.service("reads", Map.of("parley.projection.wait-at-most", "10s"));
    client = Ground.client(service);
    recorder = new Recorder(N);
    settle("schedule", Facts.convened("Istanbul talks"));
    settle("schedule", Facts.round("round-1"));
    settle("schedule", Facts.meeting("opening", "2025-05-15"));
    settle("announcement", Facts.announced("offer", "vladimir-putin", "Talks without conditions"));
    settle(
        "delegation",
        Facts.composed(
            "ru",
            Facts.person("vladimir-medinsky", null),
            Facts.person("igor-kostyukov", "Igor Kostyukov")));
    settle("schedule", Facts.leg("rubio", Facts.person("marco-rubio", "Marco Rubio")));
    settle("schedule", Facts.stay("gulf", Facts.person("donald-trump", "Donald Trump")));
    settle("schedule", Facts.excluded("leg:rubio", "2025-05-15"));
    settle("schedule", Facts.meeting("bilateral", null));
    settle("schedule", Facts.postponed("opening"));
    settle("schedule", Facts.rescheduled("opening", "2025-05-16"));
    settle("announcement", Facts.corrected("offer", "Talks without any conditions", 1));
    settle("announcement", Facts.announced("reply", "volodymyr-zelenskyy", "A ceasefire first"));
    settle(
        "delegation",
        Facts.replaced(
            "ru",
            Facts.person("sergey-lavrov", "Sergey Lavrov"),
            Facts.person("vladimir-medinsky", "Vladimir Medinsky")));
    settle("announcement", Facts.retracted("offer"));
    settle("delegation", Facts.completed("ru"));
  }

  private static void settle(String service, io.parley.schemas.Event event) {
    last = recorder.settle(service, event);
    recorder.flush();
    Map<String, String> answers = new HashMap<>();
    for (String path : PATHS) {
      answers.put(path, text(after(path)));
    }
    THEN.put(recorder.sequence(), answers);
  }

  @AfterAll
  static void close() {
    recorder.close();
    service.close();
  }

  @Test
  void asOfEachSequenceIsWhatWasAnsweredThen() {
    for (long sequence = 1; sequence <= recorder.sequence(); sequence++) {
      Instant recorded = Recorder.recordedAt(sequence);
      for (String moment :
          List.of(
              String.valueOf(sequence), recorded.toString(), recorded.plusSeconds(59).toString())) {
        for (String path : PATHS) {
          assertThat(text(get(path + "?asOf=" + moment)))
              .as("%s as of %s", path, moment)
              .isEqualTo(then(sequence, path));
        }
      }
    }
    // The comparison says something only if the answers differ.
    assertThat(then(4L, BASE + "/announcements")).isNotEqualTo(then(12L, BASE + "/announcements"));
  }

  @Test
  void beforeTheBeginningThereIsNothingAndBeyondTheHeadIsTheHead() {
    assertThat(get(BASE + "?asOf=0").getStatus().value()).isEqualTo(404);
    assertThat(get(BASE + "?asOf=2025-05-14T08:00:59.999Z").getStatus().value()).isEqualTo(404);
    assertThat(get(BASE + "/delegations/ru?asOf=4").getStatus().value()).isEqualTo(404);
    assertThat(get("/api/negotiations/nowhere").getStatus().value()).isEqualTo(404);
    assertThat(text(get(BASE + "/schedule?asOf=999"))).isEqualTo(text(get(BASE + "/schedule")));
    assertThat(get("/api/negotiations?asOf=2025-05-14T08:00:00Z").getStatus().value())
        .isEqualTo(200);
    assertThat(json("/api/negotiations?asOf=2025-05-14T08:00:00Z").get("items")).isEmpty();
  }

  @Test
  void theDelegationHasItsHeadsAndNamesThatCameLater() {
    JsonNode ru = json(BASE + "/delegations/ru");
    assertThat(ru.at("/head/name").asString()).isEqualTo("Sergey Lavrov");
    assertThat(ru.at("/roster").asString()).isEqualTo("COMPLETE");
    assertThat(ru.at("/heads/0/person/name").asString()).isEqualTo("Vladimir Medinsky");
    assertThat(ru.at("/heads/0/from/sequence").asLong()).isEqualTo(5);
    assertThat(ru.at("/heads/0/to/sequence").asLong()).isEqualTo(14);
    assertThat(ru.at("/heads/1/to").isNull()).isTrue();
    assertThat(ru.at("/members").findValuesAsString("id"))
        .containsExactly("igor-kostyukov", "vladimir-medinsky");
    assertThat(ru.at("/version").asLong()).isEqualTo(3);
    assertThat(ru.at("/source/chain/0/name").asString()).isEqualTo("The Gazette");
    // Nobody had named him then.
    assertThat(json(BASE + "/delegations/ru?asOf=5").at("/head/name").asString())
        .isEqualTo("vladimir-medinsky");
  }

  @Test
  void rule17_aPostponedMeetingKeepsItsStartAndARescheduledOneItsHistory() {
    JsonNode postponed = json(BASE + "/meetings/opening?asOf=10");
    assertThat(postponed.at("/status").asString()).isEqualTo("POSTPONED");
    assertThat(postponed.at("/start/edtf").asString()).isEqualTo("2025-05-15");
    assertThat(postponed.at("/icalSequence").asLong()).isZero();
    JsonNode moved = json(BASE + "/meetings/opening");
    assertThat(moved.at("/status").asString()).isEqualTo("SCHEDULED");
    assertThat(moved.at("/start/earliest").asString()).isEqualTo("2025-05-15T21:00:00Z");
    assertThat(moved.at("/start/latest").asString()).isEqualTo("2025-05-16T21:00:00Z");
    assertThat(moved.at("/start/zone").isNull()).isTrue();
    assertThat(moved.at("/previousStarts/0/edtf").asString()).isEqualTo("2025-05-15");
    assertThat(moved.at("/icalSequence").asLong()).isEqualTo(1);
    assertThat(moved.at("/place/name").asString()).isEqualTo("Istanbul");
  }

  @Test
  void theScheduleIsFilteredOnTheOccurredAxis() {
    JsonNode all = json(BASE + "/schedule");
    assertThat(all.get("rounds").findValuesAsString("round")).containsExactly("round-1");
    assertThat(all.get("meetings").findValuesAsString("meeting"))
        .containsExactly("opening", "bilateral");
    assertThat(all.at("/legs/0/excluded/0/value").asString()).isEqualTo("2025-05-15");
    assertThat(all.at("/legs/0/person/name").asString()).isEqualTo("Marco Rubio");
    assertThat(all.at("/stays/0/place/name").asString()).isEqualTo("Abu Dhabi");
    assertThat(json(BASE + "/schedule?at=2025-05-16T12:00:00Z").get("rounds")).isEmpty();
    assertThat(json(BASE + "/schedule?at=2025-05-16T12:00:00Z").get("meetings")).hasSize(2);
    // What has no date cannot be left out.
    assertThat(json(BASE + "/schedule?from=2025-06").at("/meetings/0/meeting").asString())
        .isEqualTo("bilateral");
    assertThat(json(BASE + "/schedule?to=2025-04").get("legs")).isEmpty();
    assertThat(json(BASE + "/schedule?to=2025-04").get("stays")).hasSize(1);
  }

  @Test
  void aCorrectedAnnouncementShowsItsLastValueAndARetractedOneIsATombstone() {
    JsonNode corrected = json(BASE + "/announcements/offer?asOf=12");
    assertThat(corrected.at("/status").asString()).isEqualTo("CORRECTED");
    assertThat(corrected.at("/text").asString()).isEqualTo("Talks without any conditions");
    assertThat(corrected.at("/version").asLong()).isEqualTo(2);
    EntityExchangeResult<byte[]> gone = get(BASE + "/announcements/offer");
    assertThat(text(gone)).doesNotContain("without any conditions").doesNotContain("~");
    assertThat(JSON.readTree(text(gone)).at("/status").asString()).isEqualTo("RETRACTED");
    assertThat(JSON.readTree(text(gone)).at("/note").asString()).isEqualTo("not said");
  }

  @Test
  void announcementsAreFilteredAndNewestFirst() {
    assertThat(ids("")).containsExactly("reply", "offer");
    assertThat(ids("?asOf=12&q=conditions")).containsExactly("offer");
    assertThat(ids("?asOf=4&q=any")).isEmpty();
    assertThat(ids("?q=conditions")).isEmpty();
    assertThat(ids("?status=RETRACTED")).containsExactly("offer");
    assertThat(ids("?status=RETRACTED,PUBLISHED")).hasSize(2);
    assertThat(ids("?speaker=volodymyr-zelenskyy")).containsExactly("reply");
    assertThat(ids("?party=ru")).hasSize(2);
    assertThat(ids("?topic=ceasefire&kind=STATEMENT&language=en")).hasSize(2);
    assertThat(ids("?kind=DECREE")).isEmpty();
    assertThat(ids("?topic=prisoners")).isEmpty();
  }

  @Test
  void aRetractedAnnouncementIsPutBackAsItWas() {
    try (Recorder other = new Recorder("put-back")) {
      other.settle("schedule", Facts.convened("Another"));
      other.settle("announcement", Facts.announced("a", "x", "First"));
      other.settle("announcement", Facts.corrected("a", "Second", 1));
      other.settle("announcement", Facts.retracted("a"));
      Token back = other.settle("announcement", Facts.reinstated("a"));
      JsonNode item =
          JSON.readTree(text(after("/api/negotiations/put-back/announcements/a", back)));
      assertThat(item.at("/text").asString()).isEqualTo("Second");
      assertThat(item.at("/status").asString()).isEqualTo("CORRECTED");
      assertThat(item.at("/version").asLong()).isEqualTo(4);
    }
  }

  @Test
  void theTimelineIsPagedWithoutGapAndDoesNotMoveMeanwhile() {
    List<Long> seen = new ArrayList<>();
    String path = BASE + "/timeline?limit=5&asOf=14";
    while (path != null) {
      EntityExchangeResult<byte[]> page = get(path);
      JsonNode body = JSON.readTree(text(page));
      body.get("items").forEach(item -> seen.add(item.get("sequence").asLong()));
      String link = page.getResponseHeaders().getFirst(HttpHeaders.LINK);
      assertThat(link == null).isEqualTo(body.get("next").isNull());
      path = link == null ? null : link.substring(1, link.indexOf('>'));
    }
    assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L);
    assertThat(json(BASE + "/timeline?from=3&to=4").get("items")).hasSize(2);
    assertThat(json(BASE + "/timeline?from=" + Recorder.recordedAt(15)).get("items")).hasSize(2);
    JsonNode typed = json(BASE + "/timeline?type=HeadReplaced&type=RosterCompleted");
    assertThat(typed.get("items")).hasSize(2);
    JsonNode item = typed.at("/items/0");
    assertThat(item.at("/data/party").asString()).isEqualTo("ru");
    assertThat(item.at("/data").has("header")).isFalse();
    assertThat(item.at("/author").asString()).matches("author-[0-9a-f]{12}");
    assertThat(item.at("/hash").asString()).hasSize(64);
  }

  @Test
  void aCursorHoldsItsMomentWhileTheListGrows() {
    try (Recorder other = new Recorder("growing")) {
      other.settle("schedule", Facts.convened("Growing"));
      other.settle("announcement", Facts.announced("a", "x", "One"));
      other.settle("announcement", Facts.announced("b", "x", "Two"));
      Token token = other.settle("announcement", Facts.announced("c", "x", "Three"));
      String list = "/api/negotiations/growing/announcements";
      JsonNode first = JSON.readTree(text(after(list + "?limit=2", token)));
      Token later = other.settle("announcement", Facts.corrected("a", "Changed", 1));
      String next = list + "?limit=2&cursor=" + first.get("next").asString();
      JsonNode second = JSON.readTree(text(after(next, later)));
      assertThat(second.at("/items/0/text").asString()).isEqualTo("One");
      assertThat(second.get("next").isNull()).isTrue();
    }
  }

  @Test
  void anUnchangedAnswerIsNotSentAgain() {
    for (String path : PATHS) {
      EntityExchangeResult<byte[]> first = get(path);
      String tag = String.valueOf(first.getResponseHeaders().getETag());
      for (String condition : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
        EntityExchangeResult<byte[]> again =
            client
                .get()
                .uri(path)
                .headers(headers -> Bearer.where(path, headers))
                .header(HttpHeaders.IF_NONE_MATCH, condition)
                .exchange()
                .expectBody()
                .returnResult();
        assertThat(again.getStatus().value()).as("%s with %s", path, condition).isEqualTo(304);
        assertThat(again.getResponseHeaders().getETag()).isEqualTo(tag);
        assertThat(again.getResponseHeaders().getFirst("Parley-Sequence"))
            .isEqualTo(first.getResponseHeaders().getFirst("Parley-Sequence"));
      }
      client
          .get()
          .uri(path)
          .headers(headers -> Bearer.where(path, headers))
          .header(HttpHeaders.IF_NONE_MATCH, "\"other\"")
          .exchange()
          .expectStatus()
          .isOk();
    }
  }

  @Test
  void negotiationsAreListedAndFound() {
    assertThat(json("/api/negotiations?party=ua&q=talks").at("/items/0/negotiation").asString())
        .isEqualTo(N);
    assertThat(json("/api/negotiations?party=fr").get("items")).isEmpty();
    assertThat(json("/api/negotiations?q=geneva").get("items")).isEmpty();
  }

  @Test
  void theAuditorSeesLengthAndHead() {
    JsonNode summary = json("/api/audit/negotiations/" + N);
    assertThat(summary.get("length").asLong()).isEqualTo(recorder.sequence());
    assertThat(summary.get("headHash").asString())
        .isEqualTo(json(BASE + "/timeline?from=16").at("/items/0/hash").asString());
    assertThat(summary.get("lastVerification").isNull()).isTrue();
  }

  @Test
  void whatCannotBeAnsweredIsNamed() {
    for (String query :
        List.of(
            "limit=0",
            "limit=1001",
            "limit=x",
            "cursor=x",
            "asOf=yesterday",
            "asOf=",
            "kind=WHISPER",
            "colour=red",
            "q=a&q=b")) {
      EntityExchangeResult<byte[]> answer = get(BASE + "/announcements?" + query);
      assertThat(answer.getStatus().value()).as(query).isEqualTo(400);
      assertThat(JSON.readTree(text(answer)).at("/errors/0/pointer").asString())
          .isEqualTo(query.substring(0, query.indexOf('=')));
    }
    assertThat(get("/api/negotiations?asOf=3").getStatus().value()).isEqualTo(400);
    assertThat(get(BASE + "/schedule?at=soon").getStatus().value()).isEqualTo(400);
    assertThat(get(BASE + "?limit=3").getStatus().value()).isEqualTo(400);
  }

  @Test
  void aTokenThatNeverComesIs503AndOneOfAnotherNegotiationIs400() {
    try (ConfigurableApplicationContext hasty =
        Ground.service(
            "reads",
            Map.of(
                "parley.projection.wait-at-most", "300ms", "parley.projection.project", "false"))) {
      WebTestClient asking = Ground.client(hasty);
      asking
          .get()
          .uri(BASE)
          .header("Parley-After", "schedule/" + N + "/meeting:never@1")
          .exchange()
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .exists(HttpHeaders.RETRY_AFTER)
          .expectBody()
          .jsonPath("$.code")
          .isEqualTo("NOT_YET_KNOWN");
      asking
          .get()
          .uri(BASE)
          .header("Parley-After", "schedule/other/meeting:never@1")
          .exchange()
          .expectStatus()
          .isBadRequest();
      // A replica that only reads hears of commits too.
      asking
          .get()
          .uri(BASE)
          .header("Parley-After", last.toString())
          .exchange()
          .expectStatus()
          .isOk();
    }
  }

  private static String then(long sequence, String path) {
    return THEN.getOrDefault(sequence, Map.of()).getOrDefault(path, "");
  }

  private static List<String> ids(String query) {
    return json(BASE + "/announcements" + query).get("items").findValuesAsString("announcement");
  }

  private static JsonNode json(String path) {
    EntityExchangeResult<byte[]> answer = get(path);
    assertThat(answer.getStatus().value()).as(path + ": " + text(answer)).isEqualTo(200);
    return JSON.readTree(text(answer));
  }

  private static EntityExchangeResult<byte[]> get(String path) {
    return client
        .get()
        .uri(URI.create(Ground.origin(service) + path))
        .headers(headers -> Bearer.where(path, headers))
        .exchange()
        .expectBody()
        .returnResult();
  }

  private static EntityExchangeResult<byte[]> after(String path) {
    return after(path, last);
  }

  private static EntityExchangeResult<byte[]> after(String path, Token token) {
    recorder.flush();
    return client
        .get()
        .uri(URI.create(Ground.origin(service) + path))
        .headers(headers -> Bearer.where(path, headers))
        .header("Parley-After", token.toString())
        .exchange()
        .expectBody()
        .returnResult();
  }

  private static String text(EntityExchangeResult<byte[]> answer) {
    byte[] body = answer.getResponseBodyContent();
    String text = body == null ? "" : new String(body, StandardCharsets.UTF_8);
    // Two 404s differ in their trace id alone.
    return answer.getStatus().value() == 404 ? "404" : text;
  }
}
