package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.parley.embedded.EmbeddedBroker;
import io.parley.embedded.EmbeddedDatabase;
import io.parley.journal.reading.SigningKey;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/**
 * A command is one trace from its request to the streams, over the real broker and database; what
 * is restricted leaves none where others look (ADR 19).
 */
@Timeout(300)
class OneTraceTest {
  private static final String N = "trace-2026";
  private static final String WORD = "xyzzyquux";
  private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

  @TempDir private static Path data;
  private static EmbeddedBroker broker;
  private static EmbeddedDatabase database;
  private static ConfigurableApplicationContext services;
  private static String url;
  private static String editor;
  private static String auditor;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Configuration(proxyBeanMethods = false)
  static class Exporting {
    @Bean
    SpanExporter spans() {
      return SPANS;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
    database = EmbeddedDatabase.start(data.resolve("postgresql"), 0);
    DeskKey key = DeskKey.in(data);
    editor = key.token(List.of("editor"), "desk", Duration.ofHours(1));
    auditor = key.token(List.of("auditor"), "desk", Duration.ofHours(1));
    services =
        new SpringApplication(DeskApplication.class, Exporting.class)
            .run(
                "--server.port=0",
                "--management.tracing.sampling.probability=1.0",
                "--parley.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--parley.state-directory=" + data.resolve("streams"),
                "--parley.security.keys=" + DeskKey.publicKeys(data),
                "--parley.security.issuer=" + SigningKey.ISSUER,
                "--parley.security.audience=" + SigningKey.AUDIENCE,
                "--spring.r2dbc.url=" + database.url(),
                "--spring.r2dbc.username=" + database.username(),
                "--spring.r2dbc.password=" + database.password());
    url = "http://127.0.0.1:" + services.getEnvironment().getRequiredProperty("local.server.port");
    until("it is ready", () -> get("/actuator/health/readiness").statusCode() == 200);
    accepted(
        "schedule",
        """
        {"type":"ConveneNegotiation","negotiation":"%s","title":"Talks","parties":[
        {"party":"a","name":"A","role":"PRINCIPAL"}],%s}""",
        newTrace());
    // From here on the other service knows of the negotiation.
    accepted(
        "announcement",
        """
        {"type":"PublishAnnouncement","negotiation":"%s","announcement":"open","kind":"STATEMENT",
        "speaker":"somebody","text":"x","language":"en",%s}""",
        newTrace());
  }

  @AfterAll
  static void stop() throws Exception {
    services.close();
    database.close();
    broker.close();
  }

