package io.parley.desk;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** The desk in a process of its own, as {@code ./parley up} runs it, spoken to over HTTP alone. */
final class DeskProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(4);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(90);

  /** A read that waits gives up after five seconds; a machine with much to do takes longer. */
  private static final int TRIES = 12;

  private final Path data;
  private final Process process;
  private final String url;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private DeskProcess(Path data, Process process, String url, String token) {
    this.data = data;
    this.process = process;
    this.url = url;
    this.token = token;
  }

  /** Starts it and returns once it says that it is ready. */
  static DeskProcess start(Path data) throws Exception {
    Path errors = errors(data);
    Process process = launch("up", data);
    try {
      String line =
          CompletableFuture.supplyAsync(() -> firstLine(process))
              .orTimeout(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)
              .join();
      if (!line.startsWith("ready http://127.0.0.1:")) {
        throw new AssertionError("it said '" + line + "' and " + Files.readString(errors));
      }
      String token = DeskKey.in(data).token(List.of("editor"), "desk", Duration.ofHours(1));
      return new DeskProcess(data, process, line.substring("ready ".length()), token);
    } catch (Exception | AssertionError e) {
      process.destroyForcibly().onExit().join();
      throw e;
    }
  }

  /** {@code ./parley CALL} on some port, with its data there; what goes wrong is beside them. */
  static Process launch(String call, Path data) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.parley.schemas",
            "-Dlogback.configurationFile=logback.xml",
            "-Dparley.home=" + Path.of("../..").toRealPath(),
            "-Xms256m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:MaxDirectMemorySize=160m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            DeskProcess.class.getName(),
            call,
            "--port",
            "0",
            "--data",
            data.toString()));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(errors(data).toFile()))
        .start();
  }

  private static Path errors(Path data) {
    return data.resolveSibling(data.getFileName() + ".errors");
  }

  private static String firstLine(Process process) {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    try {
      return Optional.ofNullable(lines.readLine()).orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** Runs the command line, and ends at once when the test that started it is gone. */
  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("test").start(DeskProcess::endWithTheTest);
    Parley.main(arguments);
  }

  private static void endWithTheTest() {
    int end = -1;
    try {
      end = System.in.read();
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(end < 0 ? 70 : 71);
  }

  /** An answer. */
  record Reply(int status, java.net.http.HttpHeaders headers, String body) {
    JsonNode json() {
      return Origin.JSON.readTree(body);
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  String url() {
    return url;
  }

  /** Where its broker listens, as a user learns it. */
  String broker() throws IOException {
    return Files.readString(data.resolve("broker")).strip();
  }

  Path data() {
    return data;
  }

  Origin origin() throws CommandFailed {
    return new Origin(url, Optional.of(token));
  }

  /** Reads a path as anybody; headers are name and value by turns. */
  Reply get(String path, String... headers) throws IOException {
    return send(request(path, headers).GET().build());
  }

  /** Reads a path as an auditor. */
  Reply audit(String path) throws IOException {
    try {
      return get(path, "Authorization", "Bearer " + token("auditor"));
    } catch (CommandFailed e) {
      throw new IOException("no token", e);
    }
  }

  /** Asks with any method and no body. */
  Reply ask(String method, String path, String... headers) throws IOException {
    return send(request(path, headers).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  /** Reads a path once what the tokens name is known there. */
  Reply after(String path, String... tokens) throws IOException {
    if (tokens.length == 0) {
      return get(path);
    }
    String after = String.join(", ", tokens);
    Reply reply = get(path, "Parley-After", after);
    for (int tries = 1; reply.status() == 503 && tries < TRIES; tries++) {
      reply = get(path, "Parley-After", after);
    }
    return reply;
  }

  /** Sends a command as an editor; headers are name and value by turns. */
  Reply post(String service, String command, String... headers) throws IOException {
    return send(
        request("/api/" + service + "/commands", headers)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(command))
            .build());
  }

  /** A token of somebody with these roles; the roles are the subject's name too. */
  String token(String... roles) throws CommandFailed {
    return DeskKey.in(data).token(List.of(roles), String.join("+", roles), Duration.ofHours(1));
  }

  /** Sends a command with this token; headers are name and value by turns. */
  Reply postAs(String token, String service, String command, String... headers) throws IOException {
    return send(
        request("/api/" + service + "/commands", headers)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(command))
            .build());
  }

  /** Ends it with SIGTERM; its exit code, or nothing where it does not end within the time. */
  OptionalInt terminate(Duration within) throws InterruptedException {
    // Not the process's own method, which closes its input too: that ends it at once.
    process.toHandle().destroy();
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** Ends it at once, as kill -9 does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    client.shutdownNow();
    kill();
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER_WITHIN);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private Reply send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
