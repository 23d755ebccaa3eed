package io.parley.journal.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The locks on a service that is nothing else, over HTTP, with an issuer beside it. */
class LocksTest {
  private static final List<String> ROLES =
      List.of("reader", "party:n/ru", "secretariat", "editor", "auditor", "operator");

  private static Issuer issuer;
  private static ConfigurableApplicationContext service;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** A service with one path that has a door, and two that somebody forgot to give one. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({ReadingConfiguration.class, Rooms.class})
  static class House {
    /** Event loops of its own: the end of one service must not end those of another. */
    @Bean
    ReactorResourceFactory loops() {
      ReactorResourceFactory loops = new ReactorResourceFactory();
      loops.setUseGlobalResources(false);
      return loops;
    }

    @Bean
    Doors doors() {
      return Doors.of(
          Door.get("/open", Door.To.ANYBODY),
          Door.post("/open/commands", Door.To.RECORDERS),
          Door.of(HttpMethod.DELETE, "/audited", Door.To.AUDITORS));
    }
  }

  /** What is behind the doors, and where there is none. */
  @RestController
  static class Rooms {
    @GetMapping("/open")
    String open() {
      return "open";
    }

    @PostMapping("/open")
    String forgotten() {
      return "forgotten";
    }

    @PostMapping("/open/commands")
    String record(@RequestBody(required = false) @Nullable String command) {
      return "recorded " + command;
    }

    @GetMapping("/forgotten")
    String forgottenToo() {
      return "forgotten";
    }

    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("never seen");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    issuer = new Issuer();
    service =
        start(
            "--parley.rates.window=3600s",
            "--parley.rates.reads-by-subject=20",
            "--parley.rates.commands-by-address=5");
  }

  @AfterAll
  static void stop() {
    service.close();
    issuer.close();
  }

  private static ConfigurableApplicationContext start(String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.addAll(
        List.of(
            "--server.port=0",
            "--server.address=127.0.0.1",
            "--parley.security.issuer-uri=" + issuer.uri(),
            "--management.endpoints.web.exposure.include=health,prometheus,info"));
    return new SpringApplicationBuilder(House.class)
        .web(WebApplicationType.REACTIVE)
        .run(settings.toArray(new String[0]));
  }

  @Test
  void whatHasNoDoorIsNotThereForAnybody() throws Exception {
    List<String> tokens = new ArrayList<>(List.of(""));
    ROLES.forEach(role -> tokens.add(token(role)));
    for (String token : tokens) {
      problem(send("GET", "/forgotten", token), 404, "NOT_FOUND");
      problem(send("GET", "/nothing", token), 404, "NOT_FOUND");
      problem(send("GET", "/actuator/info", token), 404, "NOT_FOUND");
      problem(send("POST", "/open", token), 405, "METHOD_NOT_ALLOWED");
      problem(send("GET", "/open/", token), 404, "NOT_FOUND");
      problem(send("GET", "/Open", token), 404, "NOT_FOUND");
    }
    assertThat(send("GET", "/open", "").statusCode()).isEqualTo(200);
    assertThat(send("HEAD", "/open", "").statusCode()).isEqualTo(200);
    assertThat(send("OPTIONS", "/open", "").headers().firstValue("Allow")).isPresent();
    problem(send("OPTIONS", "/audited", ""), 401, "NO_CREDENTIALS");
    problem(send("DELETE", "/audited", ""), 401, "NO_CREDENTIALS");
    problem(send("DELETE", "/audited", token("reader")), 403, "FORBIDDEN");
    problem(send("GET", "/audited", ""), 405, "METHOD_NOT_ALLOWED");
    problem(send("GET", "/audited", token("auditor")), 405, "METHOD_NOT_ALLOWED");
  }

