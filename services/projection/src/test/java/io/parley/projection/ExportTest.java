package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.export.Export;
import io.parley.projection.audit.export.OfflineVerification;
import io.parley.projection.audit.export.Spool;
import io.parley.projection.read.AsOf;
import io.parley.projection.trail.Trail;
import io.parley.schemas.AuditAct;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports over HTTP: who gets them, what they are, and what becomes of clients that go away. */
@Timeout(240)
class ExportTest {
  private static final String N = "exported";
  private static final String PATH = "/api/audit/negotiations/" + N + "/export";
  private static final int EVENTS = 40;

  /** More than a connection takes that nobody reads from. */
  private static final String LARGE = "large";

  /** More than is kept of one export here. */
  private static final String TOO_LARGE = "too-large";

  private static Settled settled;

  @TempDir private static Path spools;
  @TempDir private Path directory;

  @BeforeAll
  static void settle() {
    settled =
        new Settled(
            "exports",
            Map.of(
                "parley.audit.at-once", "1",
                "parley.audit.stalled-after", "2s",
                "parley.audit.spool-directory", spools.toString(),
                "parley.audit.spooled-bytes", "50000000"));
    settled.history("another", 20);
    settled.history(N, EVENTS);
    settle(LARGE, 400);
    settle(TOO_LARGE, 600);
  }

  private static void settle(String negotiation, int announcements) {
    settled.decide(negotiation, Facts.convened("Large"));
    String words = "w".repeat(90_000);
    for (int i = 0; i < announcements; i++) {
      settled.decide(negotiation, Facts.announced("a-" + i, "somebody", words + i));
    }
    settled.await(settled.decide(negotiation, Facts.round("last")));
  }

  @AfterAll
  static void close() {
    settled.close();
  }

