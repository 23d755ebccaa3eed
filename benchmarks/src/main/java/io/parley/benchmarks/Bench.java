package io.parley.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code ./parley bench} runs. */
public final class Bench {
  private static final String USAGE =
      """
      usage: ./parley bench [NAME] [OPTION…]

        attendance who is expected where, of 10,000 people and conditions
        commands   a command's way: the floor, Kafka Streams' defaults and ours, on one broker
        startup    from ./parley demo to its board
        reads      reads over short and long histories, beside one select by primary key
        streams    fan-out to many subscribers beside a bare Netty server and WebFlux
        replay     a bounded replay, beside a bare consumer that decodes and writes JSON
        arrival    from a command's answer to the event in the hands of the last subscriber
        rebuild    the read models made anew from the timeline, beside a bare COPY of their rows
        audit      a record verified and exported, beside a bare consumer that hashes each record

      --seconds N      length of one measurement, 1 to 60 (10)
      --rounds N       rounds, of which the median counts, 1 to 9 (3)
      --warm-up N      seconds of each kind of load before the first round, 0 to 60 (5)
      --streams N      NDJSON streams at once, 1 to 9 (4)
      --in-flight N    single commands at once, 1 to 4000 (1000)
      --history N      events of the longest history, 1 to 10000000 (1000000); rebuild takes a fifth
      --subscribers N  subscribers of the streams at once, 1 to 15000 (10000)

      Without a name all run. Each prints a Markdown table. docs/performance.md says how to read it.
      Exit status: 0, 1 (a command was refused, or a part did not start), 2 (bad usage).
      """;

  private static final List<String> NAMES =
      List.of(
          "attendance",
          "startup",
          "commands",
          "reads",
          "streams",
          "replay",
          "arrival",
          "rebuild",
          "audit");

  private Bench() {}

  /**
   * Runs the benchmark of that name, or all.
   *
   * @param arguments the name and the options
   */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      System.out.print(USAGE);
      return 0;
    }
    boolean named = !arguments.isEmpty() && !arguments.getFirst().startsWith("--");
    String name = named ? arguments.getFirst() : "all";
    Options options;
    try {
      options = Options.parse(named ? arguments.subList(1, arguments.size()) : arguments);
      if (!name.equals("all") && !NAMES.contains(name)) {
        throw new IllegalArgumentException("there is no benchmark " + name);
      }
    } catch (IllegalArgumentException e) {
      System.err.println("parley: " + e.getMessage());
      System.err.println("parley: see ./parley bench --help");
      return 2;
    }
    try {
      Path scratch = Files.createTempDirectory("parley-bench-");
      // Before the first logger is made.
      System.setProperty("parley.log", scratch.resolve("bench.log").toString());
      boolean good = true;
      System.out.println(Machine.describe());
      for (String one : name.equals("all") ? NAMES : List.of(name)) {
        good &=
            switch (one) {
              case "attendance" -> new AttendanceBench().run();
              case "startup" -> new StartupBench(options, scratch).run();
              case "commands" -> new CommandsBench(options, scratch).run();
              case "reads" -> new ReadsBench(options, scratch).run();
              case "streams" -> new StreamsBench(options, scratch).run();
              case "replay" -> new ReplayBench(options, scratch).run();
              case "arrival" -> new EndToEnd(options, scratch).run();
              case "audit" -> new AuditBench(options, scratch).run();
              case "rebuild" -> new RebuildBench(options, scratch).run();
              default -> throw new IllegalStateException(one);
            };
      }
      if (good) {
        Scratch.delete(scratch);
      } else {
        System.err.println("parley: logs are kept in " + scratch);
      }
      return good ? 0 : 1;
    } catch (Exception e) {
      e.printStackTrace();
      return 1;
    }
  }
}
