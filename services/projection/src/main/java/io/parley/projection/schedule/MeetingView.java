package io.parley.projection.schedule;

import static io.parley.projection.schedule.Meeting.Status.CANCELLED;
import static io.parley.projection.schedule.Meeting.Status.CONCLUDED;
import static io.parley.projection.schedule.Meeting.Status.OPEN;
import static io.parley.projection.schedule.Meeting.Status.POSTPONED;
import static io.parley.projection.schedule.Meeting.Status.SCHEDULED;
import static io.parley.projection.schedule.Meeting.Status.SUSPENDED;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Located;
import io.parley.schemas.schedule.MeetingCancelled;
import io.parley.schemas.schedule.MeetingConcluded;
import io.parley.schemas.schedule.MeetingCorrected;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.schedule.MeetingPostponed;
import io.parley.schemas.schedule.MeetingRescheduled;
import io.parley.schemas.schedule.MeetingResumed;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.MeetingSuspended;
import io.parley.schemas.schedule.Schedule.MeetingEvent;
import io.parley.schemas.schedule.ValueExcluded;
import io.parley.schemas.schedule.VenueChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Meetings, by their id. */
@Component
public final class MeetingView implements View<Meeting> {
  @Override
  public String table() {
    return "meetings";
  }

  @Override
  public Class<Meeting> type() {
    return Meeting.class;
  }

  @Override
  public List<Column<Meeting>> columns() {
    return Extent.columns(
        meeting -> Extent.of(meeting.start(), meeting.end()),
        List.of(Column.texts("refs", MeetingView::refs), Column.words(Meeting::title)));
  }

  /** Whom and which places it names. */
  private static List<String> refs(Meeting meeting) {
    List<String> refs = new ArrayList<>(meeting.participants());
    Stream.of(meeting.place(), meeting.venue())
        .flatMap(place -> Stream.iterate(place, Objects::nonNull, Located::within))
        .forEach(place -> refs.add(place.id()));
    return refs;
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof MeetingEvent && entry.kind().equals("meeting")
        ? List.of(entry.id())
        : List.of();
  }

  @Override
  public Meeting evolve(String id, @Nullable Meeting item, Entry entry) {
    MeetingEvent event = (MeetingEvent) entry.event();
    MeetingDraft next =
        event instanceof MeetingScheduled scheduled
            ? new MeetingDraft(id, scheduled)
            : new MeetingDraft(View.begun(item, entry));
    switch (event) {
      case MeetingScheduled scheduled -> next.status = SCHEDULED;
      case MeetingPostponed postponed -> {
        next.status = POSTPONED;
        next.reason = postponed.reason();
      }
      case MeetingRescheduled rescheduled -> next.reschedule(rescheduled);
      case VenueChanged changed -> next.move(changed);
      case MeetingOpened opened -> next.status = OPEN;
      case MeetingSuspended suspended -> next.status = SUSPENDED;
      case MeetingResumed resumed -> next.status = OPEN;
      case MeetingConcluded concluded -> {
        next.status = CONCLUDED;
        next.outcome = concluded.outcome();
      }
      case MeetingCancelled cancelled -> {
        next.status = CANCELLED;
        next.reason = cancelled.reason();
      }
      case MeetingCorrected corrected -> next.correct(corrected);
      case ValueExcluded excluded -> next.excluded = Exclusion.plus(next.excluded, excluded);
    }
    return next.item(entry);
  }
}
