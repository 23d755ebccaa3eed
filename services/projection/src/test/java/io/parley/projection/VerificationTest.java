package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Tampered;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Pace;
import io.parley.projection.projector.Recount;
import io.parley.projection.projector.Recounts;
import io.parley.projection.timeline.Forged;
import io.parley.schemas.TimelineEntry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whoever rewrites a log is found, in the timeline or in what was decided: by a verification that
 * leaves time to readers, and by one that takes all there is.
 */
@ParameterizedClass(name = "share {0}")
@ValueSource(ints = {50, 100})
@SuppressWarnings("NullAway.Init") // settle() is called first
class VerificationTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String N = "audited";
  private static final String RECORD = "/api/audit/negotiations/" + N;
  private static final int EVENTS = 60;

  private static Settled settled;
  private static Auditor auditor;
  private static RecordedLog log;

  @Parameter int share;

  @BeforeParameterizedClassInvocation
  static void settle(int share) {
    settled = Auditor.settled("audited", share);
    auditor = new Auditor(settled);
    settled.history("another", 20);
    settled.history(N, EVENTS);
    log = new RecordedLog(settled, N);
  }

  @AfterParameterizedClassInvocation
  static void close() throws Exception {
    auditor.close();
  }

  @Test
  void whatIsWholeIsVerifiedAndSaysItsHead() {
    double before = settled.verifications("verified");
    List<JsonNode> lines = auditor.verify(N);
    assertThat(settled.verifications("verified")).isEqualTo(before + 1);
    JsonNode last = lines.getLast();
    assertThat(last.get("verdict").asString()).as(last.toString()).isEqualTo("VERIFIED");
    assertThat(last.get("length").asInt()).isEqualTo(EVENTS);
    JsonNode summary = auditor.summary(N);
    assertThat(last.get("headHash")).isEqualTo(summary.get("headHash"));
    assertThat(summary.at("/lastVerification/verdict").asString()).isEqualTo("VERIFIED");
    assertThat(lines.getFirst().get("sequence").asInt()).isPositive();
  }

  @Test
  void progressComesAsServerSentEventsToWhoAsksForThem() {
    EntityExchangeResult<byte[]> answer =
        Ground.client(settled.service())
            .post()
            .uri(URI.create(Ground.origin(settled.service()) + RECORD + "/verify"))
            .header("Authorization", Bearer.of("auditor"))
            .accept(MediaType.TEXT_EVENT_STREAM)
            .exchange()
            .expectBody()
            .returnResult();
    assertThat(answer.getResponseHeaders().getContentType())
        .isEqualTo(new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8));
    List<JsonNode> lines =
        Arrays.stream(Story.text(answer).split("\n\n"))
            .map(event -> JSON.readTree(event.substring("data:".length())))
            .toList();
    assertThat(lines.getFirst().get("sequence").asInt()).isPositive();
    assertThat(lines.getLast().get("verdict").asString()).isEqualTo("VERIFIED");
  }

  @Test
  void anAlteredEventIsFound() {
    // Its bytes, and nothing that is made from them.
    log.assertFound(
        "chain",
        7,
        entries -> entries.set(6, Forged.withOtherBytes(entries.get(6))),
        "altered-bytes");
    // And the whole chain after it made anew: what was decided tells.
    log.assertFound(
        "source",
        7,
        entries -> {
          entries.set(6, Forged.withOtherBytes(entries.get(6)));
          Forged.chain(entries);
        },
        "altered-chain");
  }

  /** No hash tells: it is of the time that stands there. */
  @Test
  void anEntryThatWasSettledBeforeTheOneInFrontOfItIsFound() {
    Tampered.Found found =
        log.verify(
            entries -> {
              entries.set(6, Forged.before(entries.get(5), entries.get(6)));
              Forged.chainAsTimed(entries);
            },
            "backdated");
    assertThat(found.what()).as(found.toString()).isEqualTo("chain");
    assertThat(found.sequence()).as(found.toString()).isEqualTo(7);
    assertThat(found.all()).contains("expected=recordedAt not before", "found=recordedAt");
  }

  @Test
  void aRemovedEventIsFound() {
    log.assertFound("chain", 9, entries -> entries.remove(8), "removed");
    int at = log.followedByItsOwn(8);
    log.assertFound(
        "source",
        at + 1,
        entries -> {
          entries.remove(at);
          Forged.chain(entries);
        },
        "removed-chain");
  }

  @Test
  void anInsertedEventIsFound() {
    log.assertFound("chain", 6, entries -> entries.add(5, entries.get(4)), "inserted");
    log.assertFound(
        "source",
        6,
        entries -> {
          entries.add(5, Forged.copy(entries.get(4)));
          Forged.chain(entries);
        },
        "inserted-chain");
  }

  @Test
  void anEventThatIsErasedOnTheTimelineAloneIsFound() {
    log.assertFound(
        "source", 7, entries -> entries.set(6, Forged.erased(entries.get(6))), "erased");
    log.assertFound(
        "source",
        EVENTS,
        entries -> entries.set(EVENTS - 1, Forged.erased(entries.get(EVENTS - 1))),
        "erased-last");
  }

  /** Of an event that is nowhere any more no row may tell. */
  @Test
  void aRowOfAnErasedEventIsOneTooMany() {
    List<Entry> entries =
        log.records().stream()
            .map(record -> Entry.read(record.partition(), record.offset(), record.value()))
            .toList();
    Pace pace = share > 50 ? Pace.FAST : Pace.BESIDE;
    Recount recount = settled.service().getBean(Recounts.class).of(N, pace);
    recount.apply(entries.subList(0, EVENTS - 1), EVENTS - 1);
    assertThat(recount.first()).isEmpty();
    recount.apply(List.of(), EVENTS);
    Recount.Difference first = recount.first().orElseThrow();
    assertThat(first.sequence()).isEqualTo(EVENTS);
    assertThat(first.expected()).isNull();
  }

  @Test
  void reorderedEventsAreFound() {
    log.assertFound("chain", 12, entries -> entries.add(11, entries.remove(12)), "reordered");
    // Two of one service: the order of its topic tells.
    int first = log.followedByItsOwn(12);
    log.assertFound(
        "source",
        first + 1,
        entries -> {
          entries.add(first, entries.remove(first + 1));
          Forged.chain(entries);
        },
        "reordered-chain");
  }

  @Test
  void aCutTailIsFoundByWhatWasDecidedAndByANotedHead() {
    log.assertFound(
        "source", EVENTS - 1, entries -> entries.subList(EVENTS - 2, EVENTS).clear(), "cut");
    JsonNode last = auditor.verify(N, "?head=" + "ab".repeat(32)).getLast();
    assertThat(last.at("/first/what").asString()).isEqualTo("head");
    String noted = auditor.summary(N).get("headHash").asString();
    assertThat(auditor.verify(N, "?head=" + noted).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
  }

  /** In every topic and table, by whoever has them all: only who wrote the head down can tell. */
  @Test
  void aTailThatIsCutOffEverywhereIsFoundByTheHeadOfBefore() throws Exception {
    int left = EVENTS - 10;
    String head = log.hash(EVENTS);
    JsonNode whole = auditor.verify(N).getLast();
    assertThat(whole.get("headHash").asString()).isEqualTo(head);
    try (Auditor cut = new Auditor(Auditor.settled("audited_cut", share, log.upTo(left)))) {
      TimelineEntry last = log.entry(left);
      cut.await(new Token(last.service(), N, last.aggregate(), last.version()));
      // The service keeps the head that it verified last.
      assertHeadIsMissed(cut.verify(N).getLast(), head, left);
      Rows.change("delete from parley.verifications where negotiation = '" + N + "'");
      JsonNode alone = cut.verify(N).getLast();
      assertThat(alone.get("verdict").asString()).as(alone.toString()).isEqualTo("VERIFIED");
      assertThat(alone.get("headHash").asString()).isEqualTo(log.hash(left));
      assertHeadIsMissed(cut.verify(N, "?head=" + head).getLast(), head, left);
      // One of before what was cut is there still.
      String earlier = log.hash(left - 1);
      assertThat(cut.verify(N, "?head=" + earlier).getLast().get("verdict").asString())
          .isEqualTo("VERIFIED");
    }
  }

  private static void assertHeadIsMissed(JsonNode last, String head, int length) {
    assertThat(last.get("verdict").asString()).as(last.toString()).isEqualTo("DIFFERS");
    assertThat(last.at("/first/what").asString()).as(last.toString()).isEqualTo("head");
    assertThat(last.at("/first/expected").asString()).isEqualTo(head);
    assertThat(last.at("/first/sequence").asInt()).isEqualTo(length + 1);
    assertThat(last.get("length").asInt()).isEqualTo(length);
  }

  @Test
  void anEventThatNeverReachedTheTimelineIsFoundAndTheReverse() {
    String negotiation = "unsettled";
    settled.history(negotiation, 10);
    // It says that it rests on something that nobody ever decided.
    settled.decide(
        negotiation, Facts.round("never"), "delegation/" + negotiation + "/delegation:nowhere@1");
    settled.producer().flush();
    JsonNode first = auditor.verify(negotiation).getLast().get("first");
    assertThat(first.get("what").asString()).isEqualTo("source");
    assertThat(first.get("where").asString()).startsWith("schedule.events-");
    assertThat(first.get("sequence").asInt()).isEqualTo(11);
    log.assertFound(
        "source",
        EVENTS + 1,
        entries -> {
          entries.add(Forged.elsewhere(entries.getLast()));
          Forged.chain(entries);
        },
        "never-decided");
  }

  /** What was there when it began is verified, and not what comes with each portion of it. */
  @Test
  void itEndsWhileSomebodyWritesAllTheTime() {
    String negotiation = "busy";
    settled.history(negotiation, 10);
    int most = 20;
    int[] written = {0};
    assertThat(verifyWhileWriting(negotiation, most, written).what()).isEmpty();
    assertThat(written[0]).isBetween(1, most - 1);
    // What was decided and is not settled is waited for, and only for a while: 1 s here.
    settled.decide(
        negotiation, Facts.round("never"), "delegation/" + negotiation + "/delegation:nowhere@1");
    settled.producer().flush();
    most = 200;
    written[0] = 0;
    assertThat(verifyWhileWriting(negotiation, most, written).what()).isEqualTo("source");
    assertThat(written[0]).isBetween(1, most - 1);
  }

  private static Tampered.Found verifyWhileWriting(String negotiation, int most, int[] written) {
    return Tampered.verify(
        settled.service(),
        negotiation,
        Topics.TIMELINE,
        sequence -> {
          if (written[0] < most) {
            written[0]++;
            String id = "busy-" + most + "-" + written[0];
            settled.await(settled.decide(negotiation, Facts.announced(id, "speaker", "Words")));
          }
        });
  }

  @Test
  void whoMayNotAuditIsRefusedAndWhoDidIsInTheTrail() {
    assertThat(auditor.status("POST", RECORD + "/verify", "")).isEqualTo(401);
    for (String role : List.of("reader", "editor", "secretariat", "operator", "party:audited/ru")) {
      assertThat(auditor.status("POST", RECORD + "/verify", Bearer.of(role)))
          .as(role)
          .isEqualTo(403);
      assertThat(auditor.status("GET", RECORD, Bearer.of(role))).as(role).isEqualTo(403);
      assertThat(auditor.status("GET", RECORD + "/trail", Bearer.of(role))).as(role).isEqualTo(403);
    }
    assertThat(auditor.status("POST", RECORD + "/verify?heads=1", Bearer.of("auditor")))
        .isEqualTo(400);
    assertThat(auditor.status("POST", RECORD + "/verify?head=1", Bearer.of("auditor")))
        .isEqualTo(400);
    String negotiation = "trailed";
    settled.history(negotiation, 5);
    auditor.verify(negotiation);
    var _ = auditor.get("/api/negotiations/" + negotiation + "?asOf=3", Bearer.of("reader"));
    JsonNode items = awaitTrail(negotiation, 3);
    assertThat(Story.texts(items, "/act")).contains("VERIFIED", "MOMENT_ASKED");
    assertThat(items.toString())
        .contains("VERIFIED " + auditor.summary(negotiation).get("headHash").asString());
    assertThat(Story.texts(items, "/asOf")).contains("3");
    assertThat(Story.texts(items, "/subject")).containsOnly("tester");
    var _ = auditor.get("/api/negotiations?asOf=2025-05-14T12:00:00Z", Bearer.of("reader"));
    JsonNode whole = awaitTrail("", 1);
    assertThat(Story.texts(whole, "/act")).contains("MOMENT_ASKED");
    assertThat(Story.texts(whole, "/path")).contains("/api/negotiations?asOf=2025-05-14T12:00:00Z");
  }

  @Test
  void anUnknownNegotiationIs404() {
    EntityExchangeResult<byte[]> answer = auditor.post("/api/audit/negotiations/nowhere/verify");
    assertThat(answer.getStatus().value()).isEqualTo(404);
    assertThat(Story.text(answer)).contains("NEGOTIATION_NOT_FOUND");
  }

  private static JsonNode awaitTrail(String negotiation, int acts) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    String of = negotiation.isEmpty() ? "" : "negotiations/" + negotiation + "/";
    while (true) {
      JsonNode items =
          JSON.readTree(Story.text(auditor.get("/api/audit/" + of + "trail", Bearer.of("auditor"))))
              .get("items");
      if (items.size() >= acts || System.nanoTime() > deadline) {
        return items;
      }
    }
  }
}
