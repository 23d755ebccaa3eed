package io.parley.announcement.domain;

import io.parley.schemas.schedule.Schedule.MeetingEvent;
import java.util.Optional;

/** What the schedule service said of a meeting: that it is on record, whatever became of it. */
public record KnownMeeting() {
  /** The fact after an event of the schedule service. */
  static KnownMeeting evolve(Optional<KnownMeeting> known, MeetingEvent event) {
    return known.orElseGet(KnownMeeting::new);
  }
}
