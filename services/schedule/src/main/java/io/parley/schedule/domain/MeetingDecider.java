package io.parley.schedule.domain;

import static io.parley.schedule.domain.MeetingDecider.Status.CANCELLED;
import static io.parley.schedule.domain.MeetingDecider.Status.CONCLUDED;
import static io.parley.schedule.domain.MeetingDecider.Status.OPEN;
import static io.parley.schedule.domain.MeetingDecider.Status.POSTPONED;
import static io.parley.schedule.domain.MeetingDecider.Status.SCHEDULED;
import static io.parley.schedule.domain.MeetingDecider.Status.SUSPENDED;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schedule.domain.MeetingDecider.State;
import io.parley.schemas.Event;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.schedule.CancelMeeting;
import io.parley.schemas.schedule.ChangeVenue;
import io.parley.schemas.schedule.ConcludeMeeting;
import io.parley.schemas.schedule.CorrectMeeting;
import io.parley.schemas.schedule.ExcludeValue;
import io.parley.schemas.schedule.MeetingCancelled;
import io.parley.schemas.schedule.MeetingConcluded;
import io.parley.schemas.schedule.MeetingCorrected;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.schedule.MeetingPostponed;
import io.parley.schemas.schedule.MeetingRescheduled;
import io.parley.schemas.schedule.MeetingResumed;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.MeetingSuspended;
import io.parley.schemas.schedule.OpenMeeting;
import io.parley.schemas.schedule.PostponeMeeting;
import io.parley.schemas.schedule.RescheduleMeeting;
import io.parley.schemas.schedule.ResumeMeeting;
import io.parley.schemas.schedule.Schedule.MeetingCommand;
import io.parley.schemas.schedule.Schedule.MeetingEvent;
import io.parley.schemas.schedule.ScheduleMeeting;
import io.parley.schemas.schedule.SuspendMeeting;
import io.parley.schemas.schedule.ValueExcluded;
import io.parley.schemas.schedule.VenueChanged;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A meeting. Before it opens it can be postponed, moved and cancelled; after that it can be
 * suspended, resumed and concluded (rules 17, 18). A correction or an exclusion is not a move: both
 * are possible in every state.
 */
public final class MeetingDecider implements Decider<State, MeetingCommand, MeetingEvent> {

  /** Where a meeting stands. */
  public sealed interface State {}

  /** Nobody has scheduled it. */
  public record Unheard() implements State {}

  /**
   * Scheduled once, and now in this status.
   *
   * @param keys what filters match in it: its kind, and who takes part (rule 22)
   */
  public record Known(Status status, FilterKeys keys) implements State {
    private Known now(Status next) {
      return new Known(next, keys);
    }
  }

  /** The moves that there are. */
  public enum Status {
    /** It has a place in the calendar, even if the start is not known. */
    SCHEDULED,
    /** Put off with no new start. */
    POSTPONED,
    /** Under way. */
    OPEN,
    /** Interrupted. */
    SUSPENDED,
    /** Over. */
    CONCLUDED,
    /** Will not take place. */
    CANCELLED
  }

  @Override
  public State initial() {
    return new Unheard();
  }

  @Override
  public Decision decide(State state, MeetingCommand command, References references) {
    return switch (state) {
      case Unheard _ -> first(command, references);
      case Known(var status, var keys) -> next(status, keys, command);
    };
  }

  private static Decision first(MeetingCommand command, References references) {
    if (command instanceof ScheduleMeeting schedule) {
      String round = schedule.round();
      return round == null
              || references.find("round:" + round, RoundDecider.State.class).isPresent()
          ? Decision.accept(MeetingScheduled.from(schedule))
          : Decision.unknown("ROUND_NOT_FOUND", "there is no round " + round);
    }
    return Decision.unknown("MEETING_NOT_FOUND", "there is no " + command.aggregate());
  }

  private static Decision next(Status now, FilterKeys keys, MeetingCommand command) {
    return switch (command) {
      case ScheduleMeeting schedule ->
          Decision.reject(
              "MEETING_EXISTS", 17, "meeting " + schedule.meeting() + " is there, " + now);
      case PostponeMeeting postpone ->
          move(now, Set.of(SCHEDULED), command, MeetingPostponed.from(postpone).keys(keys));
      case RescheduleMeeting move ->
          move(
              now, Set.of(SCHEDULED, POSTPONED), command, MeetingRescheduled.from(move).keys(keys));
      case ChangeVenue change ->
          move(now, Set.of(SCHEDULED, POSTPONED), command, VenueChanged.from(change).keys(keys));
      case OpenMeeting open ->
          move(now, Set.of(SCHEDULED, POSTPONED), command, MeetingOpened.from(open).keys(keys));
      case SuspendMeeting suspend ->
          move(now, Set.of(OPEN), command, MeetingSuspended.from(suspend).keys(keys));
      case ResumeMeeting resume ->
          move(now, Set.of(SUSPENDED), command, MeetingResumed.from(resume).keys(keys));
      // Some meetings are heard of only once they are over.
      case ConcludeMeeting conclude ->
          move(
              now,
              EnumSet.of(SCHEDULED, POSTPONED, OPEN, SUSPENDED),
              command,
              MeetingConcluded.from(conclude).keys(keys));
      case CancelMeeting cancel ->
          move(
              now, Set.of(SCHEDULED, POSTPONED), command, MeetingCancelled.from(cancel).keys(keys));
      case CorrectMeeting correct -> Decision.accept(MeetingCorrected.from(correct).keys(keys));
      case ExcludeValue exclude -> Decision.accept(ValueExcluded.from(exclude).keys(keys));
    };
  }

  private static Decision move(Status now, Set<Status> from, MeetingCommand command, Event event) {
    return from.contains(now)
        ? Decision.accept(event)
        : Decision.reject(
            "ILLEGAL_MOVE",
            18,
            command.type() + " is not possible: " + command.aggregate() + " is " + now);
  }

  @Override
  public State evolve(State state, MeetingEvent event) {
    return switch (event) {
      case MeetingScheduled e -> new Known(SCHEDULED, keys(e));
      case MeetingRescheduled _ -> known(state, event).now(SCHEDULED);
      case MeetingPostponed _ -> known(state, event).now(POSTPONED);
      case MeetingOpened _, MeetingResumed _ -> known(state, event).now(OPEN);
      case MeetingSuspended _ -> known(state, event).now(SUSPENDED);
      case MeetingConcluded _ -> known(state, event).now(CONCLUDED);
      case MeetingCancelled _ -> known(state, event).now(CANCELLED);
      case VenueChanged _, MeetingCorrected _, ValueExcluded _ -> known(state, event);
    };
  }

  private static FilterKeys keys(MeetingScheduled e) {
    return new FilterKeys()
        .kinds(List.of(e.kind().name()))
        .actors(List.copyOf(new TreeSet<>(e.participants())));
  }

  private static Known known(State state, MeetingEvent event) {
    return switch (state) {
      case Known known -> known;
      case Unheard _ -> throw new IllegalStateException(event.type() + " before MeetingScheduled");
    };
  }
}
