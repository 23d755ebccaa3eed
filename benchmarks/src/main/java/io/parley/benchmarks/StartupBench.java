package io.parley.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** From {@code ./parley demo} on an empty data directory, in a built clone, to its board. */
final class StartupBench {
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(10);

  /** The board is whole once it ends: nothing more is printed for so long. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final Options options;
  private final Path scratch;
  private final Rounds ready = new Rounds();
  private final Rounds loaded = new Rounds();
  private final Rounds board = new Rounds();
  private final Rounds memory = new Rounds();

  StartupBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the table; false where there was no board. */
  boolean run() throws Exception {
    for (int round = 1; round <= options.rounds(); round++) {
      Path data = scratch.resolve("demo-" + round);
      try (Launched demo = Launched.start("demo", "--port", "0", "--data", data.toString())) {
        if (!measure(demo)) {
          System.err.println("parley: no board; the demo printed:");
          demo.lines().forEach(line -> System.err.println("  " + line.text()));
          return false;
        }
      }
      Scratch.delete(data);
    }
    System.out.printf(
        """

        Medians of %d starts of ./parley demo, each on an empty data directory.

        | what | median | by round |
        | --- | ---: | --- |
        | every path serves, s | %s | %s |
        | the example is loaded, s | %s | %s |
        | the board is shown, s | %s | %s |
        | most memory of the process, MiB | %s | %s |
        """,
        options.rounds(),
        ready.text("%.1f"),
        ready.all("%.1f"),
        loaded.text("%.1f"),
        loaded.all("%.1f"),
        board.text("%.1f"),
        board.all("%.1f"),
        memory.text("%.0f"),
        memory.all("%.0f"));
    return true;
  }

  private boolean measure(Launched demo) throws Exception {
    Optional<Launched.Line> serves = demo.await(line -> line.startsWith("ready "), SHOWN_WITHIN);
    Optional<Launched.Line> summary =
        demo.await(line -> line.matches("\\d+ commands: .*"), Duration.ofMinutes(2));
    // Its last lines are addresses of the instance.
    Optional<Launched.Line> address =
        demo.await(line -> line.startsWith("  http://"), Duration.ofMinutes(1));
    if (serves.isEmpty() || summary.isEmpty() || address.isEmpty()) {
      return false;
    }
    while (!demo.quietFor(QUIET)) {
      Thread.sleep(50);
    }
    List<Launched.Line> lines = demo.lines();
    ready.add(serves.get().afterSeconds());
    loaded.add(summary.get().afterSeconds());
    board.add(lines.getLast().afterSeconds());
    memory.add((double) Memory.of(demo.handle()).mostMib());
    return summary.get().text().endsWith(" 0 refused");
  }
}