  @Test
  void aCommandIsOneTraceFromItsRequestToTheStream() throws Exception {
    String trace = newTrace();
    HttpResponse<InputStream> stream =
        CLIENT.send(
            request("/api/negotiations/" + N + "/events").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    String token;
    try (var lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      token = accepted("schedule", party("b"), trace).get("token").asString();
      String line = "";
      while (!line.contains("PartyAdded")) {
        line = Objects.requireNonNull(lines.readLine(), "the stream ended");
      }
    }
    assertThat(after("/api/negotiations/" + N, token).statusCode()).isEqualTo(200);
    List<SpanData> spans = spans(trace, found -> found.size() >= 6);
    Map<String, SpanData> byName =
        spans.stream().collect(Collectors.toMap(SpanData::getName, each -> each));
    assertThat(byName)
        .containsOnlyKeys(
            "http post /api/schedule/commands",
            "command schedule",
            "decide schedule",
            "settle",
            "project",
            "publish");
    // The way of the command: each step was caused by the one before.
    assertThat(parent(byName, "http post /api/schedule/commands")).isEqualTo("b7ad6b7169203331");
    assertThat(parent(byName, "command schedule"))
        .isEqualTo(id(byName, "http post /api/schedule/commands"));
    assertThat(parent(byName, "decide schedule")).isEqualTo(id(byName, "command schedule"));
    assertThat(parent(byName, "settle")).isEqualTo(id(byName, "decide schedule"));
    assertThat(parent(byName, "project")).isEqualTo(id(byName, "settle"));
    assertThat(parent(byName, "publish")).isEqualTo(id(byName, "settle"));
    assertThat(span(byName, "settle").getAttributes().toString())
        .contains("PartyAdded", N)
        .doesNotContain("Party b");
  }

  /** Many commands of one request: each is a trace of its own, and linked to the request. */
  @Test
  void manyCommandsOfOneRequestAreLinkedToIt() throws Exception {
    String trace = newTrace();
    String lines =
        filled(party("c")).replace("\n", " ") + "\n" + filled(party("d")).replace("\n", " ") + "\n";
    HttpResponse<String> answer =
        CLIENT.send(
            traced("/api/schedule/commands", trace)
                .header("Authorization", "Bearer " + editor)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body().lines()).hasSize(2).allMatch(line -> line.contains("201"));
    List<SpanData> request = spans(trace, found -> !found.isEmpty());
    assertThat(request).hasSize(1);
    List<SpanData> commands = new ArrayList<>();
    until(
        "both commands are told of",
        () -> {
          commands.clear();
          flushed().stream()
              .filter(span -> span.getName().equals("command schedule"))
              .filter(
                  span ->
                      span.getLinks().stream()
                          .anyMatch(link -> link.getSpanContext().getTraceId().equals(trace)))
              .forEach(commands::add);
          return commands.size() == 2;
        });
    assertThat(commands)
        .allSatisfy(
            span -> {
              assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
              assertThat(span.getLinks().getFirst().getSpanContext().getSpanId())
                  .isEqualTo(request.getFirst().getSpanId());
              spans(
                  span.getTraceId(),
                  found -> found.stream().anyMatch(each -> each.getName().equals("project")));
            });
    assertThat(commands.get(0).getTraceId()).isNotEqualTo(commands.get(1).getTraceId());
  }

  @Test
  void rule32_whatIsRestrictedLeavesNoTrace() throws Exception {
    String trace = newTrace();
    String token =
        accepted("announcement", embargoed("secret", "2099-01-01T00:00:00Z"), trace)
            .get("token")
            .asString();
    assertThat(after("/api/negotiations/" + N, token).statusCode()).isEqualTo(200);
    HttpResponse<String> read =
        CLIENT.send(
            traced("/api/negotiations/" + N + "/announcements/" + WORD + "-secret", trace)
                .header("Authorization", "Bearer " + editor)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    // An error, whose words have the id.
    assertThat(
            CLIENT
                .send(
                    traced("/api/negotiations/" + N + "/announcements/" + WORD, trace).build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(404);
    List<SpanData> spans = spans(trace, found -> found.size() >= 5);
    assertThat(spans.stream().map(SpanData::getName))
        .containsExactlyInAnyOrder(
            "http post /api/announcement/commands",
            "command announcement",
            "decide announcement",
            "http get /api/negotiations/{negotiation}/announcements/{announcement}",
            "http get /api/negotiations/{negotiation}/announcements/{announcement}");
    assertThat(spans)
        .allSatisfy(
            span -> {
              assertThat(span.toString()).doesNotContain(WORD, "secret", N);
              assertThat(span.getEvents()).isEmpty();
            });
    assertThat(new Leaks(List.of(trace)).inOpenTopics(broker.bootstrapServers())).isEmpty();
    assertThat(records("announcement.restricted.events"))
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.headers().lastHeader("traceparent")).isNull());
  }

  /** What was under embargo and is public looks as anything else, and leads nowhere back. */
  @Test
  void rule32_aReleaseHasATraceOfItsOwn() throws Exception {
    String trace = newTrace();
    String due = Instant.now().plusSeconds(3).toString();
    accepted("announcement", embargoed("late", due), trace);
    String path = "/api/negotiations/" + N + "/announcements/" + WORD + "-late";
    until("it is public", () -> get(path).statusCode() == 200);
    List<ConsumerRecord<byte[], byte[]>> released = records("announcement.events");
    assertThat(released)
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(
                        new String(
                            each.headers().lastHeader("traceparent").value(),
                            StandardCharsets.US_ASCII))
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                    .doesNotContain(trace));
    assertThat(new Leaks(List.of(trace)).inOpenTopics(broker.bootstrapServers())).isEmpty();
  }

  /** Headers are no part of the record: its chain verifies, and an export has nothing of them. */
  @Test
  void aTraceIsNoPartOfTheRecord() throws Exception {
    String trace = newTrace();
    String token = accepted("schedule", party("e"), trace).get("token").asString();
    assertThat(after("/api/negotiations/" + N, token).statusCode()).isEqualTo(200);
    assertThat(new Leaks(List.of(trace)).inOpenTopics(broker.bootstrapServers()))
        .as("the event and its timeline entry name the trace")
        .hasSize(2);
    HttpResponse<String> verified =
        CLIENT.send(
            request("/api/audit/negotiations/" + N + "/verify")
                .header("Authorization", "Bearer " + auditor)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(verified.body()).contains("\"VERIFIED\"");
    HttpResponse<byte[]> export =
        CLIENT.send(
            request("/api/audit/negotiations/" + N + "/export")
                .header("Authorization", "Bearer " + auditor)
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(export.statusCode()).isEqualTo(200);
    try (var zip = new ZipInputStream(new ByteArrayInputStream(export.body()))) {
      while (zip.getNextEntry() != null) {
        String file = new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(file).doesNotContain(trace).doesNotContain("traceparent");
      }
    }
  }

  private static String party(String id) {
    return """
    {"type":"AddParty","negotiation":"%s","party":"PARTY","name":"Party PARTY","role":"OBSERVER",%s}"""
        .replace("PARTY", id);
  }

  private static String embargoed(String id, String until) {
    return """
    {"type":"PublishAnnouncement","negotiation":"%s","announcement":"WORD-ID","kind":"STATEMENT","speaker":"somebody",
    "text":"The WORD text.","language":"en","embargoUntil":"UNTIL",%s}"""
        .replace("WORD", WORD)
        .replace("ID", id)
        .replace("UNTIL", until);
  }

  private static String filled(String command) {
    return command.formatted(
        N, "\"source\":{\"chain\":[{\"name\":\"The Gazette\",\"role\":\"PUBLISHER\"}]}");
  }

  private static JsonNode accepted(String service, String command, String trace) throws Exception {
    HttpRequest request =
        traced("/api/" + service + "/commands", trace)
            .header("Authorization", "Bearer " + editor)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(filled(command)))
            .build();
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    // The services learn of a new negotiation after a moment.
    for (int i = 0; i < 200 && answer.body().contains("NEGOTIATION_NOT_FOUND"); i++) {
      answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Origin.JSON.readTree(answer.body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> after(String path, String token) throws Exception {
    return CLIENT.send(
        request(path)
            .header("Parley-After", token)
            .header("Authorization", "Bearer " + editor)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
  }

  private static HttpRequest.Builder traced(String path, String trace) {
    return request(path).header("traceparent", "00-" + trace + "-b7ad6b7169203331-01");
  }

  private static String newTrace() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return Leaks.records(broker.bootstrapServers(), Set.of(topic));
  }

  private static List<SpanData> flushed() {
    services.getBean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
    return SPANS.getFinishedSpanItems();
  }

  /** The spans of a trace once they are as many as they will be. */
  private static List<SpanData> spans(String trace, Predicate<List<SpanData>> whole) {
    List<SpanData> found = new ArrayList<>();
    until(
        "the trace is whole",
        () -> {
          found.clear();
          flushed().stream().filter(span -> span.getTraceId().equals(trace)).forEach(found::add);
          return whole.test(found);
        });
    return found;
  }

  private static String id(Map<String, SpanData> spans, String name) {
    return span(spans, name).getSpanId();
  }

  private static String parent(Map<String, SpanData> spans, String name) {
    return span(spans, name).getParentSpanId();
  }

  private static SpanData span(Map<String, SpanData> spans, String name) {
    return Objects.requireNonNull(spans.get(name), name);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(String what, Condition condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    try {
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as(what).isLessThan(end);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(what, e);
    }
  }
}
