package io.parley.projection.conflicts;

import io.parley.projection.schedule.Exclusion;
import org.jspecify.annotations.Nullable;

/**
 * A fact that a conflict rests on. Rows of the schedule do not say which event set what: where the
 * event's number is not known, it is found on the timeline by what it says.
 *
 * @param sequence timeline position of its event; null where it is to be found
 * @param aggregate what the event is about, {@code KIND:ID}, where it is to be found
 * @param excluded the exclusion that it is; null: what was recorded of the aggregate last
 * @param text in words
 */
record Ground(
    @Nullable Long sequence,
    @Nullable String aggregate,
    @Nullable Exclusion excluded,
    Sentence text) {

  /** The event at a position. */
  static Ground at(long sequence, Sentence text) {
    return new Ground(sequence, null, null, text);
  }

  /** The last event that says what an aggregate is. */
  static Ground of(String aggregate, Sentence text) {
    return new Ground(null, aggregate, null, text);
  }

  /** The event that excludes a value of an aggregate. */
  static Ground of(String aggregate, Exclusion excluded, Sentence text) {
    return new Ground(null, aggregate, excluded, text);
  }
}
