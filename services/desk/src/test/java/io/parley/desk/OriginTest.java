package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the command line waits for an answer. */
@Timeout(60)
class OriginTest {
  private static final Duration WITHIN = Duration.ofMillis(200);

  @Test
  void anExportMayTakeLongerToBeginThanAnyOtherAnswer() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      server.setExecutor(threads);
      Origin origin =
          new Origin(
              "http://127.0.0.1:" + server.getAddress().getPort(), Optional.of("nobody's"), WITHIN);
      server.createContext("/silent", exchange -> silent(never));
      // It begins once somebody who asked later has given up.
      server.createContext("/export", exchange -> late(exchange, origin));
      server.start();
      try (InputStream body = origin.download("/export", "application/zip").body()) {
        assertThat(body.readAllBytes()).containsExactly(1, 2, 3);
      } finally {
        never.countDown();
        server.stop(0);
      }
    }
  }

  private static void silent(CountDownLatch never) throws IOException {
    try {
      never.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void late(HttpExchange exchange, Origin origin) throws IOException {
    assertThatThrownBy(() -> origin.get("/silent")).isInstanceOf(CommandFailed.class);
    assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer nobody's");
    exchange.sendResponseHeaders(200, 3);
    exchange.getResponseBody().write(new byte[] {1, 2, 3});
    exchange.close();
  }
}
