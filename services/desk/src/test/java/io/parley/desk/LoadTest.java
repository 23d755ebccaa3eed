package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Against a server that answers as the contract says, and keeps what it was sent. */
class LoadTest {
  private final List<String> paths = new ArrayList<>();
  private final List<JsonNode> commands = new ArrayList<>();
  private HttpServer server;
  private boolean away;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void sendsRunsOfOneServiceTogetherAndWaitsForTheOthers(@TempDir Path directory) throws Exception {
    Load load =
        load(
            directory,
            """
            {"service":"schedule","type":"A","negotiation":"n"}
            {"service":"schedule","type":"B","negotiation":"n"}

            {"service":"delegation","type":"C","negotiation":"n","key":"mine"}
            {"service":"delegation","type":"D","negotiation":"other"}
            """);
    assertThat(load.refused()).isZero();
    assertThat(paths).containsExactly("/api/schedule/commands", "/api/delegation/commands");
    assertThat(commands).noneMatch(command -> command.has("service"));
    assertThat(commands.get(2).path("after").toString()).isEqualTo("[\"schedule/n/x:B@1\"]");
    assertThat(commands.get(3).has("after")).isFalse();
    assertThat(commands.get(2).path("key").asString()).isEqualTo("mine");
    assertThat(load.tokens("n")).containsExactly("schedule/n/x:B@1", "delegation/n/x:C@1");
  }

  @Test
  void rule32_nothingWaitsForWhatTheOtherServicesNeverLearn(@TempDir Path directory)
      throws Exception {
    Load load =
        load(
            directory,
            """
            {"service":"schedule","type":"A","negotiation":"n"}
            {"service":"delegation","type":"B","negotiation":"n"}
            {"service":"delegation","type":"Restricted","negotiation":"n"}
            {"service":"schedule","type":"C","negotiation":"n"}
            """);
    assertThat(load.refused()).isZero();
    assertThat(commands.get(3).path("after").toString()).isEqualTo("[\"delegation/n/x:B@1\"]");
    assertThat(load.tokens("n")).containsExactly("schedule/n/x:C@1", "delegation/n/x:B@1");
  }

  @Test
  void givesALineTheSameKeyEveryTimeAndEachLineItsOwn(@TempDir Path directory) throws Exception {
    String line = "{\"service\":\"schedule\",\"type\":\"A\",\"negotiation\":\"n\"}\n";
    load(directory, line + line);
    load(directory, line + line);
    List<String> keys = commands.stream().map(command -> command.path("key").asString()).toList();
    assertThat(keys.get(0)).isEqualTo(keys.get(2)).isNotEqualTo(keys.get(1));
    assertThat(keys.get(1)).isEqualTo(keys.get(3));
  }

  @Test
  void countsWhatIsRefusedAndWhatCannotBeRead(@TempDir Path directory) throws Exception {
    Load load =
        load(
            directory,
            """
            {"service":"schedule","type":"Refuse","negotiation":"n"}
            not json
            {"service":"kitchen","type":"A","negotiation":"n"}
            {"service":"schedule","type":"A","negotiation":"n"}
            """);
    assertThat(load.refused()).isEqualTo(3);
    assertThat(commands).hasSize(2);
  }

  @Test
  void sendsAgainWhatWasNotDecidedAndWhatFollowsIt(@TempDir Path directory) throws Exception {
    away = true;
    Load load =
        load(
            directory,
            """
            {"service":"schedule","type":"A","negotiation":"n"}
            {"service":"schedule","type":"Away","negotiation":"n"}
            {"service":"schedule","type":"B","negotiation":"n"}
            """);
    assertThat(load.refused()).isZero();
    assertThat(commands.stream().map(command -> command.path("type").asString()))
        .containsExactly("A", "Away", "B", "Away", "B");
  }

  private Load load(Path directory, String lines) throws Exception {
    Path file = directory.resolve("commands.ndjson");
    Files.writeString(file, lines);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Load load = new Load(new Origin(url, Optional.of("token")), Progress.over(List.of(file)));
    load.files(List.of(file));
    return load;
  }

  private void answer(HttpExchange exchange) throws IOException {
    paths.add(exchange.getRequestURI().getPath());
    String service = exchange.getRequestURI().getPath().split("/", -1)[2];
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    StringBuilder results = new StringBuilder();
    body.lines().forEach(line -> results.append(result(service, line)).append('\n'));
    byte[] bytes = results.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String result(String service, String line) {
    JsonNode command = Origin.JSON.readTree(line);
    commands.add(command);
    String type = command.path("type").asString();
    if ("Refuse".equals(type)) {
      return "{\"line\":1,\"status\":409,\"code\":\"NO\",\"detail\":\"not so\"}";
    }
    if ("Away".equals(type) && away) {
      away = false;
      return "{\"line\":2,\"status\":503,\"code\":\"NOT_YET_KNOWN\"}";
    }
    String kind = "Restricted".equals(type) ? "restricted-x" : "x";
    return "{\"status\":201,\"token\":\"%s/%s/%s:%s@1\"}"
        .formatted(service, command.path("negotiation").asString(), kind, type);
  }
}
