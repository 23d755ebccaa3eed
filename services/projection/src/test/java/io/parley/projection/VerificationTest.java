package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Tampered;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Pace;
import io.parley.projection.projector.Recount;
import io.parley.projection.projector.Recounts;
import io.parley.projection.timeline.Forged;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
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
  private static List<ConsumerRecord<String, byte[]>> log;

  @Parameter int share;

  @BeforeParameterizedClassInvocation
  static void settle(int share) {
    settled = Auditor.settled("audited", share);
    auditor = new Auditor(settled);
    settled.history("another", 20);
    settled.history(N, EVENTS);
    log = read(settled.bootstrapServers(), Topics.TIMELINE);
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
  void anAlteredEventIsFound() {
    // Its bytes, and nothing that is made from them.
    assertFound(
        "chain",
        7,
        entries -> entries.set(6, Forged.withOtherBytes(entries.get(6))),
        "altered-bytes");
    // And the whole chain after it made anew: what was decided tells.
    assertFound(
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
        verify(
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
    assertFound("chain", 9, entries -> entries.remove(8), "removed");
    int at = followedByItsOwn(8);
    assertFound(
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
    assertFound("chain", 6, entries -> entries.add(5, entries.get(4)), "inserted");
    assertFound(
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
    assertFound("source", 7, entries -> entries.set(6, Forged.erased(entries.get(6))), "erased");
    assertFound(
        "source",
        EVENTS,
        entries -> entries.set(EVENTS - 1, Forged.erased(entries.get(EVENTS - 1))),
        "erased-last");
  }

  /** Of an event that is nowhere any more no row may tell. */
  @Test
  void aRowOfAnErasedEventIsOneTooMany() {
    List<Entry> entries =
        log.stream()
            .filter(record -> record.key().equals(N))
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
    assertFound("chain", 12, entries -> entries.add(11, entries.remove(12)), "reordered");
    // Two of one service: the order of its topic tells.
    int first = followedByItsOwn(12);
    assertFound(
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
    assertFound(
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
    String head = hash(entry(EVENTS - 1));
    JsonNode whole = auditor.verify(N).getLast();
    assertThat(whole.get("headHash").asString()).isEqualTo(head);
    try (Auditor cut = new Auditor(Auditor.settled("audited_cut", share, upTo(left)))) {
      TimelineEntry last = entry(left - 1);
      cut.await(new Token(last.service(), N, last.aggregate(), last.version()));
      // The service keeps the head that it verified last.
      assertHeadIsMissed(cut.verify(N).getLast(), head, left);
      Rows.change("delete from parley.verifications where negotiation = '" + N + "'");
      JsonNode alone = cut.verify(N).getLast();
      assertThat(alone.get("verdict").asString()).as(alone.toString()).isEqualTo("VERIFIED");
      assertThat(alone.get("headHash").asString()).isEqualTo(hash(last));
      assertHeadIsMissed(cut.verify(N, "?head=" + head).getLast(), head, left);
      // One of before what was cut is there still.
      String earlier = hash(entry(left - 2));
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

  /** What the timeline and the services' topics are without the entries behind this many. */
  private static Map<String, List<ConsumerRecord<String, byte[]>>> upTo(int length) {
    Map<String, List<ConsumerRecord<String, byte[]>>> logs = new HashMap<>();
    logs.put(
        Topics.TIMELINE,
        log.stream()
            .filter(record -> !record.key().equals(N) || entry(record).sequence() <= length)
            .toList());
    Set<String> cut = new HashSet<>();
    for (int i = length; i < EVENTS; i++) {
      cut.add(entry(i).sourceTopic() + "@" + entry(i).sourceOffset());
    }
    for (String topic : Topics.SERVICES.stream().map(Topics::events).toList()) {
      logs.put(
          topic,
          read(settled.bootstrapServers(), topic).stream()
              .filter(record -> !cut.contains(topic + "@" + record.offset()))
              .toList());
    }
    return logs;
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
    assertFound(
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

  /** Verifies with a copy of the timeline that somebody has changed. */
  private static void assertFound(String what, long sequence, Change change, String name) {
    Tampered.Found found = verify(change, name);
    assertThat(found.what()).as("%s: %s", name, found).isEqualTo(what);
    assertThat(found.sequence()).as("%s: %s", name, found).isEqualTo(sequence);
  }

  private static Tampered.Found verify(Change change, String name) {
    List<TimelineEntry> entries = new ArrayList<>();
    log.stream()
        .filter(record -> record.key().equals(N))
        .map(VerificationTest::entry)
        .forEach(entries::add);
    change.of(entries);
    String topic = "tampered." + name;
    Topics.create(
        new ParleyProperties.Kafka(settled.bootstrapServers(), 6, (short) 1), List.of(topic));
    settled.copy(topic, N, entries.stream().map(Wire::encode).toList());
    return Tampered.verify(settled.service(), N, topic);
  }

  /** The first place from here on where two events of one service follow on each other. */
  private static int followedByItsOwn(int from) {
    int at = from;
    while (!entry(at).service().equals(entry(at + 1).service())) {
      at++;
    }
    return at;
  }

  private static TimelineEntry entry(int index) {
    return log.stream()
        .filter(record -> record.key().equals(N))
        .skip(index)
        .map(VerificationTest::entry)
        .findFirst()
        .orElseThrow();
  }

  private static TimelineEntry entry(ConsumerRecord<String, byte[]> record) {
    return Wire.decode(record.value(), TimelineEntry.class);
  }

  private static String hash(TimelineEntry entry) {
    byte[] hash = new byte[entry.hash().remaining()];
    entry.hash().duplicate().get(hash);
    return HexFormat.of().formatHex(hash);
  }

  private interface Change {
    void of(List<TimelineEntry> entries);
  }

  private static List<ConsumerRecord<String, byte[]>> read(String bootstrapServers, String topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all = List.of(new TopicPartition(topic, ProjectorTest.partition(N)));
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = consumer.endOffsets(all).values().iterator().next();
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (consumer.position(all.getFirst()) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }
}
