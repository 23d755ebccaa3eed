package io.parley.projection.projector;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether positions move while there is something to apply. A projector may hang in a call that
 * never returns, and then says of itself what it last said; this is seen from outside. Safe for
 * several threads.
 */
final class Movement {
  private final Duration stalledAfter;
  private final Map<Integer, Waiting> waiting = new HashMap<>();

  /** A position with something behind it, since it was first seen so. */
  private record Waiting(long position, long sinceNanos) {}

  Movement(Duration stalledAfter) {
    this.stalledAfter = stalledAfter;
  }

  /** What was seen at a time ({@link System#nanoTime}). */
  synchronized void seen(long nanos, Map<Integer, Standing.Place> places) {
    places.forEach(
        (partition, place) -> {
          Waiting before = waiting.get(partition);
          if (place.lag() == 0) {
            waiting.remove(partition);
          } else if (before == null || before.position() != place.position()) {
            waiting.put(partition, new Waiting(place.position(), nanos));
          }
        });
  }

  /** The partitions that have not moved for too long, and for how long. */
  synchronized Map<Integer, Duration> stalled(long nanos) {
    Map<Integer, Duration> stalled = new TreeMap<>();
    waiting.forEach(
        (partition, since) -> {
          Duration still = Duration.ofNanos(nanos - since.sinceNanos());
          if (still.compareTo(stalledAfter) >= 0) {
            stalled.put(partition, still);
          }
        });
    return stalled;
  }
}
