package io.parley.projection.attendance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a room, as it is answered.
 *
 * @param scope the room
 * @param assumed what was asked as if it were so
 * @param cycles people whose attendance waits for each other's (rule 12)
 * @param next where the next page begins; null where this is the last
 */
record Seats(
    String scope,
    List<Assumption> assumed,
    List<Seat> people,
    List<List<String>> cycles,
    @Nullable String next) {

  /**
   * Something that is taken to be so.
   *
   * @param presence present or absent
   */
  record Assumption(String person, String scope, String presence) {}
}
