package io.parley.projection.projector;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rebuild of the read models beside the live ones (ADR 14).
 *
 * @param id its id
 * @param subject who asked for it
 * @param acceptDifferences whether it is swapped in although its rows are not those of the live
 *     ones
 * @param reason why it failed, or why it waits; null where there is nothing to say
 * @param firstDifference first row that is not as it was; null where none was found
 * @param rate entries a second, over the last minute; null while that is not known
 * @param compared negotiations whose rows were compared
 */
public record Rebuild(
    String id,
    State state,
    String subject,
    boolean acceptDifferences,
    Instant started,
    @Nullable Instant ended,
    @Nullable String reason,
    @Nullable String firstDifference,
    @Nullable Double rate,
    long compared) {

  /** How far it is. */
  public enum State {
    /** It is filled from the beginning of the timeline. */
    BUILDING,
    /** It has nearly what the live one has. */
    CATCHING_UP,
    /** Its rows are compared with the live ones. */
    COMPARING,
    /** It is the live one now. */
    SWAPPED,
    /** An operator ended it: nothing of it is left. */
    CANCELLED,
    /** It ended by itself, for a reason; nothing of it is left. */
    FAILED;

    /** Whether it goes on. */
    public boolean isActive() {
      return this == BUILDING || this == CATCHING_UP || this == COMPARING;
    }
  }
}
