package io.parley.benchmarks;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How long, how often and how much.
 *
 * @param seconds length of one measurement
 * @param rounds rounds, of which the median counts
 * @param warmUpSeconds seconds of each kind of load before the first round
 * @param streams NDJSON streams at once
 * @param inFlight single commands at once
 * @param history events of the longest history
 * @param subscribers subscribers at once, at most
 */
record Options(
    int seconds,
    int rounds,
    int warmUpSeconds,
    int streams,
    int inFlight,
    int history,
    int subscribers) {

  static Options parse(List<String> arguments) {
    Map<String, Integer> given =
        new HashMap<>(
            Map.of(
                "--seconds",
                10,
                "--rounds",
                3,
                "--warm-up",
                5,
                "--streams",
                4,
                "--in-flight",
                1_000,
                "--history",
                1_000_000,
                "--subscribers",
                10_000));
    Map<String, Integer> most =
        Map.of(
            "--seconds",
            60,
            "--rounds",
            9,
            "--warm-up",
            60,
            "--streams",
            9,
            "--in-flight",
            4_000,
            "--history",
            10_000_000,
            "--subscribers",
            15_000);
    Iterator<String> remaining = arguments.iterator();
    while (remaining.hasNext()) {
      String name = remaining.next();
      Integer limit = most.get(name);
      if (limit == null) {
        throw new IllegalArgumentException("unknown option " + name);
      }
      given.put(name, number(name, remaining.hasNext() ? remaining.next() : "", limit));
    }
    return new Options(
        given.getOrDefault("--seconds", 0),
        given.getOrDefault("--rounds", 0),
        given.getOrDefault("--warm-up", 0),
        given.getOrDefault("--streams", 0),
        given.getOrDefault("--in-flight", 0),
        given.getOrDefault("--history", 0),
        given.getOrDefault("--subscribers", 0));
  }

  private static int number(String name, String text, int most) {
    int least = name.equals("--warm-up") ? 0 : 1;
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of bounds.
    }
    throw new IllegalArgumentException(name + " is a number from " + least + " to " + most);
  }
}
