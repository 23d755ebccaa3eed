package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Watcher;
import io.parley.projection.log.Scan;
import io.parley.schemas.AuditAct;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifications that come to no verdict, or whose client does not wait for it: nothing of them is
 * left, and how they ended is in the audit trail.
 */
@Timeout(240)
class VerificationEndsTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Its verification waits, for longer than any test, for an event that is never settled. */
  private static final String WAITS = "waits";

  /** In partitions of their own: what is done to them is done to nobody else. */
  private static final String BEHEADED = "beheaded";

  private static final String UNFOLDABLE = "faulty";

  private static Settled settled;

  @BeforeAll
  static void settle() {
    settled =
        new Settled(
            "ends", Map.of("parley.audit.settle-within", "60s", "parley.audit.at-once", "1"));
    settled.history(WAITS, 10);
    settled.decide(WAITS, Facts.round("never"), "delegation/" + WAITS + "/delegation:nowhere@1");
    settled.producer().flush();
    assertThat(List.of(partition(WAITS), partition(BEHEADED), partition(UNFOLDABLE)))
        .doesNotHaveDuplicates();
  }

  @AfterAll
  static void close() throws Exception {
    settled.close();
    Rows.change("truncate parley.verifications");
    Rows.change("drop schema ends cascade");
  }

  @Test
  void nothingIsLeftOfOneWhoseClientGoesAway() throws Exception {
    Set<ObjectName> before = consumers();
    try (Socket client = ask(WAITS)) {
      awaitProgress(client);
      assertThat(consumers()).hasSizeGreaterThan(before.size());
    }
    await(() -> consumers().equals(before));
    assertThat(lastEnd(WAITS)).isEqualTo("CANCELLED");
    // Also where it goes while the record is opened, at any moment of that.
    for (int opened = 0; opened < 5; opened++) {
      int open = before.size() + opened;
      try (Socket client = ask(WAITS)) {
        assertThat(client.isConnected()).isTrue();
        await(() -> consumers().size() >= open);
      }
      await(() -> noThread() && consumers().equals(before));
    }
    Watcher.of(settled.service(), WAITS).leave();
    await(() -> noThread() && consumers().equals(before));
    // Or once it is opened, and before anything of the answer is sent.
    assertThat(Watcher.deaf(settled.service(), WAITS)).isNotNull();
    await(() -> noThread() && consumers().equals(before));
    assertThat(ends(WAITS)).hasSizeGreaterThanOrEqualTo(3).containsOnly("CANCELLED");
    // Its turn, of one, is free, and no row says that anything of it was found.
    assertThat(code(verify("nowhere"), 404)).isEqualTo("NEGOTIATION_NOT_FOUND");
    assertThat(lastEnd("nowhere")).isEqualTo("NEGOTIATION_NOT_FOUND");
    assertThat(Rows.query("select negotiation from parley.verifications")).doesNotContain(WAITS);
  }

  @Test
  void aLogWhoseBeginningIsGoneDiffersAndNothingIsLeft() throws Exception {
    settled.history(BEHEADED, 5);
    try (Admin admin =
        Admin.create(Map.<String, Object>of("bootstrap.servers", settled.bootstrapServers()))) {
      TopicPartition partition = new TopicPartition(Topics.TIMELINE, partition(BEHEADED));
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();
    }
    Set<ObjectName> before = consumers();
    double differs = settled.verifications("differs");
    assertThat(Story.text(verify(BEHEADED)))
        .contains("\"DIFFERS\"", "\"chain\"", "begins at 2")
        .contains(Topics.TIMELINE + "-" + partition(BEHEADED) + "@0");
    await(() -> consumers().equals(before));
    assertThat(lastEnd(BEHEADED)).startsWith("DIFFERS ");
    assertThat(settled.verifications("differs")).isEqualTo(differs + 1);
  }

  @Test
  void whereTheDatabaseCannotBeReadItSaysSoAndNothingIsLeft() throws Exception {
    String negotiation = "tableless";
    settled.history(negotiation, 5);
    Set<ObjectName> before = consumers();
    Rows.change("alter table ends.timeline rename to timeline_away");
    try {
      assertThat(code(verify(negotiation), 503)).isEqualTo("DATABASE_AWAY");
    } finally {
      Rows.change("alter table ends.timeline_away rename to timeline");
    }
    assertThat(lastEnd(negotiation)).isEqualTo("DATABASE_AWAY");
    Rows.change("alter table ends.announcements rename to announcements_away");
    try {
      EntityExchangeResult<byte[]> answer = verify(negotiation);
      assertThat(Story.text(answer)).contains("VERIFICATION_FAILED").doesNotContain("verdict");
    } finally {
      Rows.change("alter table ends.announcements_away rename to announcements");
    }
    assertThat(lastEnd(negotiation)).isEqualTo("VERIFICATION_FAILED");
    await(() -> consumers().equals(before));
    assertThat(Story.text(verify(negotiation))).contains("\"VERIFIED\"");
  }

  /** It was found: who asked need not be there to be told. */
  @Test
  void aDifferenceIsKeptAlsoWhereTheClientHasLeft() throws Exception {
    String negotiation = "differs";
    settled.history(negotiation, 20);
    Rows.change(
        "update ends.announcements set body = replace(body, '\"', '\" ') where negotiation ="
            + " 'differs'");
    double before = settled.verifications("differs");
    try (Connection connection = Rows.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table ends.announcements in access exclusive mode");
      Watcher watcher = Watcher.of(settled.service(), negotiation);
      // Now it looks at the rows.
      await(VerificationEndsTest::isAnybodyLockedOut);
      watcher.leave();
      connection.rollback();
    }
    await(VerificationEndsTest::noThread);
    assertThat(lastEnd(negotiation)).startsWith("DIFFERS ");
    assertThat(settled.verifications("differs")).isEqualTo(before + 1);
    assertThat(Rows.query("select verdict from parley.verifications where negotiation = 'differs'"))
        .containsExactly("DIFFERS");
  }

  @Test
  void rule32_theLogNamesNothingThatIsRestricted() {
    settled.history(UNFOLDABLE, 5);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    log.setContext(context);
    log.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(log);
    try {
      // An embargo of something that never was: nothing can be folded of it.
      settled.decideRestricted(
          UNFOLDABLE, new EmbargoSet().announcement("hush").until("2098-01-01T00:00:00Z"));
      assertThat(Story.text(verify(UNFOLDABLE))).contains("DIFFERS").doesNotContain("hush");
    } finally {
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(log);
    }
    List<String> said =
        List.copyOf(log.list).stream()
            .map(
                event ->
                    event.getThrowableProxy() == null
                        ? event.getFormattedMessage()
                        : event.getFormattedMessage()
                            + ThrowableProxyUtil.asString(event.getThrowableProxy()))
            .toList();
    assertThat(said).anyMatch(line -> line.contains("a restricted event cannot be applied"));
    assertThat(said).noneMatch(line -> line.contains("hush"));
  }

  private static int partition(String negotiation) {
    return Scan.partitionOf(negotiation, 6);
  }

  /** Those that scan a topic, as Kafka itself knows them in this process. */
  private static Set<ObjectName> consumers() {
    try {
      return ManagementFactory.getPlatformMBeanServer()
          .queryNames(new ObjectName("kafka.consumer:type=app-info,id=parley-scan-*"), null);
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean noThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("audit-verification"));
  }

  private static boolean isAnybodyLockedOut() {
    try {
      return !Rows.query(
              "select 1 from pg_locks where not granted and relation ="
                  + " 'ends.announcements'::regclass")
          .isEmpty();
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("30 s").isLessThan(end);
    }
  }

  /** How the verifications of a negotiation ended, as the trail says. */
  private static List<String> ends(String negotiation) {
    List<String> ends = new ArrayList<>();
    try (Scan scan =
        new Scan(Brokers.at(settled.bootstrapServers()), Topics.AUDIT, 6, negotiation)) {
      for (var record = scan.next(); record != null; record = scan.next()) {
        String result = Wire.decode(record.value(), AuditAct.class).result();
        if (result != null) {
          ends.add(result);
        }
        scan.pass();
      }
    }
    return ends;
  }

  private static String lastEnd(String negotiation) {
    await(() -> noThread() && !ends(negotiation).isEmpty());
    return ends(negotiation).getLast();
  }

  private static String code(EntityExchangeResult<byte[]> answer, int status) {
    String text = Story.text(answer);
    assertThat(answer.getStatus().value()).as(text).isEqualTo(status);
    JsonNode problem = JSON.readTree(text);
    return problem.get("code").asString();
  }

  private static EntityExchangeResult<byte[]> verify(String negotiation) {
    return Ground.client(settled.service())
        .post()
        .uri("/api/audit/negotiations/" + negotiation + "/verify")
        .header("Authorization", Bearer.of("auditor"))
        .exchange()
        .expectBody()
        .returnResult();
  }

  /** Asks for a verification; the client goes away when this is closed. */
  private static Socket ask(String negotiation) throws IOException {
    URI origin = URI.create(Ground.origin(settled.service()));
    Socket socket = new Socket(origin.getHost(), origin.getPort());
    socket
        .getOutputStream()
        .write(
            """
            POST /api/audit/negotiations/%s/verify HTTP/1.1
            Host: localhost
            Content-Length: 0
            Authorization: %s

            """
                .formatted(negotiation, Bearer.of("auditor"))
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static void awaitProgress(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder said = new StringBuilder();
    while (said.indexOf("\"sequence\"") < 0) {
      int next = in.read();
      assertThat(next).as("the answer ends: %s", said).isNotNegative();
      said.append((char) next);
    }
  }
}
