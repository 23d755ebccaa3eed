package io.parley.projection.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients of another make read the events: KafkaJS and its registry client, on Node.js. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InteropTest {
  private static final Instant DECIDED = Instant.parse("2025-05-14T19:30:00.123Z");
  private static final String N = "istanbul-2025";

  @TempDir private static Path directory;

  /** The registry's paths and nothing else. */
  @Configuration
  @EnableWebFlux
  @Import(RegistryController.class)
  static class Registry {}

  /** What a run of the script said. */
  private record Said(int code, List<String> lines, List<String> errors) {}

  @BeforeAll
  static void install() throws Exception {
    for (String tool : List.of("node", "npm")) {
      if (run(List.of(tool, "--version")).isEmpty()) {
        abort(tool + " is not installed: clients of another make are not tried");
      }
    }
    Path sources = Path.of("../../schemas/interop").toAbsolutePath().normalize();
    for (String file : List.of("package.json", "package-lock.json", ".npmrc", "consume.js")) {
      Files.copy(sources.resolve(file), directory.resolve(file));
    }
    Said said = run(List.of("npm", "ci", "--ignore-scripts", "--prefer-offline")).orElseThrow();
    if (said.code != 0) {
      String all = String.join("\n", said.errors);
      if (all.matches("(?s).*(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH).*")) {
        abort("npm's registry cannot be reached: clients of another make are not tried");
      }
      throw new AssertionError(all);
    }
  }

  @Test
  void everyEventIsDecodedThroughTheRegistry() throws Exception {
    Said said = consume(events(), true);
    assertThat(said.code).as("exit code; it said %s", said.errors).isZero();
    assertThat(said.lines).hasSize(3);
    JsonMapper json = new JsonMapper();
    for (String line : said.lines) {
      JsonNode read = json.readTree(line);
      JsonNode event = read.get("event");
      assertThat(read.get("key").asString()).isEqualTo(N);
      assertThat(event.get("header").get("decidedAt").asLong()).isEqualTo(DECIDED.toEpochMilli());
      switch (read.get("topic").asString()) {
        case "schedule.events" -> assertThat(event.get("meeting").asString()).isEqualTo("first");
        case "delegation.events" -> {
          assertThat(event.get("person").toString()).contains("Vladimir Medinsky");
          assertThat(event.get("header").get("source").toString()).contains("The Kremlin");
          assertThat(event.get("header").get("seen").get(0).asString())
              .isEqualTo("schedule/" + N + "/meeting:first@1");
        }
        default -> assertThat(event.get("reason").asString()).isEqualTo("par erreur — été");
      }
    }
  }

  /** Guard: headers that do not say what the event says are found. */
  @Test
  void aHeaderThatLiesIsFound() throws Exception {
    Said said = consume(events(), false);
    assertThat(said.code).isEqualTo(1);
    assertThat(said.errors).anyMatch(line -> line.contains("ce_specversion is 0.3, not 1.0"));
  }

  private static Said consume(List<Event> events, boolean honestly) throws Exception {
    try (var broker = TestBroker.start();
        var context = new AnnotationConfigApplicationContext(Registry.class)) {
      produce(broker, events, honestly);
      var handler =
          new ReactorHttpHandlerAdapter(WebHttpHandlerBuilder.applicationContext(context).build());
      DisposableServer server =
          HttpServer.create().host("127.0.0.1").port(0).handle(handler).bindNow();
      try {
        String registry = "http://127.0.0.1:" + server.port();
        return run(List.of("node", "consume.js", broker.bootstrapServers(), registry, "3"))
            .orElseThrow();
      } finally {
        server.disposeNow();
      }
    }
  }

  /** In a transaction, as the services write. */
  private static void produce(TestBroker broker, List<Event> events, boolean honestly) {
    Topics.create(
        new ParleyProperties.Kafka(broker.bootstrapServers(), 2, (short) 1),
        Topics.SERVICES.stream().map(Topics::events).toList());
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "writer");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (Event event : events) {
        String namespace = event.getSchema().getNamespace();
        String service = namespace.substring(namespace.lastIndexOf('.') + 1);
        var record =
            new ProducerRecord<>(
                Topics.events(service), event.header().negotiation(), Wire.encode(event));
        headers(event, service, honestly)
            .forEach(
                (name, value) ->
                    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        var _ = producer.send(record);
      }
      producer.commitTransaction();
    }
  }

  private static Map<String, String> headers(Event event, String service, boolean honestly) {
    EventHeader header = event.header();
    return Map.of(
        "ce_specversion", honestly ? "1.0" : "0.3",
        "ce_id", header.id(),
        "ce_source", "/negotiations/" + header.negotiation() + "/" + service,
        "ce_type", "io.parley." + service + "." + event.type(),
        "ce_subject", header.aggregate(),
        "ce_time", header.decidedAt().toString(),
        "ce_negotiation", header.negotiation(),
        "ce_aggregateversion", Long.toString(header.version()));
  }

  private static List<Event> events() {
    Source decree =
        new Source()
            .chain(List.of(new SourceLink().name("The Kremlin").role(SourceRole.PUBLISHER)))
            .published(new TemporalValue().edtf("2025-05-14"));
    return List.of(
        new MeetingOpened().header(header("meeting:first")).meeting("first"),
        new HeadAppointed()
            .header(
                header("delegation:ru")
                    .seen(List.of("schedule/" + N + "/meeting:first@1"))
                    .source(decree))
            .party("ru")
            .person(new Person().id("vladimir-medinsky").name("Vladimir Medinsky")),
        new AnnouncementHeld()
            .header(header("announcement:note"))
            .announcement("note")
            .reason("par erreur — été"));
  }

  private static EventHeader header(String aggregate) {
    return new EventHeader()
        .id("id-of-" + aggregate)
        .negotiation(N)
        .aggregate(aggregate)
        .version(1)
        .decidedAt(DECIDED)
        .author("editor")
        .commandId("c")
        .causationId("c")
        .correlationId("c");
  }

  /** Runs a command in the copied package; empty where there is no such command. */
  private static Optional<Said> run(List<String> command) throws Exception {
    Path output = Files.createTempFile(directory, "said", ".txt");
    Path errors = Files.createTempFile(directory, "errors", ".txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new AssertionError(command + " does not end: " + Files.readAllLines(errors));
      }
      return Optional.of(
          new Said(process.exitValue(), Files.readAllLines(output), Files.readAllLines(errors)));
    } finally {
      process.destroyForcibly();
    }
  }
}
