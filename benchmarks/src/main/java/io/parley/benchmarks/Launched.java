package io.parley.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code ./parley} as its user starts it: a process of its own, with the launcher's settings. */
final class Launched implements AutoCloseable {
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

  private final Process process;
  private final long startedNanos = System.nanoTime();
  private final List<Line> lines = new ArrayList<>();
  private final Thread onExit = new Thread(this::stop, "stop-parley");

  private Launched(Process process) {
    this.process = process;
    Thread.ofPlatform().name("parley-output").daemon().start(this::read);
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  static Launched start(String... arguments) throws IOException {
    Path launcher = Machine.home().resolve("parley");
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(launcher.toString()), Arrays.stream(arguments)).toList());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    return new Launched(builder.start());
  }

  /** What a short call prints; it must end well. */
  static String output(String... arguments) throws IOException, InterruptedException {
    try (Launched call = start(arguments)) {
      int status = call.process.waitFor();
      Optional<Line> line = call.await(text -> !text.isBlank(), Duration.ofSeconds(5));
      if (status != 0 || line.isEmpty()) {
        throw new IOException("./parley " + String.join(" ", arguments) + " ended with " + status);
      }
      return line.get().text().strip();
    }
  }

  /** The first line so far, or to come in time, that fits; empty if the process ends before. */
  Optional<Line> await(Predicate<String> fits, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      boolean ended = !process.isAlive();
      Optional<Line> found = lines().stream().filter(line -> fits.test(line.text())).findFirst();
      if (found.isPresent() || System.nanoTime() > deadline) {
        return found;
      }
      if (ended && !process.isAlive() && quietFor(Duration.ofSeconds(1))) {
        return Optional.empty();
      }
      Thread.sleep(10);
    }
  }

  /** True once nothing was printed for so long. */
  boolean quietFor(Duration duration) {
    List<Line> all = lines();
    double last = all.isEmpty() ? 0 : all.getLast().afterSeconds();
    return secondsNow() - last > duration.toMillis() / 1e3;
  }

  /** What was printed so far. */
  List<Line> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  private double secondsNow() {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  private void read() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        synchronized (lines) {
          lines.add(new Line(text, secondsNow()));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // The process ended.
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(onExit);
  }

  private void stop() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOPPED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    // None is left after a stop in good order.
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * A printed line.
   *
   * @param afterSeconds since the start of the process
   */
  record Line(String text, double afterSeconds) {}
}
