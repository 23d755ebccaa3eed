package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import io.parley.schemas.wire.Wire;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asked for what moment of a record, in whatever way, is in the audit trail. */
@Timeout(120)
class TrailTest {
  private static final String THEN = "2025-05-14T12:00:00Z";
  private static final String LATER = "2025-05-15T12:00:00Z";
  private static final String NDJSON = "application/x-ndjson";
  private static final String JSON = "application/json";

  private static Settled settled;

  @BeforeAll
  static void settle() {
    settled = new Settled("trail", Map.of());
  }

  @AfterAll
  static void close() throws Exception {
    settled.close();
    Rows.change("drop schema trail cascade");
  }

  @Test
  void aDifferenceIsOfTwoMoments() {
    settled.history("differing", 5);
    read("/api/negotiations/differing/diff?from=2", JSON);
    assertMoments("differing", "2");
    read("/api/negotiations/differing/diff?from=0&to=" + THEN, JSON);
    assertMoments("differing", "2", "0", THEN);
    read("/api/negotiations/differing/diff?from=1&to=2&asOf=4", JSON);
    assertMoments("differing", "2", "0", THEN, "4", "1", "2");
  }

  @Test
  void theTimelineIsOfAMomentWhereAnInstantBoundsItAndNotWhereANumberDoes() {
    settled.history("bounded", 5);
    read("/api/negotiations/bounded/timeline", JSON);
    read("/api/negotiations/bounded/timeline?from=2&to=3", JSON);
    read("/api/negotiations/bounded/timeline?from=2&to=" + THEN, JSON);
    assertMoments("bounded", THEN);
    read("/api/negotiations/bounded/timeline?from=" + THEN + "&to=" + LATER, JSON);
    assertMoments("bounded", THEN, THEN, LATER);
  }

  @Test
  void aReplayIsOfTheInstantsThatBoundIt() {
    settled.history("replayed", 5);
    read("/api/negotiations/replayed/events?since=beginning", NDJSON);
    read("/api/negotiations/replayed/events?since=" + THEN, NDJSON);
    assertMoments("replayed", THEN);
    read("/api/negotiations/replayed/events?since=beginning&until=" + LATER, NDJSON);
    assertMoments("replayed", THEN, LATER);
    // Of those that it names, else of all of them.
    read("/api/events?negotiation=replayed&since=" + THEN + "&until=" + LATER, NDJSON);
    assertMoments("replayed", THEN, LATER, THEN, LATER);
    read("/api/events?since=beginning&until=" + LATER, NDJSON);
    assertMoments("", LATER);
  }

  /** Nobody is nobody; and what is refused was not asked. */
  @Test
  void whoDoesNotSayWhoHeIsIsNotInIt() {
    settled.history("anonymous", 5);
    Ground.client(settled.service())
        .get()
        .uri("/api/negotiations/anonymous/diff?from=1")
        .exchange()
        .expectStatus()
        .isOk();
    Ground.client(settled.service())
        .get()
        .uri("/api/negotiations/anonymous/diff?from=1&to=yesterday")
        .header("Authorization", Bearer.of("reader"))
        .exchange()
        .expectStatus()
        .isBadRequest();
    read("/api/negotiations/anonymous/diff?from=3", JSON);
    assertMoments("anonymous", "3");
  }

  /** Reads all of an answer, as somebody with a name. */
  private static void read(String path, String accept) {
    Ground.client(settled.service())
        .get()
        .uri(URI.create(Ground.origin(settled.service()) + path))
        .header("Authorization", Bearer.of("reader"))
        .header("Accept", accept)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .returnResult();
  }

  /** These and no others; an answer does not wait until they are written. */
  private static void assertMoments(String negotiation, String... moments) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<String> found = moments(negotiation);
    while (found.size() < moments.length && System.nanoTime() < end) {
      found = moments(negotiation);
    }
    assertThat(found).containsExactlyInAnyOrder(moments);
  }

  private static List<String> moments(String negotiation) {
    List<String> moments = new ArrayList<>();
    try (Scan scan =
        new Scan(Brokers.at(settled.bootstrapServers()), Topics.AUDIT, 6, negotiation)) {
      for (var record = scan.next(); record != null; record = scan.next()) {
        AuditAct act = Wire.decode(record.value(), AuditAct.class);
        assertThat(act.act()).isEqualTo(Act.MOMENT_ASKED);
        assertThat(act.subject()).isEqualTo("tester");
        moments.add(String.valueOf(act.asOf()));
        scan.pass();
      }
    }
    return moments;
  }
}
