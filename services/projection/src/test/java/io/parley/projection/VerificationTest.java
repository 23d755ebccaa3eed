package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Tampered;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Pace;
import io.parley.projection.projector.Recount;
import io.parley.projection.projector.Recounts;
import io.parley.projection.timeline.Forged;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.wire.RestrictedChain;
import io.parley.schemas.wire.Wire;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
 * Whoever rewrites a record is found: in the log, in what was decided, and in the read models; by a
 * verification that leaves time to readers, and by one that takes all there is.
 */
@ParameterizedClass(name = "share {0}")
@ValueSource(ints = {50, 100})
@SuppressWarnings("NullAway.Init") // settle() is called first
class VerificationTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String N = "audited";
  private static final int EVENTS = 60;

  private static Settled settled;
  private static List<ConsumerRecord<String, byte[]>> log;

  @Parameter int share;

  @BeforeParameterizedClassInvocation
  static void settle(int share) {
    settled =
        new Settled(
            "audited",
            Map.of("parley.audit.settle-within", "1s", "parley.audit.share", "" + share));
    settled.history("another", 20);
    settled.history(N, EVENTS);
    log = read(settled.bootstrapServers(), Topics.TIMELINE);
  }

  @AfterParameterizedClassInvocation
  static void close() throws Exception {
    // The next has negotiations of the same names.
    Rows.change("truncate parley.verifications");
    settled.close();
    Rows.change("drop schema audited cascade");
  }

  @Test
  void whatIsWholeIsVerifiedAndSaysItsHead() {
    double before = settled.verifications("verified");
    List<JsonNode> lines = verify(N);
    assertThat(settled.verifications("verified")).isEqualTo(before + 1);
    JsonNode last = lines.getLast();
    assertThat(last.get("verdict").asString()).as(last.toString()).isEqualTo("VERIFIED");
    assertThat(last.get("length").asInt()).isEqualTo(EVENTS);
    JsonNode summary = summary(N);
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
    JsonNode last = verify(N, "?head=" + "ab".repeat(32)).getLast();
    assertThat(last.at("/first/what").asString()).isEqualTo("head");
    String noted = summary(N).get("headHash").asString();
    assertThat(verify(N, "?head=" + noted).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
  }

  @Test
  void anEventThatNeverReachedTheTimelineIsFoundAndTheReverse() {
    String negotiation = "unsettled";
    settled.history(negotiation, 10);
    // It says that it rests on something that nobody ever decided.
    settled.decide(
        negotiation, Facts.round("never"), "delegation/" + negotiation + "/delegation:nowhere@1");
    settled.producer().flush();
    JsonNode first = verify(negotiation).getLast().get("first");
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
  void aRowThatWasAlteredRemovedOrAddedIsFound() throws Exception {
    String negotiation = "rows";
    settled.history(negotiation, 30);
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
    for (String table : List.of("announcements", "delegations", "names", "negotiations")) {
      String at = "negotiation = 'rows' and from_sequence > 1 order by from_sequence, id limit 1";
      String where =
          table.equals("negotiations")
              ? "negotiation = 'rows'"
              : "ctid = (select ctid from audited.%s where %s)".formatted(table, at);
      assertRowFound(
          table,
          "update audited.%s set body = replace(body, '\"', '\" ') where %s"
              .formatted(table, where));
      assertRowFound(table, "delete from audited.%s where %s".formatted(table, where));
      assertRowFound(
          table,
          ("create table audited.extra as select * from audited.%1$s where %2$s;"
                  + " update audited.extra set id = id || '-x'; insert into audited.%1$s select * from"
                  + " audited.extra; drop table audited.extra")
              .formatted(table, where));
    }
    assertRowFound(
        "timeline",
        "update audited.timeline set author = 'nobody' where negotiation = 'rows' and sequence = 5");
    assertRowFound(
        "announcements",
        "update audited.announcements set search = to_tsvector('simple', 'other') where"
            + " negotiation = 'rows' and from_sequence = 2");
    assertRowFound(
        "timeline",
        "insert into audited.timeline select negotiation, 31, recorded_ms, service, type, aggregate,"
            + " version + 1000, author, hash, body from audited.timeline where negotiation = 'rows'"
            + " and sequence = 30");
  }

  /** Reads take the first and the last row of an item, whatever their sequence numbers are. */
  @Test
  void aRowThatNoEntryCanHaveMadeIsFound() throws Exception {
    String n = "strays";
    settled.history(n, 30);
    for (String table : List.of("announcements", "delegations", "negotiations")) {
      assertRowFound(table, "rows", n, stray(table, "id || '-x'", "0", "0"));
      assertRowFound(table, "rows", n, stray(table, "id || '-x'", "-9223372036854775808", "1"));
      assertRowFound(table, "rows", n, stray(table, "id", "1000000000000", "first_sequence"));
      assertRowFound(table, "rows", n, stray(table, "id || '-x'", "31", "31"));
    }
    for (String sequence : List.of("0", "-9223372036854775808")) {
      assertRowFound(
          "timeline",
          "rows",
          n,
          "insert into audited.timeline select negotiation, "
              + sequence
              + ", recorded_ms, service, type, aggregate, version + 1000, author, hash, body"
              + " from audited.timeline where negotiation = 'strays' and sequence = 30");
    }
    // It has the place where it shows: behind the end, or before everything.
    Rows.change(stray("announcements", "'late'", "1000000000000", "31"));
    JsonNode late = verify(n).getLast().get("first");
    Rows.change(stray("announcements", "'early'", "-3", "-3"));
    JsonNode early = verify(n).getLast().get("first");
    Rows.change("delete from audited.announcements where id in ('late', 'early')");
    assertThat(late.get("sequence").asLong()).isEqualTo(31);
    assertThat(early.get("sequence").asLong()).isZero();
    assertThat(early.get("where").asString()).isEqualTo("announcements early");
    assertThat(early.get("expected").isNull()).isTrue();
    assertThat(early.get("found").asString()).contains("\"from_sequence\":-3");
    assertThat(verify(n).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
  }

  /** A row alone would hide any event: who skips one is in the audit trail before. */
  @Test
  void aSkipThatNobodyDecidedIsFound() throws Exception {
    String negotiation = "skipping";
    settled.history(negotiation, 10);
    String at =
        Rows.query(
                "select sequence from audited.timeline where negotiation = 'skipping'"
                    + " and type = 'AnnouncementRetracted' and aggregate = 'announcement:a-1'")
            .getFirst();
    String what = "announcements at " + at + ": AnnouncementRetracted of announcement:a-1";
    Rows.change(
        "delete from audited.announcements where negotiation = 'skipping' and from_sequence = "
            + at);
    Rows.change(
        "insert into parley.skips (view, negotiation, sequence, type, aggregate, subject, reason)"
            + " values ('announcements', 'skipping', %s, 'AnnouncementRetracted',".formatted(at)
            + " 'announcement:a-1', 'olga', 'by mistake')");
    try {
      // Others' acts, and others of hers, are not this one.
      skipped(negotiation, "oleg", what);
      skipped(negotiation, "olga", what.replace(" at ", " at 9"));
      skipped("another", "olga", what);
      JsonNode first = verify(negotiation).getLast().get("first");
      assertThat(first.get("what").asString()).isEqualTo("rows");
      assertThat(first.get("where").asString()).isEqualTo("parley.skips announcements");
      assertThat(first.get("sequence").asString()).isEqualTo(at);
      skipped(negotiation, "olga", what);
      JsonNode last = verify(negotiation).getLast();
      assertThat(last.get("verdict").asString()).as(last.toString()).isEqualTo("VERIFIED");
    } finally {
      Rows.change("delete from parley.skips where negotiation = 'skipping'");
    }
  }

  /** An operator's act as it is told of a skip. */
  private static void skipped(String negotiation, String subject, String what) {
    settled
        .service()
        .getBean(Trail.class)
        .written(
            new AuditAct()
                .id(negotiation + " " + subject + " " + what)
                .recordedAt(Instant.EPOCH)
                .subject(subject)
                .act(Act.EVENT_SKIPPED)
                .negotiation(negotiation)
                .detail(what + "; by mistake"))
        .block();
  }

  @Test
  void rowsOfANegotiationThatTheLogHasNotAreFound() throws Exception {
    String negotiation = "invented";
    assertThat(post("/api/audit/negotiations/invented/verify").getStatus().value()).isEqualTo(404);
    Rows.change(
        "insert into audited.negotiations select (json_populate_record(t, '{\"negotiation\":"
            + "\"invented\",\"id\":\"invented\"}')).* from audited.negotiations t"
            + " where negotiation = 'audited' and from_sequence = 1");
    JsonNode last = verify(negotiation).getLast();
    Rows.change("delete from audited.negotiations where negotiation = 'invented'");
    assertThat(last.get("verdict").asString()).isEqualTo("DIFFERS");
    assertThat(last.at("/first/where").asString()).isEqualTo("negotiations invented");
    assertThat(last.at("/first/sequence").asLong()).isEqualTo(1);
  }

  /** Adds a row like the last one, with another id and other sequence numbers. */
  private static String stray(String table, String id, String from, String first) {
    return """
        create table audited.extra as select * from audited.%1$s where negotiation = 'strays'
          order by from_sequence desc, id limit 1;
        update audited.extra set first_sequence = %4$s, from_sequence = %3$s, id = %2$s;
        insert into audited.%1$s select * from audited.extra; drop table audited.extra"""
        .formatted(table, id, from, first);
  }

  @Test
  void rule32_aRestrictedRowThatWasAlteredRemovedOrAddedIsFound() throws Exception {
    String negotiation = "apart";
    settled.history(negotiation, 5);
    String due = "2099-01-01T00:00:00Z";
    settled.decideRestricted(
        negotiation, Facts.announced("secret", "x", "Words").dueAt(due).issuer("ru"));
    settled.decideRestricted(
        negotiation, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"));
    // It waits for the rows of what was decided just now.
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
    String second = "audited.restricted where negotiation = 'apart' and version = 2";
    for (String change :
        List.of(
            "update audited.restricted set issuer = 'ua' where negotiation = 'apart'",
            "update audited.restricted set body = body || ' ' where negotiation = 'apart'",
            "update audited.restricted set search = '' where negotiation = 'apart'",
            "update audited.restricted set to_ms = to_ms - 1 where negotiation = 'apart'",
            "update audited.restricted set to_ms = from_ms where negotiation = 'apart'"
                + " and version = 2",
            "update audited.restricted set first_offset = first_offset + 1"
                + " where negotiation = 'apart'",
            "update audited.restricted set service = 'delegation' where negotiation = 'apart'"
                + " and version = 1",
            "delete from " + second,
            "insert into audited.restricted select negotiation, service, aggregate, 3, event,"
                + " from_ms, to_ms, view, id, issuer, first_offset, state, body, kind, speaker,"
                + " voices, topics, language, status, search from "
                + second)) {
      assertRowFound("restricted", "restricted", negotiation, change);
    }
  }

  @Test
  void rule32_aRestrictedEventThatItsChainDoesNotHoldIsFound() {
    for (String hash : List.of("", RestrictedChain.START, "x".repeat(5000))) {
      String negotiation = besideApart("unchained-" + hash.length());
      settled.history(negotiation, 3);
      settled.decideRestricted(negotiation, Facts.announced("secret", "x", "Words"));
      settled.decideRestricted(
          negotiation, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"), hash);
      JsonNode first = verify(negotiation).getLast().get("first");
      assertThat(first.get("where").asString()).isEqualTo("restricted-announcement:secret@2");
      assertThat(first.get("expected").asString()).matches("hash [0-9a-f]{64}");
      assertThat(first.get("found").asString()).contains("hash").hasSizeLessThan(100);
    }
  }

  @Test
  void rule32_whatWasRecordedBeforeThereWereHashesIsVerified() {
    String negotiation = besideApart("hashless");
    settled.history(negotiation, 3);
    settled.decideRestricted(negotiation, Facts.announced("secret", "x", "Words"), "");
    settled.decideRestricted(
        negotiation, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"), "");
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
  }

  /** The heads of what was verified last are in the record, or its end was cut off since. */
  @Test
  void whatWasVerifiedLastMustBeThere() throws Exception {
    String negotiation = besideApart("verified-before");
    settled.history(negotiation, 3);
    settled.decideRestricted(negotiation, Facts.announced("secret", "x", "Words"));
    JsonNode verified = verify(negotiation).getLast();
    assertThat(verified.get("verdict").asString()).as(verified.toString()).isEqualTo("VERIFIED");
    String restricted = verified.at("/restricted/announcement/hash").asString();
    String kept = "update parley.verifications set %s where negotiation = '" + negotiation + "'";
    settled.decideRestricted(
        negotiation, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"));
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
    for (String other :
        List.of("announcement 1 " + "f".repeat(64), "announcement 3 " + restricted)) {
      Rows.change(kept.formatted("verified_restricted = '" + other + "'"));
      JsonNode first = verify(negotiation).getLast().get("first");
      assertThat(first.get("what").asString()).isEqualTo("restricted");
      assertThat(first.get("where").asString()).isEqualTo(Topics.restricted("announcement"));
      assertThat(first.get("expected").asString()).startsWith("head ");
    }
    Rows.change(kept.formatted("verified_restricted = 'announcement 1 " + restricted + "'"));
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
    Rows.change(kept.formatted("verified_hash = '" + "f".repeat(64) + "'"));
    JsonNode first = verify(negotiation).getLast().get("first");
    assertThat(first.get("what").asString()).isEqualTo("head");
  }

  /** A verdict, and no error that would say in a log of what it is. */
  @Test
  void rule32_aRestrictedEventThatCannotBeAppliedIsFoundWithoutItsId() {
    // Each in a partition of its own: what is applied there stops.
    String unfoldable = elsewhere("apart");
    settled.history(unfoldable, 3);
    settled.decideRestricted(
        unfoldable, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"));
    String unreadable = elsewhere("apart", unfoldable);
    settled.history(unreadable, 3);
    String topic = Topics.restricted("announcement");
    var _ = settled.producer().send(new ProducerRecord<>(topic, unreadable, new byte[] {1, 2}));
    settled.producer().flush();
    for (String negotiation : List.of(unfoldable, unreadable)) {
      JsonNode last = verify(negotiation).getLast();
      assertThat(last.at("/verdict").asString()).as(last.toString()).isEqualTo("DIFFERS");
      assertThat(last.at("/first/what").asString()).isEqualTo("restricted");
      assertThat(last.at("/first/where").asString()).startsWith(topic + "-");
      assertThat(last.toString()).doesNotContain("secret");
    }
  }

  /** A negotiation of the same partition, where nothing stops what is applied. */
  private static String besideApart(String name) {
    return IntStream.range(0, 100)
        .mapToObj(i -> name + "-" + i)
        .filter(each -> ProjectorTest.partition(each) == ProjectorTest.partition("apart"))
        .findFirst()
        .orElseThrow();
  }

  /** A negotiation of another partition than these. */
  private static String elsewhere(String... negotiations) {
    List<Integer> taken = Arrays.stream(negotiations).map(ProjectorTest::partition).toList();
    return IntStream.range(0, 100)
        .mapToObj(i -> "elsewhere-" + i)
        .filter(each -> !taken.contains(ProjectorTest.partition(each)))
        .findFirst()
        .orElseThrow();
  }

  /** Does something to the tables, sees it found, and puts them back as they were. */
  private static void assertRowFound(String table, String change) throws Exception {
    assertRowFound(table, "rows", "rows", change);
  }

  private static void assertRowFound(String table, String what, String negotiation, String change)
      throws Exception {
    Rows.change("drop schema if exists kept cascade; create schema kept");
    Rows.change("create table kept.rows as select * from audited.%s".formatted(table));
    try {
      Rows.change(change);
      double before = settled.verifications("differs");
      JsonNode last = verify(negotiation).getLast();
      assertThat(last.get("verdict").asString()).as(change).isEqualTo("DIFFERS");
      assertThat(settled.verifications("differs")).isEqualTo(before + 1);
      assertThat(last.at("/first/what").asString()).as(last.toString()).isEqualTo(what);
      String where = last.at("/first/where").asString();
      assertThat(where).as(change).matches(table + ".*|" + negotiation);
    } finally {
      Rows.change(
          "truncate audited.%1$s; insert into audited.%1$s select * from kept.rows"
              .formatted(table));
    }
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
  }

  @Test
  void whoMayNotAuditIsRefusedAndWhoDidIsInTheTrail() {
    assertThat(status("POST", "/verify", "")).isEqualTo(401);
    for (String role : List.of("reader", "editor", "secretariat", "operator", "party:audited/ru")) {
      assertThat(status("POST", "/verify", Bearer.of(role))).as(role).isEqualTo(403);
      assertThat(status("GET", "", Bearer.of(role))).as(role).isEqualTo(403);
      assertThat(status("GET", "/trail", Bearer.of(role))).as(role).isEqualTo(403);
    }
    assertThat(status("POST", "/verify?heads=1", Bearer.of("auditor"))).isEqualTo(400);
    assertThat(status("POST", "/verify?head=1", Bearer.of("auditor"))).isEqualTo(400);
    String negotiation = "trailed";
    settled.history(negotiation, 5);
    verify(negotiation);
    var _ = get("/api/negotiations/" + negotiation + "?asOf=3", Bearer.of("reader"));
    JsonNode items = awaitTrail(negotiation, 3);
    assertThat(Story.texts(items, "/act")).contains("VERIFIED", "MOMENT_ASKED");
    assertThat(items.toString())
        .contains("VERIFIED " + summary(negotiation).get("headHash").asString());
    assertThat(Story.texts(items, "/asOf")).contains("3");
    assertThat(Story.texts(items, "/subject")).containsOnly("tester");
    var _ = get("/api/negotiations?asOf=2025-05-14T12:00:00Z", Bearer.of("reader"));
    JsonNode whole = awaitTrail("", 1);
    assertThat(Story.texts(whole, "/act")).contains("MOMENT_ASKED");
    assertThat(Story.texts(whole, "/path")).contains("/api/negotiations?asOf=2025-05-14T12:00:00Z");
  }

  @Test
  void anUnknownNegotiationIs404() {
    EntityExchangeResult<byte[]> answer = post("/api/audit/negotiations/nowhere/verify");
    assertThat(answer.getStatus().value()).isEqualTo(404);
    assertThat(Story.text(answer)).contains("NEGOTIATION_NOT_FOUND");
  }

  private static JsonNode awaitTrail(String negotiation, int acts) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    String of = negotiation.isEmpty() ? "" : "negotiations/" + negotiation + "/";
    while (true) {
      JsonNode items =
          JSON.readTree(Story.text(get("/api/audit/" + of + "trail", Bearer.of("auditor"))))
              .get("items");
      if (items.size() >= acts || System.nanoTime() > deadline) {
        return items;
      }
    }
  }

  /** Verifies with a copy of the timeline that somebody has changed. */
  private static void assertFound(String what, long sequence, Change change, String name) {
    List<TimelineEntry> entries = new ArrayList<>();
    log.stream()
        .filter(record -> record.key().equals(N))
        .map(record -> Wire.decode(record.value(), TimelineEntry.class))
        .forEach(entries::add);
    change.of(entries);
    String topic = "tampered." + name;
    Topics.create(
        new ParleyProperties.Kafka(settled.bootstrapServers(), 6, (short) 1), List.of(topic));
    settled.copy(topic, N, entries.stream().map(Wire::encode).toList());
    Tampered.Found found = Tampered.verify(settled.service(), N, topic);
    assertThat(found.what()).as("%s: %s", name, found).isEqualTo(what);
    assertThat(found.sequence()).as("%s: %s", name, found).isEqualTo(sequence);
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
        .map(record -> Wire.decode(record.value(), TimelineEntry.class))
        .findFirst()
        .orElseThrow();
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

  private static List<JsonNode> verify(String negotiation, String... query) {
    EntityExchangeResult<byte[]> answer =
        post(
            "/api/audit/negotiations/"
                + negotiation
                + "/verify"
                + (query.length > 0 ? query[0] : ""));
    String text = Story.text(answer);
    assertThat(answer.getStatus().value()).as(text).isEqualTo(200);
    return Arrays.stream(text.split("\n")).map(JSON::readTree).toList();
  }

  private static EntityExchangeResult<byte[]> post(String path) {
    return Ground.client(settled.service())
        .post()
        .uri(URI.create(Ground.origin(settled.service()) + path))
        .header("Authorization", Bearer.of("auditor"))
        .exchange()
        .expectBody()
        .returnResult();
  }

  private static EntityExchangeResult<byte[]> get(String path, String bearer) {
    return Ground.client(settled.service())
        .get()
        .uri(URI.create(Ground.origin(settled.service()) + path))
        .header("Authorization", bearer)
        .exchange()
        .expectBody()
        .returnResult();
  }

  private static int status(String method, String path, String bearer) {
    return Ground.client(settled.service())
        .method(org.springframework.http.HttpMethod.valueOf(method))
        .uri(URI.create(Ground.origin(settled.service()) + "/api/audit/negotiations/" + N + path))
        .headers(
            headers -> {
              if (!bearer.isEmpty()) {
                headers.set("Authorization", bearer);
              }
            })
        .exchange()
        .expectBody()
        .returnResult()
        .getStatus()
        .value();
  }

  private static JsonNode summary(String negotiation) {
    return JSON.readTree(
        Story.text(get("/api/audit/negotiations/" + negotiation, Bearer.of("auditor"))));
  }
}
