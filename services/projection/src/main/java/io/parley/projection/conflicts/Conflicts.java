package io.parley.projection.conflicts;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every conflict in a situation (rules 9, 12, 19, 20, 22 and 28). A pure function of its rows. */
final class Conflicts {
  private Conflicts() {}

  /** The conflicts by their keys, the surest first. */
  static NavigableMap<String, Finding> of(Situation situation) {
    NavigableMap<String, Finding> found = new TreeMap<>();
    Stream.of(
            Overlaps.of(situation),
            Latecomers.of(situation),
            Exclusions.of(situation),
            Contradictions.of(situation),
            Withdrawn.of(situation))
        .flatMap(List::stream)
        .forEach(each -> found.putIfAbsent(each.key(), each));
    return found;
  }
}
