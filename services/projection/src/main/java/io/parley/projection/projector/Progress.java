package io.parley.projection.projector;

import io.parley.projection.projector.HaltedTable.Overview;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How far the projection is, for health and operations. Safe for several threads. */
@Component
public final class Progress {
  /** What the projection does with a partition. */
  public enum State {
    RUNNING,
    /** The database or the broker is away; it goes on by itself. */
    RETRYING,
    /** An event cannot be applied; what follows it waits. */
    STOPPED
  }

  /**
   * A partition of the timeline.
   *
   * @param position offset of the next record to apply
   * @param lag records after it, or null while that is not known
   * @param reason why it does not run
   */
  public record Partition(
      long position, @Nullable Long lag, State state, @Nullable String reason) {}

  private final Map<Integer, Partition> partitions = new TreeMap<>();
  private @Nullable String failure;
  private Overview halted = Overview.NONE;

  /** The partitions that this instance projects. */
  public synchronized Map<Integer, Partition> partitions() {
    return new TreeMap<>(partitions);
  }

  /** Why nothing runs at all, or null. */
  public synchronized @Nullable String failure() {
    return failure;
  }

  /** Whether every partition is applied, by all views that take it. */
  public synchronized boolean runs() {
    return failure == null
        && partitions.values().stream().allMatch(each -> each.state() == State.RUNNING);
  }

  /** In how many negotiations each view stands still; only those that do somewhere (ADR 8). */
  public synchronized Map<String, Long> haltedViews() {
    return halted.views();
  }

  /** The oldest of these, some at most. */
  public synchronized List<Halt> halts() {
    return halted.oldest();
  }

  synchronized void halted(Overview overview) {
    halted = overview;
  }

  synchronized void failed(String reason) {
    failure = reason;
  }

  synchronized void running(int partition, long position, @Nullable Long lag) {
    failure = null;
    partitions.put(partition, new Partition(position, lag, State.RUNNING, null));
  }

  synchronized void stopped(int partition, long position, String reason) {
    partitions.put(partition, new Partition(position, null, State.STOPPED, reason));
  }

  synchronized void retrying(Collection<Integer> waiting, String reason) {
    for (int partition : waiting) {
      Partition before = partitions.get(partition);
      partitions.put(
          partition,
          new Partition(before == null ? 0 : before.position(), null, State.RETRYING, reason));
    }
  }

  synchronized void revoked(Collection<Integer> gone) {
    partitions.keySet().removeAll(gone);
  }
}
