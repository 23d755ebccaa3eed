package io.parley.delegation.domain;

import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.schedule.Schedule.MeetingEvent;
import java.util.Optional;

/** What the schedule service said of a meeting: that it is on record, whatever became of it. */
public record KnownMeeting() {
  /** The fact after an event of the schedule service. */
  static KnownMeeting evolve(Optional<KnownMeeting> known, MeetingEvent event) {
    return known.orElseGet(KnownMeeting::new);
  }

  /**
   * Refuses a scope that is a meeting which is not known here. Countries, cities and venues need no
   * record of their own: their ids stand for themselves.
   */
  static Optional<Decision> missing(String scope, References references) {
    if (!scope.startsWith("meeting:") || references.find(scope, KnownMeeting.class).isPresent()) {
      return Optional.empty();
    }
    String meeting = scope.substring("meeting:".length());
    return Optional.of(
        Decision.unknown("MEETING_NOT_FOUND", "there is no meeting " + meeting + " here"));
  }
}
