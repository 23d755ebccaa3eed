package io.parley.journal.stream;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether something that fell due is still not public, though its task has seen so for a minute.
 *
 * <p>Not at once, and no number: a release that went well, also one after downtime, must leave no
 * trace in what everybody may see, or it would tell that the item was under embargo (ADR 7). What
 * stands here for a minute should be known to everybody by then.
 */
final class Overdue {
  private static final Duration LATE = Duration.ofMinutes(1);

  private final LongSupplier nanos;
  private final Map<Integer, Long> sinceNanos = new ConcurrentHashMap<>();

  /**
   * Nothing is.
   *
   * @param nanos time that goes by, as {@link System#nanoTime} tells it
   */
  Overdue(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A task looked what falls due next in its partition, at a time by the broker's clock. */
  void look(int partition, OptionalLong nextDue, long brokerMillis) {
    if (nextDue.isPresent() && nextDue.getAsLong() < brokerMillis) {
      sinceNanos.putIfAbsent(partition, nanos.getAsLong());
    } else {
      sinceNanos.remove(partition);
    }
  }

  /** The partition is another instance's. */
  void forget(int partition) {
    sinceNanos.remove(partition);
  }

  /** Whether a task has seen such a thing in this partition, however short a time ago. */
  boolean isSeen(int partition) {
    return sinceNanos.containsKey(partition);
  }

  /** Whether there is any such thing in this instance's partitions. */
  boolean isAny() {
    long now = nanos.getAsLong();
    return sinceNanos.values().stream().anyMatch(since -> now - since > LATE.toNanos());
  }
}
