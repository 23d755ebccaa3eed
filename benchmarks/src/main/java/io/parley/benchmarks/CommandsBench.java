package io.parley.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A command's way, three times over one broker, the desk's own: the floor, Kafka Streams' defaults,
 * and ours. The rounds are interleaved, so that what else the machine does falls on all of them.
 */
final class CommandsBench {
  private static final int A_SECOND = 50;
  private static final Duration READY_WITHIN = Duration.ofMinutes(10);

  private final Options options;
  private final Path scratch;
  private final Driver driver = new Driver();
  private final Row floor = new Row("floor: group-committed transactions, no topic of commands");
  private final Row streams = new Row("Kafka Streams' defaults, exactly_once_v2");
  private final Row ours = new Row("ours, single commands over HTTP");
  private final Rounds lines = new Rounds();
  private final Rounds behindSeconds = new Rounds();
  private final Rounds shown = new Rounds();
  private long refusedLines;
  private String firstRefusal = "";
  private String processorTimes = "";

  CommandsBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the tables; false where a command had no good answer. */
  boolean run() throws Exception {
    Path data = scratch.resolve("desk");
    try (Launched desk = Launched.start("up", "--port", "0", "--data", data.toString())) {
      var ready = desk.await(line -> line.startsWith("ready "), READY_WITHIN);
      if (ready.isEmpty()) {
        System.err.println("parley: the desk did not start");
        return false;
      }
      URI root = URI.create(ready.get().text().substring("ready ".length()).strip());
      String bearer = Launched.output("token", "editor", "--data", data.toString());
      String broker = Files.readString(data.resolve("broker")).strip();
      Memory idle = Memory.of(desk.handle());
      Commands commands = new Commands(root, bearer);
      try (Subject lowest = new Floor(broker);
          Subject defaults = new StreamsDefaults(broker, scratch.resolve("streams"));
          OverHttp http = new OverHttp(commands, "single")) {
        for (int i = 0; i < Commands.NEGOTIATIONS; i++) {
          var _ = http.record(Commands.convene(i));
        }
        measure(desk, lowest, defaults, http, commands);
      }
      print(idle, Memory.of(desk.handle()));
    }
    return driver.faults() == 0 && refusedLines == 0;
  }

  private void measure(
      Launched desk, Subject lowest, Subject defaults, OverHttp http, Commands commands)
      throws IOException, InterruptedException {
    Projection projection = new Projection(commands, http, "p");
    if (options.warmUpSeconds() > 0) {
      say("warming up, four times " + options.warmUpSeconds() + " s");
      driver.throughput(lowest, options.inFlight(), options.warmUpSeconds());
      driver.throughput(defaults, options.inFlight(), options.warmUpSeconds());
      driver.throughput(http, options.inFlight(), options.warmUpSeconds());
      // Refused lines are told, but a cold service that falls behind makes no run void.
      Import.Result warm =
          new Import(commands, "warm", options.streams()).run(options.warmUpSeconds());
      if (warm.refused() > 0) {
        say(warm.refused() + " lines had no good answer while warming up: " + warm.firstRefusal());
      }
      projection.secondsUntilApplied();
    }
    for (int round = 1; round <= options.rounds(); round++) {
      say("round %d of %d, seven times %d s".formatted(round, options.rounds(), options.seconds()));
      floor.add(driver.latency(lowest, A_SECOND, options.seconds()));
      streams.add(driver.latency(defaults, A_SECOND, options.seconds()));
      ours.add(driver.latency(http, A_SECOND, options.seconds()));
      floor.add(driver.throughput(lowest, options.inFlight(), options.seconds()));
      streams.add(driver.throughput(defaults, options.inFlight(), options.seconds()));
      ours.add(driver.throughput(http, options.inFlight(), options.seconds()));
      // What comes next must not share the machine with a projection that catches up.
      projection.secondsUntilApplied();
      importLines(desk, projection, new Import(commands, "import-" + round, options.streams()));
    }
  }

  private void importLines(Launched desk, Projection projection, Import load)
      throws IOException, InterruptedException {
    CpuTimes before = CpuTimes.of(desk.handle());
    Import.Result result = load.run(options.seconds());
    CpuTimes after = CpuTimes.of(desk.handle());
    OptionalDouble behind = projection.secondsUntilApplied();
    tally(result);
    lines.add(result.recorded() / result.seconds());
    behind.ifPresent(
        seconds -> {
          behindSeconds.add(seconds);
          shown.add(result.recorded() / (result.seconds() + seconds));
        });
    processorTimes = after.since(before, result.seconds());
  }

  private void tally(Import.Result result) {
    refusedLines += result.refused();
    firstRefusal = firstRefusal.isEmpty() ? result.firstRefusal() : firstRefusal;
  }

  private void print(Memory idle, Memory loaded) {
    System.out.printf(
        """

        Medians of %d rounds of %d s; latency at %d/s on a fixed schedule, throughput with %d in flight.

        | what | p50 ms | p99 ms | commands/s | ratio to floor |
        | --- | ---: | ---: | ---: | ---: |
        %s%s%s| ours, NDJSON, %d streams over %d negotiations | | | %s | %s |
        | … until the read side shows them all | | | %s | %s |

        Import by round: %s a second; shown %s s after the last answer.
        The desk: %s before the load, %s after it.
        """,
        options.rounds(),
        options.seconds(),
        A_SECOND,
        options.inFlight(),
        floor.text(floor),
        streams.text(floor),
        ours.text(floor),
        options.streams(),
        Commands.NEGOTIATIONS,
        lines.text("%.0f"),
        floor.ratio(lines),
        shown.text("%.0f"),
        floor.ratio(shown),
        lines.all("%.0f"),
        behindSeconds.isEmpty()
            ? "not measured: no such view, or not in time,"
            : behindSeconds.all("%.1f"),
        idle,
        loaded);
    System.out.printf(
        """

        Where the time of the last import went (100 %% is one core):

        | threads of the desk | processor s | share of a core |
        | --- | ---: | ---: |
        %s""",
        processorTimes);
    if (driver.faults() > 0) {
      System.out.printf("%n%d commands failed: %s%n", driver.faults(), driver.firstFault());
    }
    if (refusedLines > 0) {
      System.out.printf("%n%d lines were refused: %s%n", refusedLines, firstRefusal);
    }
  }

  private static void say(String text) {
    System.err.println("parley: " + text);
  }

  /** What was measured of one way. */
  private static final class Row {
    private final String name;
    private final Rounds p50 = new Rounds();
    private final Rounds p99 = new Rounds();
    private final Rounds throughput = new Rounds();

    Row(String name) {
      this.name = name;
    }

    void add(Driver.Latency latency) {
      p50.add(latency.p50Millis());
      p99.add(latency.p99Millis());
    }

    void add(double aSecond) {
      throughput.add(aSecond);
    }

    String ratio(Rounds other) {
      return other.isEmpty()
          ? "–"
          : String.format(Locale.ROOT, "%.3f", other.median() / throughput.median());
    }

    String text(Row lowest) {
      return "| %s | %s | %s | %s | %s |%n"
          .formatted(
              name,
              p50.text("%.1f"),
              p99.text("%.1f"),
              throughput.text("%.0f"),
              lowest.ratio(throughput));
    }
  }
}
