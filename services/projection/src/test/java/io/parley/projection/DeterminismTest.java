package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.arbitraries.ListArbitrary;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

/** The same log gives the same rows and the same answers, however it was read. */
class DeterminismTest {
  private static final List<String> PATHS =
      List.of(
          "",
          "/delegations",
          "/schedule",
          "/announcements?limit=1000",
          "/attendance",
          "/attendance?scope=meeting:m-1",
          "/conflicts",
          "/positions",
          "/proposals",
          "/claims",
          "/drafts",
          "/agreements",
          "/diff?from=1");

  /** More than an export of some hundred events has. */
  private static final int MOST_BYTES = 16 << 20;

  private static final AtomicInteger RUNS = new AtomicInteger();

  private static final ConfigurableApplicationContext SERVICE = Story.service("determined");

  /** One for all histories: a try of few events takes little time then. */
  private static final KafkaProducer<String, byte[]> PRODUCER =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Ground.bootstrapServers(), "linger.ms", "5"),
          new StringSerializer(),
          new ByteArraySerializer());

  @AfterContainer
  static void stop() {
    PRODUCER.close();
    SERVICE.close();
  }

  /** Few or many; as likely the one as the other. */
  @Provide
  ListArbitrary<Integer> histories() {
    return steps().ofMaxSize(200).withSizeDistribution(RandomDistribution.uniform());
  }

  /** Some of each kind, so that each table has rows, and then anything. */
  @Provide
  Arbitrary<List<Integer>> longHistories() {
    return steps()
        .ofMinSize(100)
        .ofMaxSize(200)
        .map(
            steps -> {
              List<Integer> all = new ArrayList<>(History.ofEachKind());
              all.addAll(steps);
              return all;
            });
  }

  private static ListArbitrary<Integer> steps() {
    return Arbitraries.integers()
        .between(0, History.STEPS - 1)
        .withDistribution(RandomDistribution.uniform())
        .list();
  }

  /**
   * As of a moment a long record answers what one does that ends there, asked for by the sequence
   * number, and by the first and the last instant of it. A history that fails is made shorter.
   *
   * @param before steps up to the moment
   * @param after steps after it
   */
  @Property(tries = 8, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void asOfAMomentIsTheFoldUpToThere(
      @ForAll("histories") List<Integer> before, @ForAll("histories") List<Integer> after) {
    int run = RUNS.incrementAndGet();
    String whole = "whole-%04d".formatted(run);
    String part = "parts-%04d".formatted(run);
    List<Integer> steps = Stream.concat(before.stream(), after.stream()).toList();
    // The first event is the negotiation itself.
    int moment = 1 + before.size();
    Instant first = Recorder.recordedAt(moment);
    Instant beforeNext = Recorder.recordedAt(moment + 1).minusMillis(1);
    Token last = History.of(new Recorder(whole, PRODUCER)::settle, steps).last();
    Token end = History.of(new Recorder(part, PRODUCER)::settle, before).last();
    PRODUCER.flush();
    ProjectorTest.await(SERVICE, last);
    ProjectorTest.await(SERVICE, end);
    for (String path : PATHS) {
      String then = answer(part, path);
      for (Object asOf : List.of(moment, first, beforeNext)) {
        String asked = path + (path.contains("?") ? "&" : "?") + "asOf=" + asOf;
        assertThat(answer(whole, asked).replace(whole, part))
            .as("%s after %d steps, before %d", asked, before.size(), after.size())
            .isEqualTo(then);
      }
    }
  }

  /** Whatever the batches, the memory and the interruptions: the same rows, answers and export. */
  @Property(tries = 2, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void howTheLogWasReadDoesNotShowInTheRows(
      @ForAll("longHistories") List<Integer> steps, @ForAll Random random) throws SQLException {
    String negotiation = "rows-%03d".formatted(RUNS.incrementAndGet());
    String schema = "interrupted_" + RUNS.get();
    TreeSet<Integer> stops = new TreeSet<>(Set.of(steps.size()));
    for (int i = 0; i < 2; i++) {
      stops.add(random.nextInt(steps.size()));
    }
    History history = new History(new Recorder(negotiation, PRODUCER)::settle);
    int settled = 0;
    for (int stop : stops) {
      try (ConfigurableApplicationContext interrupted =
          Ground.service(
              schema,
              Map.of(
                  "parley.projection.batch-events", String.valueOf(1 + random.nextInt(50)),
                  "parley.projection.cached-items", String.valueOf(random.nextInt(5)),
                  "parley.projection.wait-at-most", "20s"))) {
        while (settled < stop) {
          history.settle(steps.get(settled++));
        }
        PRODUCER.flush();
        ProjectorTest.await(interrupted, history.last());
      }
    }
    ProjectorTest.await(SERVICE, history.last());
    List<String> rows = Rows.all(schema, negotiation);
    assertThat(rows).isEqualTo(Rows.all("determined", negotiation));
    // Two tables without rows are the same, and say nothing.
    assertThat(rows.stream().map(row -> row.substring(0, row.indexOf(' '))).distinct())
        .as("tables with rows")
        .containsAll(views())
        .containsAll(Rows.TABLES);
    try (ConfigurableApplicationContext again =
        Ground.service(schema, Map.of("parley.projection.project", "false"))) {
      for (String path : PATHS) {
        String all = "/api/negotiations/" + negotiation + path;
        byte[] answer = bytes(SERVICE, all);
        assertThat(bytes(again, all)).as(path).isEqualTo(answer);
        assertThat(new String(answer, StandardCharsets.UTF_8))
            .as(path)
            .doesNotContain("\"items\":[]");
      }
      for (String path : List.of("", "/export", "/export?asOf=" + (1 + stops.first()))) {
        String all = "/api/audit/negotiations/" + negotiation + path;
        assertThat(bytes(again, all)).as(path).isEqualTo(bytes(SERVICE, all));
      }
    }
  }

  /** The tables of all views, as the database knows them. */
  private static Set<String> views() throws SQLException {
    return Set.copyOf(
        Rows.query(
            "select table_name::text from information_schema.columns"
                + " where table_schema = 'determined' and column_name = 'first_sequence'"));
  }

  private static byte[] bytes(ConfigurableApplicationContext service, String path) {
    byte[] body =
        Ground.client(service)
            .mutate()
            .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MOST_BYTES))
            .build()
            .get()
            .uri(URI.create(Ground.origin(service) + path))
            .header("Authorization", Bearer.of("auditor"))
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult()
            .getResponseBody();
    return Objects.requireNonNull(body, path);
  }

  private static String answer(String negotiation, String path) {
    EntityExchangeResult<byte[]> answer =
        Ground.client(SERVICE)
            .get()
            .uri(URI.create(Ground.origin(SERVICE) + "/api/negotiations/" + negotiation + path))
            .exchange()
            .expectBody()
            .returnResult();
    // Two failures are the same too, and say nothing.
    assertThat(answer.getStatus().is5xxServerError()).as("%s: %s", path, answer).isFalse();
    // Hashes and cursors depend on the negotiation, and two problems differ in their trace id.
    return answer.getStatus().value()
        + Story.text(answer).replaceAll("[0-9a-f]{32,64}|(?<=\"next\":\")[^\"]+", "X");
  }
}
