package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The Compose stack, as the README starts it: it becomes healthy by itself, answers as one machine
 * does, lets no service do another's work, and loses nothing where a broker or a service dies.
 *
 * <p>Needs Docker, Compose, and the image that {@code ./parley image} makes; skipped where one is
 * missing, unless {@code PARLEY_STACK=required} says that they are here.
 */
@Tag("docker")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StackTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final String PROJECT = "parley-stack-test";
  private static final String BASE = SharedDesk.BASE;
  private static final Duration UP_WITHIN = Duration.ofMinutes(12);
  private static final Duration AGAIN_WITHIN = Duration.ofMinutes(3);

  /** Of everything that is served, what every part of the stack has a share in. */
  private static final List<String> PATHS =
      List.of(
          BASE + "/delegations/ru",
          BASE + "/schedule",
          BASE + "/announcements",
          BASE + "/attendance?scope=city:istanbul",
          BASE + "/conflicts",
          BASE + "/timeline");

  private static List<String> compose = List.of();
  private static Map<String, String> environment = Map.of();
  private static Origin origin = nowhere();
  private static String token = "";
  private static String[] tokens = {};
  private static Map<String, String> answers = Map.of();

  @BeforeAll
  static void up() throws Exception {
    boolean required = "required".equals(System.getenv("PARLEY_STACK"));
    Optional<List<String>> found = findCompose();
    boolean possible =
        found.isPresent()
            && run(List.of("docker", "image", "inspect", "parley:0.1.0-SNAPSHOT")).status() == 0;
    if (!required) {
      assumeTrue(possible, "no Docker, or no image: ./parley image makes it");
    }
    compose = found.orElseThrow(() -> new AssertionError("there is no Compose here"));
    int port = freePort();
    environment = Map.of("COMPOSE_PROJECT_NAME", PROJECT, "PARLEY_PORT", Integer.toString(port));
    run(call("down", "--volumes", "--remove-orphans"));
    // Twice where a slow machine takes longer to be healthy than Compose waits.
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    Said said = run(call("up", "-d"));
    while (said.status() != 0 && System.nanoTime() < deadline) {
      said = run(call("up", "-d"));
    }
    assertThat(said.status()).as(said.text()).isZero();
    Said printed = run(call("run", "--rm", "token", "editor", "auditor", "operator"));
    assertThat(printed.status()).as(printed.text()).isZero();
    token =
        printed
            .text()
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("ey"))
            .findFirst()
            .orElseThrow();
    origin = new Origin("http://127.0.0.1:" + port, Optional.of(token));
  }

  @AfterAll
  static void down() throws Exception {
    if (!compose.isEmpty()) {
      Said said = run(call("down", "--volumes", "--remove-orphans"));
      assertThat(said.status()).as(said.text()).isZero();
    }
  }

  @Test
  @Order(1)
  void theExampleIsAnsweredAsOnOneMachine() throws Exception {
    List<Path> files = List.of(SharedDesk.EXAMPLE.resolve("commands.ndjson"));
    Load load = new Load(origin, Progress.over(files));
    load.files(files);
    assertThat(load.refused()).isZero();
    tokens = load.tokens(SharedDesk.N);
    answers = ask();
    assertThat(answers.get(BASE + "/delegations/ru")).contains("Vladimir Medinsky");
    assertThat(answers.get(BASE + "/attendance?scope=city:istanbul"))
        .contains("Donald Trump is willing to be in Istanbul");
    assertThat(Origin.JSON.readTree(answers.get(BASE + "/timeline")).get("items").size())
        .isEqualTo(53);
    assertThat(answers.get(BASE + "/conflicts")).contains("marco-rubio").contains("LATE");
  }

  @Test
  @Order(2)
  void aServiceCannotDoAnothersWorkAtKafka() throws Exception {
    String login = "/run/secrets/parley/parley.kafka.client.sasl.jaas.config";
    String password = run(List.of("docker", "exec", container("schedule"), "cat", login)).text();
    assertThat(password).contains("username=\"schedule\"");
    assertThat(produce(password, "schedule.replies"))
        .as("its own topic")
        .doesNotContain("Authorization");
    for (String other :
        List.of("delegation.events", "announcement.commands", "parley.timeline", "parley.audit")) {
      assertThat(produce(password, other)).as(other).contains("TopicAuthorizationException");
    }
    assertThat(consume(password, "delegation.events")).doesNotContain("AuthorizationException");
    assertThat(consume(password, "announcement.restricted.events"))
        .contains("TopicAuthorizationException");
  }

  @Test
  @Order(3)
  void theProjectionCannotDefineAnythingInTheDatabase() throws Exception {
    assertThat(sql("parley", "select count(*) from projection_v3.timeline")).contains("53");
    for (String definition :
        List.of(
            "create table projection_v3.more (a int)",
            "create table public.more (a int)",
            "create temporary table more (a int)",
            "create schema more",
            "drop table projection_v3.timeline",
            "truncate projection_v3.timeline",
            "alter table projection_v3.timeline add column more int")) {
      assertThat(sql("parley", definition))
          .as(definition)
          .containsAnyOf("permission denied", "must be owner");
    }
    assertThat(sql("registry", "select 1")).contains("permission denied");
  }

  @Test
  @Order(4)
  void aRebuildNeedsNoMoreRights() throws Exception {
    HttpResponse<String> started =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(origin.url() + "/api/operations/projections/records/rebuild"))
                    .header("Authorization", "Bearer " + token)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    await("/api/operations/projections/records/rebuild", body -> body.contains("\"SWAPPED\""));
    assertThat(ask()).isEqualTo(answers);
  }

  @Test
  @Order(5)
  void theAnswersHoldWhereABrokerAndAServiceDie() throws Exception {
    run(List.of("docker", "kill", container("kafka-2")));
    assertThat(ask()).as("without a broker").isEqualTo(answers);
    run(List.of("docker", "kill", container("delegation")));
    assertThat(ask()).as("without a broker and a service").isEqualTo(answers);
    run(List.of("docker", "start", container("delegation")));
    awaitHealthy("delegation");
    List<Path> files = List.of(SharedDesk.EXAMPLE.resolve("commands.ndjson"));
    Load again = new Load(origin, Progress.over(files));
    again.files(files);
    assertThat(again.refused()).isZero();
    assertThat(ask()).as("loaded again, with two brokers").isEqualTo(answers);
    run(List.of("docker", "start", container("kafka-2")));
    awaitHealthy("kafka-2");
    assertThat(ask()).as("with all of them").isEqualTo(answers);
  }

  private static Map<String, String> ask() throws Exception {
    Map<String, String> all = new LinkedHashMap<>();
    for (String path : PATHS) {
      all.put(path, await(path, body -> true, tokens));
    }
    return all;
  }

  /**
   * What a path answers with 200 and as it is wished; a stack in trouble may say 503 for a time.
   */
  private static String await(String path, Predicate<String> wished, String... after)
      throws Exception {
    long deadline = System.nanoTime() + AGAIN_WITHIN.toNanos();
    while (true) {
      Origin.Answer answer = origin.get(path, after);
      if (answer.status() == 200 && wished.test(answer.body())) {
        return answer.body();
      }
      assertThat(System.nanoTime()).as("%s: %s", path, answer.body()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Its id: each make of Compose has names of its own for containers. */
  private static String container(String service) throws Exception {
    return run(call("ps", "-a", "-q", service)).text().strip();
  }

  private static void awaitHealthy(String service) throws Exception {
    long deadline = System.nanoTime() + AGAIN_WITHIN.toNanos();
    List<String> command =
        List.of("docker", "inspect", "-f", "{{.State.Health.Status}}", container(service));
    while (!run(command).text().strip().equals("healthy")) {
      assertThat(System.nanoTime()).as(service).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private static String produce(String login, String topic) throws Exception {
    return kafka(
        login,
        "echo x | /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server kafka-1:9092"
            + " --producer.config /tmp/client.properties --topic "
            + topic);
  }

  private static String consume(String login, String topic) throws Exception {
    return kafka(
        login,
        "/opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server kafka-1:9092"
            + " --consumer.config /tmp/client.properties --partition 0 --offset earliest"
            + " --max-messages 1 --timeout-ms 10000 --topic "
            + topic);
  }

  /** Kafka's own tools, with a service's credentials. */
  private static String kafka(String login, String tool) throws Exception {
    String settings =
        "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nssl.truststore.type=PEM\n"
            + "ssl.truststore.location=/run/secrets/kafka/ca.pem\nsasl.jaas.config="
            + login.strip()
            + "\n";
    String script = "cat > /tmp/client.properties <<'END'\n" + settings + "END\n" + tool;
    return run(List.of("docker", "exec", container("kafka-1"), "bash", "-c", script + " 2>&1"))
        .text();
  }

  private static String sql(String database, String statement) throws Exception {
    String script =
        "PGPASSWORD=$(cat /run/secrets/postgres/parley_projection) psql -h 127.0.0.1 -U"
            + " parley_projection -d "
            + database
            + " -tAc \""
            + statement
            + "\" 2>&1";
    return run(List.of("docker", "exec", container("postgres"), "bash", "-c", script)).text();
  }

  private record Said(int status, String text) {}

  private static List<String> call(String... arguments) {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of(arguments));
    return command;
  }

  private static Optional<List<String>> findCompose() throws Exception {
    for (List<String> command : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
      List<String> version = new ArrayList<>(command);
      version.add("version");
      if (run(List.of("docker", "info")).status() == 0 && run(version).status() == 0) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }

  private static Said run(List<String> command) throws IOException, InterruptedException {
    Path said = Files.createTempFile("parley-stack", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(ROOT.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      builder.environment().putAll(environment);
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        return new Said(127, String.valueOf(e.getMessage()));
      }
      if (!process.waitFor(UP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end: " + Files.readString(said));
      }
      return new Said(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private static Origin nowhere() {
    try {
      return new Origin("http://127.0.0.1:1", Optional.empty());
    } catch (CommandFailed e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
