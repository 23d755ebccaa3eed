package io.parley.projection.timeline;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the stage is.
 *
 * @param state Kafka Streams' name for it, such as {@code RUNNING}
 * @param running true where it settles events, or would if some came
 * @param stoppedBecause why it has stopped for good; null where it has not
 * @param parked events that wait for their causes, by partition
 * @param held partitions of sources that are read no further for now, since too many are parked
 */
public record TimelineStatus(
    String state,
    boolean running,
    @Nullable String stoppedBecause,
    Map<Integer, Integer> parked,
    Set<String> held) {
  /** True where nothing asks for a person: it runs, and holds nothing. */
  public boolean isHealthy() {
    return running && held.isEmpty();
  }
}
