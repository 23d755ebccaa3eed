package io.parley.benchmarks;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fan-out: how many deliveries a second one core makes, how late they are, what a connection costs;
 * beside a bare Netty server that writes one shared buffer, and WebFlux with a ServerSentEvent for
 * each subscriber. The server runs on one core, subscribers and broker on the other.
 */
final class StreamsBench {
  static final String NEGOTIATION = "bench";
  private static final String SERVER_CORE = "0";
  private static final String CLIENT_CORE = "1";

  /** Found once: who is pinned sees one core alone. */
  private static final boolean PINNED =
      Runtime.getRuntime().availableProcessors() > 1
          && Files.isExecutable(Path.of("/usr/bin/taskset"));

  private final Options options;
  private final Path scratch;
  private final Map<String, Figures> figures = new LinkedHashMap<>();

  /** What is measured of one way with so many subscribers. */
  private record Figures(Rounds deliveries, Rounds p50, Rounds p99, Rounds heapKib) {
    Figures() {
      this(new Rounds(), new Rounds(), new Rounds(), new Rounds());
    }
  }

  /** A way of doing it. */
  private enum Way {
    OURS("ours"),
    BARE("(a) bare Netty, one shared buffer"),
    WEBFLUX("(b) WebFlux, ServerSentEvent per subscriber");

    private final String title;

    Way(String title) {
      this.title = title;
    }
  }

  StreamsBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Runs all of it and prints the tables; false where something did not come. */
  boolean run() throws IOException, InterruptedException {
    List<Integer> sizes =
        options.subscribers() >= 1_000
            ? List.of(options.subscribers() / 10, options.subscribers())
            : List.of(options.subscribers());
    try (Ground ground = new Ground(scratch.resolve("streams"))) {
      Topics.create(
          new ParleyProperties.Kafka(ground.bootstrapServers(), 6, (short) 1),
          List.of(Topics.TIMELINE));
      pinMyself();
      for (int round = 1; round <= options.rounds(); round++) {
        for (int size : sizes) {
          for (Way way : Way.values()) {
            System.err.printf("parley: round %d, %d subscribers, %s%n", round, size, way.title);
            measure(way, size, ground);
          }
        }
      }
      print(sizes);
    }
    return true;
  }

  /** The broker and the benchmark itself keep off the server's core. */
  private static void pinMyself() throws IOException, InterruptedException {
    if (PINNED) {
      new ProcessBuilder(
              "taskset", "-acp", CLIENT_CORE, String.valueOf(ProcessHandle.current().pid()))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  private void measure(Way way, int subscribers, Ground ground)
      throws IOException, InterruptedException {
    try (StreamServer server =
        way == Way.OURS
            ? StreamServer.ours(prefix(SERVER_CORE), scratch, ground)
            : StreamServer.baseline(
                prefix(SERVER_CORE), scratch, way == Way.BARE ? "bare" : "webflux")) {
      long before = server.liveBytes();
      List<String> command = new ArrayList<>(prefix(CLIENT_CORE));
      command.addAll(
          StreamServer.java(
              "-Xmx512m",
              SwarmProcess.class.getName(),
              String.valueOf(server.port()),
              way == Way.OURS ? "/api/negotiations/" + NEGOTIATION + "/events" : "/api/events",
              String.valueOf(subscribers),
              String.valueOf(options.seconds()),
              way == Way.OURS
                  ? "kafka=" + ground.bootstrapServers()
                  : "socket=" + server.controlPort()));
      Process swarm =
          new ProcessBuilder(command)
              .redirectError(
                  ProcessBuilder.Redirect.appendTo(scratch.resolve("swarm.log").toFile()))
              .start();
      try (var said = swarm.inputReader();
          var ask = swarm.outputWriter()) {
        require(said.readLine(), "open");
        double heap = (server.liveBytes() - before) / 1024.0 / subscribers;
        ask.write("\n");
        ask.flush();
        String[] result = require(said.readLine(), "").split(" ", -1);
        Figures all = figures.computeIfAbsent(way + " " + subscribers, any -> new Figures());
        all.deliveries.add(Double.parseDouble(result[0]));
        all.p50.add(Double.parseDouble(result[1]));
        all.p99.add(Double.parseDouble(result[2]));
        all.heapKib.add(heap);
      } finally {
        swarm.destroyForcibly().waitFor();
      }
    }
  }

  private String require(@Nullable String line, String expected) throws IOException {
    if (line == null || (!expected.isEmpty() && !line.equals(expected))) {
      throw new IOException(
          "the load said " + line + "; " + scratch.resolve("swarm.log") + " tells more");
    }
    return line;
  }

  private static List<String> prefix(String core) {
    return PINNED ? List.of("taskset", "-c", core) : List.of();
  }

  private void print(List<Integer> sizes) {
    System.out.printf(
        """

        Fan-out, messages of 1 KiB. Medians of %d rounds of %d s%s.

        | subscribers | what | deliveries/s | of (a) | of (b) | p50 ms at 25,000/s | p99 ms | live heap, KiB a connection |
        | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
        """,
        options.rounds(),
        options.seconds(),
        PINNED ? ", the server on one core" : "; nothing is pinned: one core, or no taskset");
    for (int size : sizes) {
      for (Way way : Way.values()) {
        Figures own = figures.get(way + " " + size);
        if (own != null) {
          System.out.printf(
              "| %,d | %s | %s | %s | %s | %s | %s | %s |%n",
              size,
              way.title,
              own.deliveries.text("%,.0f"),
              ratio(own, figures.get(Way.BARE + " " + size)),
              ratio(own, figures.get(Way.WEBFLUX + " " + size)),
              own.p50.text("%.1f"),
              own.p99.text("%.1f"),
              own.heapKib.text("%.1f"));
        }
      }
    }
  }

  private static String ratio(Figures own, @Nullable Figures other) {
    return other == null
        ? "–"
        : "%.2f".formatted(own.deliveries.median() / other.deliveries.median());
  }
}
