package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
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
import tools.jackson.databind.JsonNode;

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
  private static final String BASE = SharedDesk.BASE;
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

  private static final List<String> SERVICES =
      List.of("schedule", "delegation", "announcement", "projection");

  private static Optional<Stack> started = Optional.empty();
  private static Origin origin = nowhere();
  private static String token = "";
  private static String[] tokens = {};
  private static Map<String, String> answers = Map.of();

  @BeforeAll
  static void up() throws Exception {
    started = Stack.find();
    if (!"required".equals(System.getenv("PARLEY_STACK"))) {
      assumeTrue(
          started.isPresent(), "no Docker, no Compose, or no image: ./parley image makes it");
    }
    stack().up();
    token = stack().token("editor", "auditor", "operator");
    origin = new Origin(stack().url(), Optional.of(token));
  }

  private static Stack stack() {
    return started.orElseThrow(() -> new AssertionError("no Docker, no Compose, or no image"));
  }

  @AfterAll
  static void down() throws Exception {
    if (started.isPresent()) {
      stack().down();
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
  void theRouterDescribesTheWholeSystemWithAPageToTryIt() throws Exception {
    JsonNode kept = Origin.JSON.readTree(Path.of("..", "..", "docs", "openapi.json"));
    JsonNode described = Origin.JSON.readTree(await("/v3/api-docs", body -> true));
    for (String part : List.of("/paths", "/components/schemas")) {
      assertThat(described.at(part)).as(part).isEqualTo(kept.at(part));
    }
    assertThat(described.at("/tags")).containsExactlyInAnyOrderElementsOf(kept.at("/tags"));
    assertThat(await("/swagger-ui/index.html", body -> true)).contains("swagger-ui");
  }

  @Test
  @Order(2)
  void theManagementPortTellsNumbersToWhoReachesItAndTheRestToOperators() throws Exception {
    String ask = "curl -fsS http://127.0.0.1:8081/actuator";
    assertThat(stack().in("schedule", ask + "/prometheus")).contains("parley_streams_up");
    assertThat(stack().in("projection", ask + "/prometheus")).contains("parley_projection_");
    assertThat(stack().in("projection", ask + "/health")).doesNotContain("components");
    String operator = " -H 'Authorization: Bearer " + stack().token("operator") + "'";
    assertThat(stack().in("projection", ask + "/health" + operator))
        .contains("\"timeline\":{", "\"partitions\":{");
    assertThat(stack().in("delegation", ask + "/health" + operator)).contains("\"RUNNING\"");
    assertThat(stack().in("schedule", ask + "/sbom/application" + operator))
        .contains("CycloneDX", "kafka-streams", "parley-journal");
    assertThat(new Origin(stack().url(), Optional.empty()).get("/actuator/health/readiness").body())
        .contains("UP")
        .doesNotContain("components");
  }

  @Test
  @Order(2)
  void aServiceIsNobodyInParticularOnADiskThatItCannotWrite() throws Exception {
    for (String service : SERVICES) {
      assertThat(
              stack()
                  .inspect(
                      service,
                      "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}"))
          .isEqualTo("parley true [ALL]");
      assertThat(stack().in(service, "id -u; touch /app/x"))
          .contains("10001", "Read-only file system");
    }
  }

  @Test
  @Order(3)
  void aServiceCannotDoAnothersWorkAtKafka() throws Exception {
    String login = "/run/secrets/parley/parley.kafka.client.sasl.jaas.config";
    String password = stack().in("schedule", "cat " + login);
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
  @Order(4)
  void theProjectionCannotDefineAnythingInTheDatabase() throws Exception {
    assertThat(sql("parley", "select count(*) from projection_v5.timeline")).contains("53");
    for (String definition :
        List.of(
            "create table projection_v5.more (a int)",
            "create table public.more (a int)",
            "create temporary table more (a int)",
            "create schema more",
            "drop table projection_v5.timeline",
            "truncate projection_v5.timeline",
            "alter table projection_v5.timeline add column more int")) {
      assertThat(sql("parley", definition))
          .as(definition)
          .containsAnyOf("permission denied", "must be owner");
    }
    assertThat(sql("registry", "select 1")).contains("permission denied");
  }

  @Test
  @Order(5)
  void nothingComesToTheDatabaseOrToTheRegistryWithoutTls() throws Exception {
    String who =
        "select usename, bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid)"
            + " where client_addr is not null group by usename order by usename";
    assertThat(stack().in("postgres", "psql -U postgres -d parley -tAc \"" + who + "\"").lines())
        .containsExactly("parley_projection|t", "registry|t");
    String login =
        "PGPASSWORD=$(cat /run/secrets/postgres/parley_projection) psql -tAc 'select 1'"
            + " 'host=postgres dbname=parley user=parley_projection sslmode=%s' 2>&1";
    assertThat(stack().in("postgres", login.formatted("require")).strip()).isEqualTo("1");
    assertThat(stack().in("postgres", login.formatted("disable"))).contains("no encryption");
    String ask =
        "curl -sS -m 3 -o /dev/null -w '%%{http_code}' --cacert /run/secrets/registry/ca.pem"
            + " %s/apis/ccompat/v7/subjects 2>&1";
    assertThat(stack().in("registry", ask.formatted("https://registry:8443"))).isEqualTo("200");
    assertThat(stack().in("registry", ask.formatted("http://registry:8080"))).contains("onnect");
  }

  @Test
  @Order(6)
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
  @Order(7)
  void theAnswersHoldWhereABrokerAndAServiceDie() throws Exception {
    stack().kill("kafka-2");
    assertThat(ask()).as("without a broker").isEqualTo(answers);
    // That is told to stop ends by itself, long before it would be killed.
    stack().stop("schedule");
    assertThat(stack().inspect("schedule", "{{.State.ExitCode}} {{.State.OOMKilled}}"))
        .isEqualTo("143 false");
    stack().startAgain("schedule");
    stack().kill("delegation");
    assertThat(ask()).as("without a broker and a service").isEqualTo(answers);
    stack().startAgain("delegation");
    List<Path> files = List.of(SharedDesk.EXAMPLE.resolve("commands.ndjson"));
    Load again = new Load(origin, Progress.over(files));
    again.files(files);
    assertThat(again.refused()).isZero();
    assertThat(ask()).as("loaded again, with two brokers").isEqualTo(answers);
    stack().startAgain("kafka-2");
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
    return stack().in("kafka-1", script + " 2>&1");
  }

  private static String sql(String database, String statement) throws Exception {
    String script =
        "PGPASSWORD=$(cat /run/secrets/postgres/parley_projection) psql -h 127.0.0.1 -U"
            + " parley_projection -d "
            + database
            + " -tAc \""
            + statement
            + "\" 2>&1";
    return stack().in("postgres", script);
  }

  private static Origin nowhere() {
    try {
      return new Origin("http://127.0.0.1:1", Optional.empty());
    } catch (CommandFailed e) {
      throw new IllegalStateException(e);
    }
  }
}
