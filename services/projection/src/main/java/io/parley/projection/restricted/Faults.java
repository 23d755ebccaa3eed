package io.parley.projection.restricted;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The events that cannot be applied, one of a partition at most: each is tried again after half a
 * second, then after twice as long each time, up to half a minute. Of the projector's thread, but
 * for {@link #any}.
 */
final class Faults {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Map<TopicPartition, Fault> faults = new HashMap<>();
  private volatile boolean any;

  private record Fault(long offset, Duration backOff, long sinceNanos) {
    boolean isOver() {
      return System.nanoTime() - sinceNanos >= backOff.toNanos();
    }
  }

  /** Whether there is one. */
  boolean any() {
    return any;
  }

  /**
   * The event at an offset cannot be applied, or still not.
   *
   * @return whether that is news
   */
  boolean add(TopicPartition partition, long offset) {
    Fault before = faults.get(partition);
    boolean known = before != null && before.offset() == offset;
    Duration backOff = FIRST;
    if (before != null && known) {
      Duration longer = before.backOff().multipliedBy(2);
      backOff = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }
    faults.put(partition, new Fault(offset, backOff, System.nanoTime()));
    any = true;
    return !known;
  }

  /**
   * All before a position is applied, here or by another instance.
   *
   * @return whether that ends a fault
   */
  boolean applied(TopicPartition partition, long position) {
    Fault fault = faults.get(partition);
    if (fault == null || fault.offset() >= position) {
      return false;
    }
    forget(List.of(partition));
    return true;
  }

  /** The partitions whose event is to be tried now. */
  List<TopicPartition> toTry() {
    return faults.entrySet().stream()
        .filter(each -> each.getValue().isOver())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** These partitions are another instance's now. */
  void forget(Collection<TopicPartition> gone) {
    faults.keySet().removeAll(gone);
    any = !faults.isEmpty();
  }

  void clear() {
    forget(List.copyOf(faults.keySet()));
  }
}
