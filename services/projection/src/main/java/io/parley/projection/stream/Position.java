package io.parley.projection.stream;

import java.util.Arrays;
import org.apache.kafka.common.TopicPartition;

/**
 * A place in the timeline: the next offset of each partition. Everything before it was received,
 * nothing after. Whoever changes one owns it alone; what is handed on is a copy.
 */
final class Position {
  private final long[] next;

  private Position(long[] next) {
    this.next = next;
  }

  /** Before everything. */
  static Position beginning(int partitions) {
    return new Position(new long[partitions]);
  }

  int partitions() {
    return next.length;
  }

  /** Next offset of a partition. */
  long of(int partition) {
    return next[partition];
  }

  Position copy() {
    return new Position(next.clone());
  }

  Position put(int partition, long offset) {
    next[partition] = offset;
    return this;
  }

  Position put(TopicPartition partition, long offset) {
    return put(partition.partition(), offset);
  }

  boolean isPast(StreamEvent event) {
    return event.offset() < next[event.partition()];
  }

  void pass(StreamEvent event) {
    next[event.partition()] = event.offset() + 1;
  }

  /** Whether it has everything that the other has, as far as this looks. */
  boolean covers(Position other, Scope scope) {
    if (!scope.isWhole()) {
      return next[scope.partition()] >= other.next[scope.partition()];
    }
    for (int i = 0; i < next.length; i++) {
      if (next[i] < other.next[i]) {
        return false;
      }
    }
    return true;
  }

  boolean isAt(Position other, Scope scope) {
    return covers(other, scope) && other.covers(this, scope);
  }

  /** Records from here to there: what reading them costs. */
  long distance(Position to, Scope scope) {
    long records = 0;
    for (int i = 0; i < next.length; i++) {
      if (scope.has(i)) {
        records += Math.max(0, to.next[i] - next[i]);
      }
    }
    return records;
  }

  /** Moves on to the other, where that is further. */
  void advance(Position to, Scope scope) {
    for (int i = 0; i < next.length; i++) {
      if (scope.has(i)) {
        next[i] = Math.max(next[i], to.next[i]);
      }
    }
  }

  /** What both have. */
  Position lower(Position other) {
    Position lower = copy();
    for (int i = 0; i < next.length; i++) {
      lower.next[i] = Math.min(next[i], other.next[i]);
    }
    return lower;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position position && Arrays.equals(position.next, next);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(next);
  }

  @Override
  public String toString() {
    return Arrays.toString(next);
  }
}
