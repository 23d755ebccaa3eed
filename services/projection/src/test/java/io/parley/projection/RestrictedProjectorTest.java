package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Restricted events become rows of their own, each once, and no others. */
class RestrictedProjectorTest {
  private static final String DUE = "2099-01-01T00:00:00Z";

  @BeforeAll
  static void topics() {
    Topics.create(
        new ParleyProperties.Kafka(Ground.bootstrapServers(), 6, (short) 1),
        Topics.RESTRICTING.stream().map(Topics::restricted).toList());
  }

  @Test
  void rule32_eachEventIsAppliedOnceAcrossRestartsAndInNoOpenTable() throws Exception {
    record("once", 1, Facts.announced("secret", "somebody", "Words").dueAt(DUE).issuer("ru"));
    record("once", 2, new EmbargoSet().announcement("secret").until("2098-01-01T00:00:00Z"));
    try (ConfigurableApplicationContext service = Ground.service("apart", Map.of())) {
      assertThat(service.isRunning()).isTrue();
      await("apart", "once", 2);
    }
    record("once", 3, Facts.corrected("secret", "Other words", 2));
    try (ConfigurableApplicationContext service = Ground.service("apart", Map.of())) {
      assertThat(service.isRunning()).isTrue();
      await("apart", "once", 3);
    }
    assertThat(
            Rows.query(
                "select version || ' ' || issuer || ' ' || (from_ms = version * 1000) || ' '"
                    + " || coalesce(to_ms::text, 'now') || ' ' || (body::jsonb ->> 'embargoUntil')"
                    + " from apart.restricted where negotiation = 'once' order by version"))
        .containsExactly(
            "1 ru true 2000 " + DUE,
            "2 ru true 3000 2098-01-01T00:00:00Z",
            "3 ru true now 2098-01-01T00:00:00Z");
    assertThat(Rows.all("apart", "once")).isEmpty();
  }

  @Test
  void rule32_anEventThatIsMissingStopsItAndHealthNamesNoId() throws Exception {
    record("gap", 1, Facts.announced("secret", "somebody", "Words").dueAt(DUE));
    record("gap", 3, new EmbargoSet().announcement("secret").until(DUE));
    try (ConfigurableApplicationContext service = Ground.service("apart_gap", Map.of())) {
      assertThat(awaitHealth(service, true)).doesNotContain("secret");
      // Any instance tells so, and no more than that.
      try (ConfigurableApplicationContext other =
          Ground.service("apart_gap", Map.of("parley.projection.project", "false"))) {
        Operating operator = new Operating(Ground.origin(other));
        Operating.until(
            "it is told", () -> restricted(operator).get("state").asString().equals("STOPPED"));
        assertThat(restricted(operator).propertyNames())
            .containsExactlyInAnyOrder("name", "schema", "state", "reason");
        assertThat(restricted(operator).get("reason").asString()).doesNotContainPattern("[0-9]");
      }
    }
    assertThat(Rows.query("select version from apart_gap.restricted where negotiation = 'gap'"))
        .isEqualTo(List.of("1"));
  }

  /** What the database refuses today it may take tomorrow; and others do not wait for it. */
  @Test
  void rule32_itGoesOnOnceTheCauseIsGone() throws Exception {
    try (ConfigurableApplicationContext service = Ground.service("apart_refused", Map.of())) {
      await("apart_refused", "first", 0);
      Rows.change(
          "alter table apart_refused.restricted add constraint no check (negotiation <> 'refused')");
      record("refused", 1, Facts.announced("secret", "somebody", "Words").dueAt(DUE));
      awaitHealth(service, true);
      String elsewhere = elsewhere("refused");
      record(elsewhere, 1, Facts.announced("secret", "somebody", "Words").dueAt(DUE));
      await("apart_refused", elsewhere, 1);
      record("refused", 2, new EmbargoSet().announcement("secret").until(DUE));
      Rows.change("alter table apart_refused.restricted drop constraint no");
      awaitHealth(service, false);
      await("apart_refused", "refused", 2);
    }
    assertThat(
            Rows.query(
                "select version from apart_refused.restricted where negotiation = 'refused'"
                    + " order by version"))
        .containsExactly("1", "2");
  }

  private static JsonNode restricted(Operating operator) {
    return operator.get("/projections").expect(200).body().at("/items/1");
  }

  /** A negotiation of another partition. */
  private static String elsewhere(String negotiation) {
    return java.util.stream.IntStream.range(0, 100)
        .mapToObj(i -> "elsewhere-" + i)
        .filter(each -> partition(each) != partition(negotiation))
        .findFirst()
        .orElseThrow();
  }

  private static int partition(String key) {
    return org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
        key.getBytes(StandardCharsets.UTF_8), 6);
  }

  /** Waits until health says that an event cannot be applied, or no longer. */
  private static String awaitHealth(ConfigurableApplicationContext service, boolean faulty) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      byte[] body =
          Ground.client(service)
              .get()
              .uri("/actuator/health")
              .exchange()
              .expectBody()
              .returnResult()
              .getResponseBodyContent();
      String health = body == null ? "" : new String(body, StandardCharsets.UTF_8);
      if (health.contains("an event cannot be applied") == faulty) {
        return health;
      }
      assertThat(System.nanoTime()).as(health).isLessThan(end);
    }
  }

  private static void await(String schema, String negotiation, long version) throws Exception {
    long end = System.nanoTime() + 30_000_000_000L;
    String sql =
        "select coalesce(max(version), 0) from %s.restricted where negotiation = '%s'"
            .formatted(schema, negotiation);
    String table = "select to_regclass('%s.restricted')::text".formatted(schema);
    while (Rows.query(table).getFirst() == null
        || !String.valueOf(version).equals(Rows.query(sql).getFirst())) {
      assertThat(System.nanoTime()).as("version %s in time", version).isLessThan(end);
    }
  }

  private static void record(String negotiation, long version, Event event) {
    String id = "announcement/" + negotiation + "/restricted-announcement:secret@" + version;
    event.header(
        new EventHeader()
            .id(id)
            .negotiation(negotiation)
            .aggregate("restricted-announcement:secret")
            .version(version)
            .decidedAt(Instant.ofEpochSecond(version))
            .author("somebody")
            .commandId("c")
            .causationId("c")
            .correlationId("c"));
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Ground.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      var _ = producer.send(Chained.record(event, Wire.encode(event), ""));
    }
  }
}
