package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.jwk.ECKey;
import io.parley.journal.Service;
import io.parley.journal.reading.Door;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tries every endpoint that the running application maps, and every command that the language has,
 * with every role, no token and every kind of token that is none; the tables of {@code
 * docs/security.md} say what came of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class LockedDoorsTest {
  private static final String N = "locks-2026";
  private static final String FORGOTTEN = "GET /api/forgotten";
  private static final String SOURCE =
      "\"source\":{\"chain\":[{\"name\":\"A\",\"role\":\"PUBLISHER\"}]}";

  private static DeskInside desk;
  private static Map<String, String> known;
  private static Map<String, String> refused;

  /** An endpoint as somebody adds one: with all it needs, but a door. */
  @RestController
  static class Forgotten {
    @GetMapping("/api/forgotten")
    String anything() {
      return "for everybody";
    }
  }

  @BeforeAll
  static void start() throws Exception {
    desk = new DeskInside(Forgotten.class);
    known = Callers.known(desk, N, "ru", "ua");
    refused = Callers.refused(desk.key());
    HttpResponse<String> convened =
        desk.command(
            "schedule",
            desk.token("editor"),
            """
            {"type":"ConveneNegotiation","negotiation":"%s","title":"Talks","parties":[
            {"party":"ru","name":"Russia","role":"PRINCIPAL"},
            {"party":"ua","name":"Ukraine","role":"PRINCIPAL"}],%s}"""
                .formatted(N, SOURCE));
    assertThat(convened.statusCode()).as(convened.body()).isEqualTo(201);
    String path = "/api/negotiations/" + N;
    while (desk.send("GET", path, "").statusCode() != 200) {
      Thread.onSpinWait();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    desk.close();
  }

  @Test
  @Order(1)
  void everyEndpointHasADoorAndEveryDoorAnEndpoint() {
    Set<String> served = new TreeSet<>(Endpoints.served(desk.context()));
    assertThat(served).as("what is looked for is found").contains(FORGOTTEN, Endpoints.ANY_FILE);
    served.removeAll(Set.of(FORGOTTEN, Endpoints.ANY_FILE));
    assertThat(served).hasSizeGreaterThan(60);
    Set<String> doors = new TreeSet<>(Endpoints.doors(desk.context()).keySet());
    served.removeIf(file -> doors.stream().anyMatch(door -> isBelow(file, door)));
    assertThat(doors).isEqualTo(served);
  }

  /** Files of the page to try the API have one door for all of them. */
  private static boolean isBelow(String file, String door) {
    return door.endsWith("/**")
        && !file.equals(door)
        && file.startsWith(door.substring(0, door.length() - 2));
  }

  @Test
  @Order(2)
  void whatHasNoDoorIsNotThereForAnybody() throws Exception {
    for (var caller : known.entrySet()) {
      for (String path : List.of("/api/forgotten", "/x", "/application.yaml", "/actuator/env")) {
        assertThat(answer(desk.send("GET", path, caller.getValue())))
            .as(caller.getKey() + " " + path)
            .isEqualTo("404 NOT_FOUND");
      }
    }
  }

  @Test
  @Order(3)
  void everyEndpointOpensToTheRolesThatTheTableNames() throws Exception {
    Map<String, Map<String, String>> seen = new TreeMap<>();
    for (var door : new TreeMap<>(Endpoints.doors(desk.context())).entrySet()) {
      Map<String, String> row = new LinkedHashMap<>();
      for (var caller : known.entrySet()) {
        String answer = answer(ask(door.getValue(), caller.getValue()));
        row.put(caller.getKey(), cell(answer));
        assertThat(answer).as(door.getKey() + " " + caller.getKey()).doesNotStartWith("5");
      }
      seen.put(door.getKey(), row);
    }
    SecurityPage.says("endpoints", "endpoint", seen);
  }

  @Test
  @Order(4)
  void everyCommandIsTakenFromWhomTheTableNames() throws Exception {
    Map<String, Map<String, String>> seen = new LinkedHashMap<>();
    for (Service service : desk.context().getBeansOfType(Service.class).values()) {
      for (Schema schema : service.commands()) {
        String body = SampleCommand.of(schema, N, "ru", "ua");
        Map<String, String> row = new LinkedHashMap<>();
        for (var caller : known.entrySet()) {
          String answer = answer(desk.command(service.name(), caller.getValue(), body));
          assertThat(answer)
              .as("%s of %s: %s", body, caller.getKey(), answer)
              .matches("2.*|401 NO_CREDENTIALS|403 FORBIDDEN|4(04|09) \\w+");
          row.put(caller.getKey(), cell(answer));
        }
        seen.put(service.name() + " " + schema.getName(), row);
      }
    }
    assertThat(seen).hasSize(53);
    SecurityPage.says("commands", "command", seen);
  }

  @Test
  @Order(5)
  void aTokenThatIsNotValidOpensNothing() throws Exception {
    ECKey key = desk.key();
    assertThat(desk.send("GET", "/api/audit/trail", Callers.good(key)).statusCode())
        .as("with nothing wrong they would open what they are tried on")
        .isEqualTo(200);
    for (var token : refused.entrySet()) {
      for (var door : Endpoints.doors(desk.context()).entrySet()) {
        assertThat(answer(ask(door.getValue(), token.getValue())))
            .as(token.getKey() + " at " + door.getKey())
            .isEqualTo("401 INVALID_CREDENTIALS");
      }
      for (Service service : desk.context().getBeansOfType(Service.class).values()) {
        for (Schema schema : service.commands()) {
          String body = SampleCommand.of(schema, N, "ru", "ua");
          assertThat(answer(desk.command(service.name(), token.getValue(), body)))
              .as(token.getKey() + " for " + schema.getName())
              .isEqualTo("401 INVALID_CREDENTIALS");
        }
      }
    }
  }

  @Test
  @Order(6)
  void pagesAndStreamsHaveTheirHeaders() throws Exception {
    String events = "/api/negotiations/" + N + "/events?since=beginning";
    HttpResponse<String> replay = desk.send("GET", events, "", "Accept", "application/x-ndjson");
    assertThat(replay.statusCode()).isEqualTo(200);
    assertThat(replay.body()).contains("NegotiationConvened");
    HttpResponse<String> api = desk.send("GET", "/api/negotiations/" + N, desk.token("editor"));
    assertThat(api.headers().firstValue("Cache-Control")).contains("private, no-cache");
    HttpResponse<String> page = desk.send("GET", "/swagger-ui/index.html", "");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("script-src 'self'")
        .doesNotContain("unsafe-eval");
    // Nothing that its policy would forbid is in the page itself.
    assertThat(page.body()).doesNotContainPattern("<script>|<style|onload=|https?://");
    assertThat(api.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'");
    for (HttpResponse<String> answer : List.of(replay, api, page)) {
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
    }
  }

  @Test
  @Order(7)
  void operatorsReadWhatItIsMadeOf() throws Exception {
    boolean built =
        LockedDoorsTest.class.getResource("/META-INF/sbom/application.cdx.json") != null;
    assumeTrue(
        built || !"offline: true".equals(System.getProperty("parley.build")),
        "built without the network, so without a bill of materials");
    HttpResponse<String> bill =
        desk.send("GET", "/actuator/sbom/application", desk.token("operator"));
    assertThat(bill.statusCode()).as(bill.body()).isEqualTo(200);
    assertThat(bill.body()).contains("CycloneDX", "kafka-streams", "bucket4j", "parley-journal");
  }

  @Test
  @Order(7)
  void operatorsReadWhatIsBehindTheHealth() throws Exception {
    String health = desk.send("GET", "/actuator/health", desk.token("operator")).body();
    assertThat(health).contains("\"projection\":{", "\"partitions\":{", "\"timeline\":{");
    for (String role : List.of("", "editor", "mediator", "auditor")) {
      String token = role.isEmpty() ? "" : desk.token(role);
      assertThat(desk.send("GET", "/actuator/health", token).body())
          .as(role)
          .contains("\"status\":\"UP\"")
          .doesNotContain("components", "partitions");
    }
  }

  /** The last: everything that was asked until now is in the log, as far as it is logged. */
  @Test
  @Order(8)
  void noSecretIsInTheLog() throws Exception {
    List<String> secrets = new ArrayList<>();
    for (String token : known.values()) {
      if (!token.isEmpty()) {
        secrets.add(token.substring(token.lastIndexOf('.') + 1));
      }
    }
    for (String token : refused.values()) {
      if (token.chars().filter(c -> c == '.').count() == 2 && !token.endsWith(".")) {
        secrets.add(token.substring(token.lastIndexOf('.') + 1));
      }
    }
    secrets.add("Bearer ey");
    secrets.add(desk.databasePassword());
    secrets.add(String.valueOf(desk.key().getD()));
    desk.send("GET", "/api/search?q=x", desk.token("editor"), "X-Forwarded-For", "x");
    String log = desk.logged();
    assertThat(log).contains("io.parley");
    assertThat(found(secrets, log)).isEmpty();
    for (String secret : secrets) {
      LoggerFactory.getLogger("io.parley.probe").debug("leaked: {}", secret);
    }
    assertThat(found(secrets, desk.logged())).isEqualTo(secrets);
  }

  private static List<String> found(List<String> secrets, String log) {
    return secrets.stream().filter(log::contains).toList();
  }

  /** Asks at a door; what its path leaves open is of the negotiation, or of nothing. */
  private static HttpResponse<String> ask(Door door, String token) throws IOException {
    String path =
        door.path()
            .getPatternString()
            .replace("{negotiation}", N)
            .replaceAll("\\{id:(\\w+)\\[.]\\.\\*}", "$1." + N + ".nothing")
            .replace("/actuator/health/{*path}", "/actuator/health/liveness")
            .replace("/**", "/nothing")
            .replaceAll("\\{\\w+}", "nothing");
    // A stream that goes on for ever would have no answer.
    String accept = path.endsWith("/events") ? "application/x-ndjson" : "*/*";
    return desk.send(door.method().name(), path, token, "Accept", accept);
  }

  /** Status, and the problem's code where it is one. */
  private static String answer(HttpResponse<String> answer) {
    boolean problem =
        answer
            .headers()
            .firstValue("Content-Type")
            .filter("application/problem+json"::equals)
            .isPresent();
    return problem
        ? answer.statusCode() + " " + Origin.JSON.readTree(answer.body()).get("code").asString()
        : String.valueOf(answer.statusCode());
  }

  private static String cell(String answer) {
    return switch (answer) {
      case "401 NO_CREDENTIALS" -> "401";
      case "403 FORBIDDEN" -> "403";
      default -> "yes";
    };
  }
}
