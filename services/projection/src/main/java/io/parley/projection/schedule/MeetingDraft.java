package io.parley.projection.schedule;

import static io.parley.projection.schedule.Meeting.Status.SCHEDULED;
import static java.util.Objects.requireNonNull;

import io.parley.projection.projector.Entry;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.Place;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.MeetingCorrected;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.MeetingRescheduled;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.VenueChanged;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A meeting on its way from one event to the next: it has many fields, and an event changes few.
 */
final class MeetingDraft {
  private final String meeting;
  private final @Nullable String round;
  private String title;
  private final MeetingKind kind;
  private final Format format;
  Meeting.Status status;
  private @Nullable Temporal start;
  private @Nullable Temporal end;
  private List<Temporal> previousStarts;
  private Located place;
  private @Nullable Located venue;
  private @Nullable String zone;
  private final List<String> participants;
  List<Exclusion> excluded;
  private long icalSequence;
  @Nullable Outcome outcome;
  @Nullable String reason;
  private @Nullable String note;
  private final @Nullable Cited source;

  MeetingDraft(String id, MeetingScheduled event) {
    meeting = id;
    round = event.round();
    title = event.title();
    kind = event.kind();
    format = event.format();
    status = SCHEDULED;
    zone = event.zone();
    start = Temporal.of(event.start(), zone);
    end = Temporal.of(event.end(), zone);
    previousStarts = List.of();
    place = located(event.place());
    venue = Located.of(event.venue());
    participants = List.copyOf(event.participants());
    excluded = List.of();
    source = null;
  }

  MeetingDraft(Meeting before) {
    meeting = before.meeting();
    round = before.round();
    title = before.title();
    kind = before.kind();
    format = before.format();
    status = before.status();
    start = before.start();
    end = before.end();
    previousStarts = before.previousStarts();
    place = before.place();
    venue = before.venue();
    zone = before.zone();
    participants = before.participants();
    excluded = before.excluded();
    icalSequence = before.icalSequence();
    outcome = before.outcome();
    reason = before.reason();
    note = before.note();
    source = before.source();
  }

  /** The same meeting at another time: the start before joins the history (rule 17). */
  void reschedule(MeetingRescheduled event) {
    if (start != null) {
      List<Temporal> history = new ArrayList<>(previousStarts);
      history.add(start);
      previousStarts = List.copyOf(history);
    }
    start = Temporal.of(event.start(), zone);
    end = Temporal.of(event.end(), zone);
    status = SCHEDULED;
    icalSequence++;
    reason = event.reason();
  }

  void move(VenueChanged event) {
    place = located(event.place());
    venue = Located.of(event.venue());
    zone = event.zone();
    rezone();
    reason = event.reason();
  }

  /** The record was wrong: no move, so neither history nor iCalendar sequence change (rule 17). */
  void correct(MeetingCorrected event) {
    start = corrected(event.start(), start);
    end = corrected(event.end(), end);
    Place right = event.place();
    place = right == null ? place : located(right);
    String rightTitle = event.title();
    title = rightTitle == null ? title : rightTitle;
    note = event.note();
  }

  Meeting item(Entry entry) {
    return new Meeting(
        meeting,
        round,
        title,
        kind,
        format,
        status,
        start,
        end,
        previousStarts,
        place,
        venue,
        zone,
        participants,
        excluded,
        icalSequence,
        outcome,
        reason,
        note,
        entry.sequence(),
        entry.version(),
        Cited.of(entry.event(), source));
  }

  private @Nullable Temporal corrected(@Nullable TemporalValue right, @Nullable Temporal before) {
    return right == null ? before : Temporal.of(right, zone);
  }

  private void rezone() {
    start = start == null ? null : start.at(zone);
    end = end == null ? null : end.at(zone);
  }

  private static Located located(Place place) {
    return requireNonNull(Located.of(place));
  }
}