  @Test
  void itIsWhatTheLogMakesWhoeverMakesIt() throws Exception {
    EntityExchangeResult<byte[]> answer = get(PATH, Bearer.of("auditor"));
    assertThat(answer.getStatus().value()).as(text(answer)).isEqualTo(200);
    assertThat(answer.getResponseHeaders().getFirst("Content-Type")).isEqualTo("application/zip");
    assertThat(answer.getResponseHeaders().getFirst("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + N + "-" + EVENTS + ".zip\"");
    assertThat(answer.getResponseHeaders().getFirst("Parley-Sequence")).isEqualTo("" + EVENTS);
    assertThat(body(answer)).isEqualTo(made(N, null, true)).isEqualTo(body(get(PATH, auditor())));
    assertThat(body(get(PATH + "?parts=open", auditor()))).isEqualTo(made(N, null, false));
    assertThat(body(get(PATH + "?parts=open&asOf=7", auditor()))).isEqualTo(made(N, "7", false));
    OfflineVerification.Verified verified =
        OfflineVerification.verify(
            Files.write(directory.resolve("export.zip"), body(answer)), null, done -> {});
    assertThat(verified.length()).isEqualTo(EVENTS);
    JsonNode summary =
        new JsonMapper().readTree(text(get("/api/audit/negotiations/" + N, auditor())));
    assertThat(verified.headHash()).isEqualTo(summary.get("headHash").asString());
  }

  @Test
  void whoMayNotHaveItDoesNot() {
    assertThat(get(PATH, null).getStatus().value()).isEqualTo(401);
    for (String role :
        List.of("reader", "editor", "secretariat", "operator", "party:" + N + "/ru")) {
      assertThat(get(PATH, Bearer.of(role)).getStatus().value()).as(role).isEqualTo(403);
    }
  }

  @Test
  void whatIsNotThereOrNotAskedForRightSaysSo() {
    assertRefused("/api/audit/negotiations/nobody-knows/export", 404, "NEGOTIATION_NOT_FOUND");
    assertRefused("/api/audit/negotiations/No-Slug/export", 404, "NEGOTIATION_NOT_FOUND");
    assertRefused(PATH + "?asOf=0", 404, "NEGOTIATION_NOT_FOUND");
    assertRefused(PATH + "?asOf=2001-01-01T00:00:00Z", 404, "NEGOTIATION_NOT_FOUND");
    assertRefused(PATH + "?asOf=yesterday", 400, "INVALID_REQUEST");
    assertRefused(PATH + "?parts=restricted", 400, "INVALID_REQUEST");
    assertRefused(PATH + "?limit=3", 400, "INVALID_REQUEST");
  }

  @Test
  void whatThereIsNoRoomForIsRefusedAndNothingIsLeftOfAny() throws Exception {
    String path = "/api/audit/negotiations/" + TOO_LARGE + "/export";
    assertRefused(path, 507, "EXPORT_TOO_LARGE");
    assertThat(get(path + "?asOf=3", auditor()).getStatus().value()).isEqualTo(200);
    try (Stream<Path> left = Files.list(spools)) {
      assertThat(left).isEmpty();
    }
    Path away = directory.resolve("away");
    Files.move(spools, away);
    Files.writeString(spools, "no directory");
    try {
      assertRefused(PATH, 503, "NO_ROOM");
    } finally {
      Files.delete(spools);
      Files.move(away, spools);
    }
  }

  @Test
  void whoGotItIsInTheTrailOrNobodyGetsIt() {
    String head = head(get(PATH + "?asOf=9", auditor()));
    assertThat(trail())
        .anySatisfy(
            act -> {
              assertThat(act.negotiation()).isEqualTo(N);
              assertThat(act.act()).isEqualTo(io.parley.schemas.Act.EXPORTED);
              assertThat(act.asOf()).isEqualTo("9");
              assertThat(act.result()).isEqualTo(head);
              assertThat(act.subject()).isEqualTo("tester");
            });
    Trail trail = settled.service().getBean(Trail.class);
    trail.stop();
    try {
      assertRefused(PATH, 503, "TRAIL_AWAY");
    } finally {
      trail.start();
    }
    assertThat(get(PATH, auditor()).getStatus().value()).isEqualTo(200);
  }

  @Test
  void theHeadOfTheAnswerIsNoExport() {
    int acts = trail().size();
    var answer =
        Ground.client(settled.service())
            .head()
            .uri(PATH)
            .header("Authorization", auditor())
            .exchange()
            .expectBody()
            .returnResult();
    assertThat(answer.getStatus().value()).isEqualTo(200);
    assertThat(answer.getResponseHeaders().getFirst("Content-Type")).isEqualTo("application/zip");
    assertThat(trail()).hasSize(acts);
  }

  /** One at a time here: while one client takes its time nobody else has a turn. */
  @Test
  void aClientThatReadsNothingIsDisconnectedAndGivesItsTurnBack() throws Exception {
    try (Socket slow = ask(LARGE)) {
      InputStream in = slow.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      assertRefused(PATH, 429, "TOO_MANY_AUDITS");
      awaitTurn();
      // What was on its way still comes, and then the end: no last chunk, so that no client takes
      // it for the whole.
      byte[] rest = in.readAllBytes();
      assertThat(new String(rest, StandardCharsets.ISO_8859_1)).doesNotEndWith("\r\n0\r\n\r\n");
      assertThat(rest.length).isLessThan(30_000_000);
    } catch (java.net.SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  @Test
  void aClientThatGoesAwayStopsTheWork() throws Exception {
    try (Socket gone = ask(LARGE)) {
      assertThat(gone.getInputStream().read()).isEqualTo('H');
    }
    awaitTurn();
    try (Socket early = ask(LARGE)) {
      assertThat(early.isConnected()).isTrue();
    }
    awaitTurn();
    awaitNoThread();
    byte[] whole = body(get("/api/audit/negotiations/" + LARGE + "/export", auditor()));
    assertThat(whole).hasSizeGreaterThan(30_000_000).isEqualTo(made(LARGE, null, true));
  }

  private static void awaitNoThread() {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("audit-export"))) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  private static void awaitTurn() {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      int status = get(PATH, auditor()).getStatus().value();
      if (status == 200) {
        return;
      }
      assertThat(status).isEqualTo(429);
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  /** Asks for an export and reads nothing. */
  private static Socket ask(String negotiation) throws IOException {
    URI origin = URI.create(Ground.origin(settled.service()));
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(origin.getHost(), origin.getPort()));
    socket
        .getOutputStream()
        .write(
            """
            GET /api/audit/negotiations/%s/export HTTP/1.1
            Host: localhost
            Authorization: %s

            """
                .formatted(negotiation, auditor())
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static byte[] made(String negotiation, @Nullable String asOf, boolean restricted)
      throws IOException {
    Export export = new Export(Brokers.at(settled.bootstrapServers()), 6, negotiation);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (Spool spool = Spool.in(Files.createTempDirectory("parley-spool"), 1 << 30)) {
      Export.Found found =
          export.read(asOf == null ? null : AsOf.parse(asOf), restricted, spool).orElseThrow();
      Export.write(found, spool, zip);
    }
    return zip.toByteArray();
  }

  private String head(EntityExchangeResult<byte[]> answer) {
    try {
      Path file = Files.write(directory.resolve("head.zip"), body(answer));
      return OfflineVerification.verify(file, null, done -> {}).headHash();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<AuditAct> trail() {
    List<AuditAct> acts = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", settled.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.AUDIT).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> acts.add(Wire.decode(record.value(), AuditAct.class)));
      }
    }
    return acts;
  }

  private static void assertRefused(String path, int status, String code) {
    EntityExchangeResult<byte[]> answer = get(path, auditor());
    assertThat(answer.getStatus().value()).as(path + ": " + text(answer)).isEqualTo(status);
    assertThat(new JsonMapper().readTree(text(answer)).get("code").asString()).isEqualTo(code);
    if (status == 429 || status == 503) {
      assertThat(answer.getResponseHeaders().getFirst("Retry-After")).isNotNull();
    }
  }

  private static String auditor() {
    return Bearer.of("auditor");
  }

  private static EntityExchangeResult<byte[]> get(String path, @Nullable String bearer) {
    var asking =
        Ground.client(settled.service())
            .mutate()
            .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(100 << 20))
            .build()
            .get()
            .uri(URI.create(Ground.origin(settled.service()) + path));
    if (bearer != null) {
      asking = asking.header("Authorization", bearer);
    }
    return asking.exchange().expectBody().returnResult();
  }

  private static byte[] body(EntityExchangeResult<byte[]> answer) {
    byte[] body = answer.getResponseBodyContent();
    return body == null ? new byte[0] : body;
  }

  private static String text(EntityExchangeResult<byte[]> answer) {
    return new String(body(answer), StandardCharsets.UTF_8);
  }
}
