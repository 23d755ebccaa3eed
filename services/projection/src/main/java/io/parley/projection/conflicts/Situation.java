package io.parley.projection.conflicts;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.delegations.Delegation;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import io.parley.projection.shape.Named;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stood on record of one negotiation at one moment, as far as it can conflict.
 *
 * @param derivation who is expected where, and which places lie in which
 * @param parties ids of the parties: participants of meetings that are no persons
 * @param announcements those that are retracted, and at least those that name one of them
 * @param claims those that are contested or name an announcement; others may be among them
 */
record Situation(
    Derivation derivation,
    Set<String> parties,
    List<Meeting> meetings,
    List<Leg> legs,
    List<Stay> stays,
    List<Delegation> delegations,
    List<AnnouncementItem> announcements,
    List<Claimed> claims) {

  /**
   * A claim, as its row says it (the shape is that of the HTTP contract).
   *
   * @param rank PREFERRED, NORMAL or DEPRECATED
   * @param contestedBy who says otherwise
   */
  record Claimed(
      String claim,
      @Nullable String text,
      @Nullable String rank,
      @Nullable List<Voice> contestedBy,
      @Nullable List<String> about,
      long sequence) {

    /** Somebody who says otherwise. */
    record Voice(@Nullable Named by, long sequence) {}
  }
}
