package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as the contract says, and goes away in between. */
class WatchTest {
  private static final String EVENT =
      """
      {"specversion":"1.0","type":"io.parley.delegation.HeadAppointed","subject":"delegation:ru",\
      "time":"2025-05-14T20:00:00Z","negotiation":"n","sequence":%d,"data":{"party":"ru",\
      "person":{"id":"p","name":"Person"},"occurred":null,"source":{"url":"x"}}}""";

  private final List<String> asked = new ArrayList<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private HttpServer server;

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
  void comesBackWithTheLastCursorAndPrintsEachEventOnce() throws Exception {
    Watch watch = new Watch(origin(), "/api/events?party=ru", false, out());
    assertThatThrownBy(watch::follow)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("NOPE");
    assertThat(asked)
        .containsExactly(
            "/api/events?party=ru null",
            "/api/events?party=ru two",
            "/api/events?party=ru quiet",
            "/api/events?party=ru quiet");
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "2025-05-14T20:00:00Z  n 1  HeadAppointed  delegation:ru  party=ru person=Person",
            "2025-05-14T20:00:00Z  n 2  HeadAppointed  delegation:ru  party=ru person=Person",
            "2025-05-14T20:00:00Z  n 3  HeadAppointed  delegation:ru  party=ru person=Person");
  }

  @Test
  void aReplayIsPrintedAndEnds() throws Exception {
    PrintStream out = out();
    assertThat(Replay.print(origin(), "/api/negotiations/n/events", out::println)).isEqualTo(2);
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(EVENT.formatted(1), EVENT.formatted(2));
  }

  @Test
  void asksForWhatTheArgumentsSay() throws Exception {
    Arguments arguments =
        Arguments.parse(List.of("--party", "ru,ua", "person=p", "person=q"), Told.FILTERS);
    assertThat(Told.query(arguments, arguments.rest(), Told.FILTERS))
        .isEqualTo("?party=ru%2Cua&person=p&person=q");
  }

  private Origin origin() throws CommandFailed {
    return new Origin("http://127.0.0.1:" + server.getAddress().getPort(), Optional.of("token"));
  }

  private PrintStream out() {
    return new PrintStream(printed, true, StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    if (accept.equals("application/x-ndjson")) {
      send(exchange, 200, EVENT.formatted(1) + "\n" + EVENT.formatted(2) + "\n");
      return;
    }
    asked.add(
        exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Last-Event-ID"));
    switch (asked.size()) {
      case 1 ->
          send(
              exchange,
              200,
              "id: none\n\nid: one\ndata: %s\n\nid: two\ndata: %s\n\nretry: 1\n\n"
                  .formatted(EVENT.formatted(1), EVENT.formatted(2)));
      case 2 ->
          send(
              exchange,
              200,
              "id: three\ndata: " + EVENT.formatted(3) + "\n\nid: quiet\n\nretry: 1\n\n");
      case 3 -> {
        exchange.getResponseHeaders().set("Retry-After", "0");
        send(exchange, 503, "{}");
      }
      default -> send(exchange, 400, "{\"code\":\"NOPE\"}");
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, 0);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
