package io.parley.benchmarks;

import io.parley.journal.reading.Token;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** What reads cost over short and long histories, beside one select by primary key. */
final class ReadsBench {
  private static final String BARE = "/bench/bare/";
  private static final String ROOM = "/attendance?scope=talks";
  private static final String NEWEST = "/announcements?limit=20";

  /** Moments that each read is asked of; each once, the shortest history has no more. */
  private static final int MOMENTS = 300;

  private final Options options;
  private final Path scratch;

  ReadsBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the table; false where a read was refused. */
  boolean run() throws Exception {
    long[] sizes =
        LongStream.of(options.history() / 1_000, options.history() / 10, options.history())
            .map(size -> Math.max(1_000, size))
            .distinct()
            .toArray();
    try (Ground ground = new Ground(scratch.resolve("reads"));
        ConfigurableApplicationContext service = ground.service("reads", true)) {
      for (long size : sizes) {
        List<Token> tokens = History.write(ground.bootstrapServers(), name(size), size);
        Ground.await(service, name(size), tokens);
      }
      // As autovacuum leaves it within a minute or two: what reads are planned by.
      ground.analyze();
      measure(Ground.root(service), sizes);
    }
    return true;
  }

  private void measure(URI root, long[] sizes) throws IOException {
    List<Row> rows = rows(sizes);
    // The first pass warms up; rounds are interleaved, so that a slow minute hits all alike.
    for (int round = 0; round <= options.rounds(); round++) {
      for (int i = 0; i < sizes.length; i++) {
        for (Row row : rows) {
          double[] millis = ask(root, row.path(), sizes[i], round);
          if (round > 0) {
            row.p50().get(i).add(percentile(millis, 50));
            row.p99().get(i).add(percentile(millis, 99));
          }
        }
      }
    }
    print(rows, sizes);
  }

  /**
   * What is asked; the first is what the others are compared with. Each question is of another
   * moment, so that what was kept of an answer does not help with the next.
   */
  private static List<Row> rows(long[] sizes) {
    int histories = sizes.length;
    return List.of(
        Row.of("bare endpoint, one select by primary key", histories, (h, at) -> BARE + name(h)),
        Row.of("negotiation", histories, (h, at) -> base(h)),
        Row.of("negotiation as of a moment", histories, (h, at) -> base(h) + "?asOf=" + at),
        Row.of("delegations", histories, (h, at) -> base(h) + "/delegations"),
        Row.of(
            "delegations as of a moment",
            histories,
            (h, at) -> base(h) + "/delegations?asOf=" + at),
        Row.of("attendance, kept", histories, (h, at) -> base(h) + ROOM),
        Row.of("attendance as of a moment", histories, (h, at) -> base(h) + ROOM + "&asOf=" + at),
        Row.of(
            "attendance, what if",
            histories,
            (h, at) -> base(h) + ROOM + "&assume=person-" + at % 100 + "@talks:absent"),
        Row.of("newest 20 announcements", histories, (h, at) -> base(h) + NEWEST),
        Row.of(
            "newest 20 announcements as of a moment",
            histories,
            (h, at) -> base(h) + NEWEST + "&asOf=" + at),
        Row.of(
            "diff over 20 events",
            histories,
            (h, at) -> base(h) + "/diff?from=" + (at - 20) + "&to=" + at));
  }

  /** Asks one after another for a while. */
  private double[] ask(URI root, Question question, long history, int round) throws IOException {
    double[] millis = new double[MOMENTS / (options.rounds() + 1)];
    int count = 0;
    long end = System.nanoTime() + options.seconds() * 1_000_000_000L / 4;
    try (Connection connection = new Connection(root)) {
      while (count < millis.length && (count < 20 || System.nanoTime() < end)) {
        long moment = history / 2 + 200 + (long) round * millis.length + count;
        String path = question.path(history, moment);
        byte[] request = Ground.get(path, "");
        long begun = System.nanoTime();
        Connection.Response answer = connection.exchange(request);
        millis[count++] = (System.nanoTime() - begun) / 1e6;
        if (answer.status() != 200) {
          throw new IOException(path + " answered " + answer.status() + ": " + answer.body());
        }
      }
    }
    double[] sorted = Arrays.copyOf(millis, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private void print(List<Row> rows, long[] sizes) {
    System.out.printf(
        "%nReads one after another on one connection, p50 / p99 in ms, medians of %d rounds.%n%n",
        options.rounds());
    StringBuilder head = new StringBuilder("| read |");
    StringBuilder line = new StringBuilder("| --- |");
    for (long size : sizes) {
      head.append(String.format(Locale.ROOT, " %,d events |", size));
      line.append(" ---: |");
    }
    System.out.println(head + " p50, longest to shortest | p50, to the bare endpoint |");
    System.out.println(line + " ---: | ---: |");
    double bare = rows.getFirst().p50().getLast().median();
    for (Row row : rows) {
      StringBuilder text = new StringBuilder("| " + row.read() + " |");
      for (int i = 0; i < sizes.length; i++) {
        text.append(
            String.format(
                Locale.ROOT,
                " %.2f / %.2f |",
                row.p50().get(i).median(),
                row.p99().get(i).median()));
      }
      double longest = row.p50().getLast().median();
      text.append(
          String.format(
              Locale.ROOT,
              " %.2f | %.2f |",
              longest / row.p50().getFirst().median(),
              longest / bare));
      System.out.println(text);
    }
  }

  private static double percentile(double[] sorted, int percent) {
    int rank = (int) Math.ceil(sorted.length * percent / 100.0);
    return sorted[Math.max(0, rank - 1)];
  }

  private static String base(long size) {
    return "/api/negotiations/" + name(size);
  }

  private static String name(long size) {
    return "bench-" + size;
  }

  /** What is asked of a history of so many events, and of which moment. */
  private interface Question {
    String path(long history, long moment);
  }

  /** A read, and what it took over each history. */
  private record Row(String read, Question path, List<Rounds> p50, List<Rounds> p99) {
    static Row of(String read, int histories, Question path) {
      return new Row(
          read,
          path,
          Stream.generate(Rounds::new).limit(histories).toList(),
          Stream.generate(Rounds::new).limit(histories).toList());
    }
  }
}
