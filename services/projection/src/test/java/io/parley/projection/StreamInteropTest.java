package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.net.httpserver.HttpServer;
import io.parley.projection.projector.Bodies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Clients of another make resume where they were: the package {@code eventsource} on Node.js, and
 * the EventSource of a browser.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StreamInteropTest {
  private static final Path SOURCES = Path.of("src/test/node").toAbsolutePath();
  private static final int EVENTS = 40;

  @TempDir private static Path directory;
  private static ConfigurableApplicationContext service;

  @BeforeAll
  static void start() {
    service =
        Ground.service(
            "interop",
            Map.of(
                "parley.projection.project", "false",
                // Everybody is sent away again and again.
                "parley.stream.max-age", "1s",
                "parley.stream.retry", "0s"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void theEventsourcePackageResumes() throws Exception {
    for (String tool : List.of("node", "npm")) {
      if (run(directory, List.of(tool, "--version")).isEmpty()) {
        abort(tool + " is not installed: clients of another make are not tried");
      }
    }
    for (String file : List.of("package.json", "package-lock.json", ".npmrc", "listen.js")) {
      Files.copy(SOURCES.resolve(file), directory.resolve(file));
    }
    Said installed =
        run(directory, List.of("npm", "ci", "--ignore-scripts", "--prefer-offline")).orElseThrow();
    if (installed.code != 0) {
      String all = String.join("\n", installed.lines);
      if (all.matches("(?s).*(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH).*")) {
        abort("npm's registry cannot be reached: clients of another make are not tried");
      }
      throw new AssertionError(all);
    }
    try (Recorder recorder = new Recorder("by-node")) {
      CompletableFuture<Void> writing = write(recorder);
      Said said =
          run(directory, List.of("node", "listen.js", stream("by-node"), String.valueOf(EVENTS)))
              .orElseThrow();
      writing.get();
      assertThat(said.code).as("%s", said.lines).isZero();
      assertThat(said.lines.stream().filter(line -> line.startsWith("lost")).count())
          .isGreaterThan(1);
      assertThat(said.lines.stream().filter(line -> !line.startsWith("lost")))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, EVENTS).mapToObj(String::valueOf).toList());
    }
  }

  @Test
  void aBrowserResumes() throws Exception {
    String browser = null;
    for (String each : List.of("chromium", "chromium-browser", "google-chrome")) {
      if (browser == null && run(directory, List.of(each, "--version")).isPresent()) {
        browser = each;
      }
    }
    if (browser == null) {
      abort("no Chromium is installed: a browser is not tried");
    }
    CompletableFuture<JsonNode> told = new CompletableFuture<>();
    HttpServer pages =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pages.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/heard")) {
            told.complete(Bodies.JSON.readTree(exchange.getRequestBody().readAllBytes()));
          }
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(Files.readAllBytes(SOURCES.resolve("browser.html")));
          exchange.close();
        });
    pages.start();
    String page =
        "http://127.0.0.1:%d/?events=%d&stream=%s"
            .formatted(pages.getAddress().getPort(), EVENTS, stream("by-browser"));
    Process process =
        new ProcessBuilder(
                List.of(
                    browser,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    // Nothing but the page: no updates, no experiments, no other hosts.
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    // The page is of another origin than the stream.
                    "--disable-web-security",
                    "--user-data-dir=" + directory.resolve("browser"),
                    "--remote-debugging-port=0",
                    page))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("browser.log").toFile())
            .start();
    try (Recorder recorder = new Recorder("by-browser")) {
      write(recorder).get();
      JsonNode heard = told.get(2, TimeUnit.MINUTES);
      List<Integer> sequences = new ArrayList<>();
      heard.get("heard").forEach(each -> sequences.add(each.asInt()));
      assertThat(sequences)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, EVENTS).boxed().toList());
      assertThat(heard.get("lost").asInt()).isGreaterThan(1);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
      pages.stop(0);
    }
  }

  private static String stream(String negotiation) {
    return Ground.origin(service) + "/api/negotiations/" + negotiation + "/events?since=beginning";
  }

  /** Writes for some seconds, so that a client is sent away meanwhile. */
  private static CompletableFuture<Void> write(Recorder recorder) {
    return CompletableFuture.runAsync(
        () -> {
          for (int i = 0; i < EVENTS; i++) {
            recorder.settle("schedule", Facts.round("r" + i));
            recorder.flush();
            try {
              TimeUnit.MILLISECONDS.sleep(150);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
  }

  private record Said(int code, List<String> lines) {}

  /** Runs a command; empty where there is no such command. */
  private static Optional<Said> run(Path where, List<String> command) throws Exception {
    Path output = Files.createTempFile(where, "said", ".txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(where.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new AssertionError(command + " does not end: " + Files.readAllLines(output));
      }
      return Optional.of(new Said(process.exitValue(), Files.readAllLines(output)));
    } finally {
      process.destroyForcibly();
    }
  }
}
