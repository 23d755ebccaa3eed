package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What {@code docker-compose.yml} describes, run by whichever make of Compose is here. */
final class Stack {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final String IMAGE = "parley:0.1.0-SNAPSHOT";
  private static final Duration UP_WITHIN = Duration.ofMinutes(12);
  private static final Duration HEALTHY_WITHIN = Duration.ofMinutes(3);

  private final List<String> compose;
  private final int port;

  private Stack(List<String> compose, int port) {
    this.compose = compose;
    this.port = port;
  }

  /** Empty where Docker, Compose or the services' image is missing. */
  static Optional<Stack> find() throws Exception {
    if (run(Map.of(), List.of("docker", "image", "inspect", IMAGE)).status() != 0) {
      return Optional.empty();
    }
    for (List<String> command : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
      List<String> version = new ArrayList<>(command);
      version.add("version");
      if (run(Map.of(), version).status() == 0) {
        return Optional.of(new Stack(command, freePort()));
      }
    }
    return Optional.empty();
  }

  /** Starts all of it, from nothing, and waits until it is healthy. */
  void up() throws Exception {
    call("down", "--volumes", "--remove-orphans");
    // Again where a slow machine takes longer to be healthy than Compose waits.
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    Said said = call("up", "-d");
    while (said.status() != 0 && System.nanoTime() < deadline) {
      said = call("up", "-d");
    }
    if (said.status() != 0) {
      throw new AssertionError(said.text() + call("logs", "--tail", "100").text());
    }
  }

  /** Where the router answers. */
  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** A token for the stack, with these roles. */
  String token(String... roles) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "token"));
    command.addAll(List.of(roles));
    return done(call(command.toArray(String[]::new)))
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("ey"))
        .findFirst()
        .orElseThrow();
  }

  /** What a script says that runs in a service's container. */
  String in(String service, String script) throws Exception {
    return docker("exec", container(service), "bash", "-c", script).text();
  }

  /** What Docker says of a service's container, by a template. */
  String inspect(String service, String template) throws Exception {
    return done(docker("inspect", "-f", template, container(service))).strip();
  }

  /** Tells it to stop, and waits until it has; within the time that it is given. */
  void stop(String service) throws Exception {
    done(call("stop", service));
  }

  /** As {@code kill -9}. */
  void kill(String service) throws Exception {
    done(docker("kill", container(service)));
  }

  /** Starts one that was killed, and waits until it is healthy. */
  void startAgain(String service) throws Exception {
    String container = container(service);
    done(docker("start", container));
    long deadline = System.nanoTime() + HEALTHY_WITHIN.toNanos();
    while (!docker("inspect", "-f", "{{.State.Health.Status}}", container)
        .text()
        .strip()
        .equals("healthy")) {
      assertThat(System.nanoTime()).as(service).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  /** Takes all of it away, with its data. */
  void down() throws Exception {
    done(call("down", "--volumes", "--remove-orphans"));
  }

  /** Its id: each make of Compose has names of its own for containers. */
  private String container(String service) throws Exception {
    return done(call("ps", "-a", "-q", service))
        .lines()
        // It may warn, too.
        .filter(line -> line.matches("[0-9a-f]{64}"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no container of " + service));
  }

  private record Said(int status, String text) {}

  /** What was said by what must succeed. */
  private static String done(Said said) {
    assertThat(said.status()).as(said.text()).isZero();
    return said.text();
  }

  private Said call(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of(arguments));
    return run(
        Map.of("COMPOSE_PROJECT_NAME", "parley-stack-test", "PARLEY_PORT", Integer.toString(port)),
        command);
  }

  private static Said docker(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return run(Map.of(), command);
  }

  private static Said run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
