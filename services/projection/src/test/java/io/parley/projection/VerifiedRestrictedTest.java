package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Topics;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.wire.RestrictedChain;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Whoever changes what is restricted is found: a row, an event that its chain does not hold, the
 * end of what was verified before.
 */
@SuppressWarnings("NullAway.Init") // settle() is called first
class VerifiedRestrictedTest {
  private static Settled settled;
  private static Auditor auditor;

  @BeforeAll
  static void settle() {
    settled = Auditor.settled("audited_apart", 100);
    auditor = new Auditor(settled);
  }

  @AfterAll
  static void close() throws Exception {
    auditor.close();
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
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
    String columns = Rows.columns("audited_apart", "restricted");
    String second = "audited_apart.restricted where negotiation = 'apart' and version = 2";
    for (String change :
        List.of(
            "update audited_apart.restricted set issuer = 'ua' where negotiation = 'apart'",
            "update audited_apart.restricted set body = body || ' ' where negotiation = 'apart'",
            "update audited_apart.restricted set words = '' where negotiation = 'apart'",
            "update audited_apart.restricted set to_ms = to_ms - 1 where negotiation = 'apart'",
            "update audited_apart.restricted set to_ms = from_ms where negotiation = 'apart'"
                + " and version = 2",
            "update audited_apart.restricted set first_offset = first_offset + 1"
                + " where negotiation = 'apart'",
            "update audited_apart.restricted set service = 'delegation' where negotiation = 'apart'"
                + " and version = 1",
            "delete from " + second,
            "insert into audited_apart.restricted (%1$s) select %2$s from "
                    .formatted(columns, columns.replace("version", "3"))
                + second)) {
      auditor.assertRowFound("restricted", "restricted", negotiation, change);
    }
    String column = "alter table audited_apart.restricted ";
    Rows.change(column + "alter column search drop expression");
    JsonNode first = auditor.verify(negotiation).getLast().get("first");
    Rows.change(
        column
            + "drop column search, add column search tsvector"
            + " generated always as (to_tsvector('simple', words)) stored");
    assertThat(first.get("what").asString()).isEqualTo("restricted");
    assertThat(first.get("where").asString()).isEqualTo("search");
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
  }

  @Test
  void rule32_aRestrictedEventThatItsChainDoesNotHoldIsFound() {
    for (String hash : List.of("", RestrictedChain.START, "x".repeat(5000))) {
      String negotiation = besideApart("unchained-" + hash.length());
      settled.history(negotiation, 3);
      settled.decideRestricted(negotiation, Facts.announced("secret", "x", "Words"));
      settled.decideRestricted(
          negotiation, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"), hash);
      JsonNode first = auditor.verify(negotiation).getLast().get("first");
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
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
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
      JsonNode last = auditor.verify(negotiation).getLast();
      assertThat(last.at("/verdict").asString()).as(last.toString()).isEqualTo("DIFFERS");
      assertThat(last.at("/first/what").asString()).isEqualTo("restricted");
      assertThat(last.at("/first/where").asString()).startsWith(topic + "-");
      assertThat(last.toString()).doesNotContain("secret");
    }
  }

  /** What an item was folded to is read from its row, which was compared. */
  @Test
  void rule32_moreItemsThanAreKeptAtHandAreVerified() {
    String negotiation = besideApart("many");
    settled.history(negotiation, 3);
    for (int i = 0; i < 120; i++) {
      settled.decideRestricted(negotiation, Facts.announced("secret-" + i, "x", "Words " + i));
    }
    settled.decideRestricted(
        negotiation, new EmbargoSet().announcement("secret-0").until("2098-01-01T00:00:00Z"));
    JsonNode last = auditor.verify(negotiation).getLast();
    assertThat(last.get("verdict").asString()).as(last.toString()).isEqualTo("VERIFIED");
    assertThat(last.at("/restricted/announcement/events").asInt()).isEqualTo(121);
  }

  /** The heads of what was verified last are in the record, or its end was cut off since. */
  @Test
  void whatWasVerifiedLastMustBeThere() throws Exception {
    String negotiation = besideApart("verified-before");
    settled.history(negotiation, 3);
    settled.decideRestricted(negotiation, Facts.announced("secret", "x", "Words"));
    JsonNode verified = auditor.verify(negotiation).getLast();
    assertThat(verified.get("verdict").asString()).as(verified.toString()).isEqualTo("VERIFIED");
    String restricted = verified.at("/restricted/announcement/hash").asString();
    String kept = "update parley.verifications set %s where negotiation = '" + negotiation + "'";
    settled.decideRestricted(
        negotiation, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"));
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
    for (String other :
        List.of("announcement 1 " + "f".repeat(64), "announcement 3 " + restricted)) {
      Rows.change(kept.formatted("verified_restricted = '" + other + "'"));
      JsonNode first = auditor.verify(negotiation).getLast().get("first");
      assertThat(first.get("what").asString()).isEqualTo("restricted");
      assertThat(first.get("where").asString()).isEqualTo(Topics.restricted("announcement"));
      assertThat(first.get("expected").asString()).startsWith("head ");
    }
    Rows.change(kept.formatted("verified_restricted = 'announcement 1 " + restricted + "'"));
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
    Rows.change(kept.formatted("verified_hash = '" + "f".repeat(64) + "'"));
    JsonNode first = auditor.verify(negotiation).getLast().get("first");
    assertThat(first.get("what").asString()).isEqualTo("head");
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
}
