package io.parley.projection.audit;

import org.jspecify.annotations.Nullable;

/**
 * The first thing of a record that is not as it must be.
 *
 * @param what {@code chain}: an entry of the timeline does not follow on the one before it; {@code
 *     source}: the timeline and the services' topics are not of one mind; {@code rows}: a row of a
 *     read model is not what the timeline makes; {@code restricted}: the same of what not everybody
 *     may know of, which has no place on the timeline; {@code head}: the noted head is not in the
 *     record
 * @param where topic, partition and offset, or table and item
 * @param sequence position on the timeline, or the one after its end; 0 where it has none
 * @param expected what must be there; null: nothing
 * @param found what is there; null: nothing
 */
public record Difference(
    String what, String where, long sequence, @Nullable String expected, @Nullable String found) {
  private static final int MOST_CHARACTERS = 2_000;

  /** Cuts what would be long. */
  public Difference {
    expected = cut(expected);
    found = cut(found);
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= MOST_CHARACTERS
        ? text
        : text.substring(0, MOST_CHARACTERS) + "…";
  }
}
