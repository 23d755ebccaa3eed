package io.parley.projection.read;

import java.util.Set;

/**
 * What somebody may learn of beside what is public (rules 23 and 31), as of a moment. The rights
 * are those that {@link io.parley.journal.reading.Access} says.
 *
 * @param all everything that is restricted
 * @param parties what is these parties'
 * @param history what was restricted, of what is public now (rule 32)
 * @param atMillis the moment on the recorded axis, milliseconds since the epoch: restricted things
 *     have no place on the timeline
 */
public record Sight(boolean all, Set<String> parties, boolean history, long atMillis) {
  /** Nothing beside what is public. */
  static final Sight NOTHING = new Sight(false, Set.of(), false, 0);

  /** Whether it is what everybody may learn of. */
  public boolean isNothing() {
    return !all && parties.isEmpty();
  }
}
