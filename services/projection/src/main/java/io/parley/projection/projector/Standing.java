package io.parley.projection.projector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the open read models are, over all instances, when it was asked.
 *
 * @param places of each partition of the timeline
 * @param halted in how many negotiations each view stands still
 * @param stopped why partitions stand before a faulty record
 * @param stalled why partitions do not move, though there is something to apply
 * @param rate entries applied a second, over the last minute; null while that is not known
 */
public record Standing(
    Map<Integer, Place> places,
    Map<String, Long> halted,
    Map<Integer, String> stopped,
    Map<Integer, String> stalled,
    @Nullable Double rate) {

  /**
   * A partition.
   *
   * @param position offset of the next record to apply
   * @param end offset of the end of the log
   * @param lag records between them; of more than {@value Tail#COUNTED}, with the marks of
   *     transactions
   * @param applied how many entries were applied
   */
  public record Place(long position, long end, long lag, long applied) {}

  /** Records that are not applied, of all partitions. */
  public long lag() {
    return places.values().stream().mapToLong(Place::lag).sum();
  }

  long applied() {
    return places.values().stream().mapToLong(Place::applied).sum();
  }
}