  @Test
  void numbersAreForOperatorsButOnAPortOfTheirOwn() throws Exception {
    problem(send("GET", "/actuator/prometheus", ""), 401, "NO_CREDENTIALS");
    problem(send("GET", "/actuator/prometheus", token("auditor")), 403, "FORBIDDEN");
    assertThat(send("GET", "/actuator/health", "").statusCode()).isEqualTo(200);
    try (var apart = start("--management.server.port=0")) {
      String port = apart.getEnvironment().getRequiredProperty("local.management.port");
      assertThat(port).isNotEqualTo(apart.getEnvironment().getProperty("local.server.port"));
      URI managed = URI.create("http://127.0.0.1:" + port);
      assertThat(send("GET", managed.resolve("/actuator/health"), "").statusCode()).isEqualTo(200);
      // No registry is here to tell any: but it is not forbidden to ask.
      assertThat(send("GET", managed.resolve("/actuator/prometheus"), "").statusCode())
          .isEqualTo(404);
      assertThat(send("GET", managed.resolve("/actuator"), "").statusCode()).isEqualTo(401);
      assertThat(send("GET", managed.resolve("/actuator/info"), "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aSubjectThatAsksTooOftenIsToldHowOftenItMay() throws Exception {
    String eager = issuer.token(issuer.claims().subject("eager"));
    HttpResponse<String> last = send("GET", "/open", eager);
    for (int i = 1; i < 20; i++) {
      assertThat(last.statusCode()).as("%d of 20", i).isEqualTo(200);
      last = send("GET", "/open", eager);
    }
    assertThat(last.statusCode()).isEqualTo(200);
    HttpResponse<String> refused = send("GET", "/open", eager);
    problem(refused, 429, "RATE_EXCEEDED");
    assertThat(refused.body()).contains("20 requests of one subject in 3600 s");
    assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 180);
    assertThat(send("GET", "/open", token("reader")).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/open", "").statusCode()).isEqualTo(200);
  }

  @Test
  void anAddressThatRecordsTooOftenIsRefusedBeforeItsTokenIsLookedAt() throws Exception {
    for (int i = 0; i < 5; i++) {
      problem(send("POST", "/open/commands", ""), 401, "NO_CREDENTIALS");
    }
    problem(send("POST", "/open/commands", token("editor")), 429, "RATE_EXCEEDED");
    problem(send("POST", "/open/commands", "nonsense"), 429, "RATE_EXCEEDED");
  }

  /** What a client writes of itself stands before what our proxy wrote, or elsewhere. */
  @Test
  void behindAProxyTheAddressThatItSawCounts() throws Exception {
    try (var behind = start("--parley.proxies.trusted=1", "--parley.rates.commands-by-address=3")) {
      String port = behind.getEnvironment().getRequiredProperty("local.server.port");
      URI commands = URI.create("http://127.0.0.1:" + port + "/open/commands");
      for (int i = 0; i < 3; i++) {
        problem(forwarded(commands, "198.51.100." + i + ", 203.0.113.7"), 401, "NO_CREDENTIALS");
      }
      problem(forwarded(commands, "198.51.100.9 ,203.0.113.7"), 429, "RATE_EXCEEDED");
      problem(forwarded(commands, "203.0.113.7"), 429, "RATE_EXCEEDED");
      problem(forwarded(commands, "203.0.113.7, 203.0.113.8"), 401, "NO_CREDENTIALS");
      for (int i = 0; i < 3; i++) {
        problem(forwarded(commands, "2001:db8:1:2::" + i), 401, "NO_CREDENTIALS");
      }
      problem(forwarded(commands, "2001:db8:1:2:ffff::"), 429, "RATE_EXCEEDED");
      problem(forwarded(commands, "2001:db8:1:3::"), 401, "NO_CREDENTIALS");
      assertThat(forwarded(commands, "203.0.113.9").headers().map())
          .containsKey("strict-transport-security");
    }
  }

  @Test
  void withoutAProxyNoHeaderSaysWhoseARequestIs() throws Exception {
    try (var open = start("--parley.rates.commands-by-address=3")) {
      String port = open.getEnvironment().getRequiredProperty("local.server.port");
      URI commands = URI.create("http://127.0.0.1:" + port + "/open/commands");
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer = forwarded(commands, "203.0.113." + i);
        problem(answer, 401, "NO_CREDENTIALS");
        assertThat(answer.headers().map()).doesNotContainKey("strict-transport-security");
      }
      problem(forwarded(commands, "203.0.113.7"), 429, "RATE_EXCEEDED");
    }
  }

  private static HttpResponse<String> forwarded(URI uri, String addresses)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(uri)
            .POST(HttpRequest.BodyPublishers.noBody())
            .header("Forwarded", "for=" + addresses.hashCode() + ";proto=http")
            .header("X-Forwarded-For", addresses)
            .header("X-Forwarded-Proto", "https")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void everyAnswerHasItsHeadersErrorsToo() throws Exception {
    for (HttpResponse<String> answer :
        List.of(
            send("GET", "/open", ""),
            send("GET", "/nothing", ""),
            send("GET", "/open", "nonsense"),
            send("DELETE", "/audited", ""),
            send("DELETE", "/audited", token("reader")),
            send("POST", "/open", ""),
            send("GET", "/open%0d%0ax", ""),
            send("GET", "/actuator/health", ""))) {
      Map<String, List<String>> headers = answer.headers().map();
      assertThat(headers).as(answer.toString()).containsAllEntriesOf(expected());
      assertThat(headers).doesNotContainKey("strict-transport-security");
      assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-");
    }
    assertThat(raw("GET /a b c HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .containsIgnoringCase("content-security-policy: default-src 'none'")
        .containsIgnoringCase("referrer-policy: no-referrer");
  }

  private static Map<String, List<String>> expected() {
    return Map.of(
        "x-content-type-options", List.of("nosniff"),
        "x-frame-options", List.of("DENY"),
        "referrer-policy", List.of("no-referrer"),
        "cross-origin-opener-policy", List.of("same-origin"),
        "cross-origin-resource-policy", List.of("same-origin"),
        "content-security-policy",
            List.of(
                "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"));
  }

  private static String token(String role) {
    return issuer.token(issuer.claims().subject(role).claim("roles", List.of(role)));
  }

  private static void problem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as("%s %s", answer, answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
  }

  private static String port() {
    return port(service);
  }

  private static String port(ConfigurableApplicationContext of) {
    return of.getEnvironment().getRequiredProperty("local.server.port");
  }

  private static HttpResponse<String> send(String method, String path, String token)
      throws IOException, InterruptedException {
    return send(method, URI.create("http://127.0.0.1:" + port() + path), token);
  }

  private static HttpResponse<String> send(String method, URI uri, String token)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Whoever it is: not even the token is looked at before there is a request. */
  @Test
  void aBodyThatDoesNotComeIsNotWaitedForForEver() throws Exception {
    try (var impatient = start("--server.netty.idle-timeout=1s")) {
      int port = Integer.parseInt(port(impatient));
      String head = "POST /open/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n";
      String authorized = head + "Authorization: Bearer " + token("editor") + "\r\n";
      for (String request : List.of(head + "\r\nhalf", authorized + "\r\nhalf", "GET /op", "")) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
          assertThat(socket.getInputStream().readAllBytes())
              .as("closed in the end, whatever it said to: %s", request)
              .isNotNull();
        }
      }
    }
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port()))) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
