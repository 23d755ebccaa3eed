package io.parley.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server process of a PostgreSQL cluster, as its {@code postmaster.pid} names it. */
final class Postmaster {
  private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

  private Postmaster() {}

  /**
   * Stops the server that still runs on a cluster, if any, and removes a pid file that names no
   * such server: after a restart of the machine its number may belong to anything.
   */
  static void stopLeftOver(Path cluster) throws IOException {
    Path file = cluster.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return;
    }
    Optional<ProcessHandle> running = running(cluster);
    if (running.isPresent()) {
      LOG.info("stopping the PostgreSQL server {} that was left on {}", running.get(), cluster);
      stop(running.get());
    }
    Files.deleteIfExists(file);
  }

  /**
   * Starts a shell that stops the server once this process is gone, even by kill -9: its input is a
   * pipe from here, and reads its end then. It sits in a session of its own where the system can do
   * that, so that a signal to this process group leaves it to do its work.
   */
  static Process guard(Path cluster) throws IOException {
    long pid =
        running(cluster)
            .orElseThrow(() -> new IOException("no PostgreSQL server on " + cluster))
            .pid();
    String script = "trap '' INT TERM HUP; read _; kill -INT " + pid;
    List<String> command = new ArrayList<>(List.of("sh", "-c", script));
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.addFirst("/usr/bin/setsid");
    }
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** The process that the pid file names, where it is a server of this very cluster. */
  private static Optional<ProcessHandle> running(Path cluster) throws IOException {
    // The file may be empty where the machine stopped while it was written.
    try (Stream<String> lines = Files.lines(cluster.resolve("postmaster.pid"))) {
      return lines
          .findFirst()
          .map(String::strip)
          .filter(line -> line.matches("[0-9]{1,9}"))
          .flatMap(line -> ProcessHandle.of(Long.parseLong(line)))
          .filter(process -> runs(process) && serves(process, cluster));
    }
  }

  private static boolean serves(ProcessHandle process, Path cluster) {
    return process.info().commandLine().orElse("").contains(cluster.toString());
  }

  /** A dead process that nobody has waited for still has a handle, but no program. */
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private static void stop(ProcessHandle server) throws IOException {
    // A server that was killed leaves workers that hold its shared memory for a moment; a new one
    // refuses to start until they are gone.
    List<ProcessHandle> all = Stream.concat(Stream.of(server), server.descendants()).toList();
    try {
      // SIGINT is "fast": connections are ended. What Java can send, SIGTERM, waits for them.
      new ProcessBuilder("kill", "-INT", Long.toString(server.pid())).start().waitFor();
      if (!gone(List.of(server))) {
        LOG.warn("the PostgreSQL server {} does not stop: it is killed", server);
        server.destroyForcibly();
      }
      if (!gone(all)) {
        throw new IOException("a PostgreSQL server does not stop: " + server);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a PostgreSQL server stopped", e);
    }
  }

  private static boolean gone(List<ProcessHandle> processes) throws InterruptedException {
    long deadline = System.nanoTime() + STOPPED_WITHIN.toNanos();
    while (processes.stream().anyMatch(Postmaster::runs)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }
}
