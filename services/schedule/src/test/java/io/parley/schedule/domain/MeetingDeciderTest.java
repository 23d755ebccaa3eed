package io.parley.schedule.domain;

import static io.parley.schedule.domain.Facts.ISTANBUL;
import static io.parley.schedule.domain.Facts.THE_16TH;
import static io.parley.schedule.domain.Facts.meeting;
import static io.parley.schedule.domain.Facts.round;
import static io.parley.schedule.domain.Facts.story;
import static io.parley.schedule.domain.MeetingDecider.Status.CANCELLED;
import static io.parley.schedule.domain.MeetingDecider.Status.CONCLUDED;
import static io.parley.schedule.domain.MeetingDecider.Status.OPEN;
import static io.parley.schedule.domain.MeetingDecider.Status.POSTPONED;
import static io.parley.schedule.domain.MeetingDecider.Status.SCHEDULED;
import static io.parley.schedule.domain.MeetingDecider.Status.SUSPENDED;

import io.parley.schedule.domain.MeetingDecider.Status;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import io.parley.schemas.schedule.CancelMeeting;
import io.parley.schemas.schedule.ChangeVenue;
import io.parley.schemas.schedule.ConcludeMeeting;
import io.parley.schemas.schedule.CorrectMeeting;
import io.parley.schemas.schedule.ExcludeValue;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.MeetingCancelled;
import io.parley.schemas.schedule.MeetingConcluded;
import io.parley.schemas.schedule.MeetingCorrected;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.schedule.MeetingPostponed;
import io.parley.schemas.schedule.MeetingRescheduled;
import io.parley.schemas.schedule.MeetingResumed;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.MeetingSuspended;
import io.parley.schemas.schedule.OpenMeeting;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.PostponeMeeting;
import io.parley.schemas.schedule.RescheduleMeeting;
import io.parley.schemas.schedule.ResumeMeeting;
import io.parley.schemas.schedule.ScheduleMeeting;
import io.parley.schemas.schedule.SuspendMeeting;
import io.parley.schemas.schedule.ValueExcluded;
import io.parley.schemas.schedule.VenueChanged;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MeetingDeciderTest {
  private static final MeetingOpened OPENED = new MeetingOpened().meeting("opening");
  private static final MeetingSuspended SUSPENDED_IT = new MeetingSuspended().meeting("opening");
  private static final MeetingPostponed PUT_OFF =
      new MeetingPostponed().meeting("opening").reason("no head yet");

  /** A move, the states from which it is possible, and what it records. */
  record Move(Supplier<Command> command, Set<Status> from, Event event) {}

  private static Stream<Move> moves() {
    return Stream.of(
        new Move(
            () -> new PostponeMeeting().meeting("opening").reason("no head yet"),
            EnumSet.of(SCHEDULED),
            PUT_OFF),
        new Move(
            () -> new RescheduleMeeting().meeting("opening").start(THE_16TH).reason("late"),
            EnumSet.of(SCHEDULED, POSTPONED),
            new MeetingRescheduled().meeting("opening").start(THE_16TH).reason("late")),
        new Move(
            () -> new ChangeVenue().meeting("opening").place(ISTANBUL).reason("room"),
            EnumSet.of(SCHEDULED, POSTPONED),
            new VenueChanged().meeting("opening").place(ISTANBUL).reason("room")),
        new Move(
            () -> new OpenMeeting().meeting("opening"), EnumSet.of(SCHEDULED, POSTPONED), OPENED),
        new Move(() -> new SuspendMeeting().meeting("opening"), EnumSet.of(OPEN), SUSPENDED_IT),
        new Move(
            () -> new ResumeMeeting().meeting("opening"),
            EnumSet.of(SUSPENDED),
            new MeetingResumed().meeting("opening")),
        new Move(
            () -> new ConcludeMeeting().meeting("opening").outcome(Outcome.NO_AGREEMENT),
            EnumSet.of(SCHEDULED, POSTPONED, OPEN, SUSPENDED),
            new MeetingConcluded().meeting("opening").outcome(Outcome.NO_AGREEMENT)),
        new Move(
            () -> new CancelMeeting().meeting("opening").reason("over"),
            EnumSet.of(SCHEDULED, POSTPONED),
            new MeetingCancelled().meeting("opening").reason("over")));
  }

  private static Stream<Arguments> movesFromEveryState() {
    return moves()
        .flatMap(move -> Stream.of(Status.values()).map(from -> Arguments.of(move, from)));
  }

  private static Story in(Status status) {
    Story story = story().given(meeting());
    return switch (status) {
      case SCHEDULED -> story;
      case POSTPONED -> story.given(PUT_OFF);
      case OPEN -> story.given(OPENED);
      case SUSPENDED -> story.given(OPENED, SUSPENDED_IT);
      case CONCLUDED ->
          story.given(OPENED, new MeetingConcluded().meeting("opening").outcome(Outcome.AGREED));
      case CANCELLED -> story.given(new MeetingCancelled().meeting("opening").reason("over"));
    };
  }

  @ParameterizedTest
  @MethodSource("movesFromEveryState")
  void rule18_aMoveIsPossibleFromSomeStatesAndRefusedFromTheOthers(Move move, Status from) {
    Story story = in(from).when(move.command.get());
    if (move.from.contains(from)) {
      story.then(move.event);
    } else {
      story.thenRejected("ILLEGAL_MOVE", 18, "opening", from.name());
    }
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void rule17_aCorrectionIsNotAMoveAndPossibleInEveryState(Status status) {
    in(status)
        .when(new CorrectMeeting().meeting("opening").start(THE_16TH).note("misread"))
        .then(new MeetingCorrected().meeting("opening").start(THE_16TH).note("misread"))
        .recorded()
        .when(new ScheduleMeeting().meeting("opening"))
        .thenRejected("MEETING_EXISTS", 17, "opening", status.name());
  }

  @Test
  void rule17_aPostponedMeetingCanBeRescheduledAndPostponedAgain() {
    in(POSTPONED)
        .given(new MeetingRescheduled().meeting("opening").start(THE_16TH).reason("agreed"))
        .when(new PostponeMeeting().meeting("opening").reason("no head yet"))
        .then(PUT_OFF);
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void rule20_anExclusionIsNotACorrectionAndPossibleInEveryState(Status status) {
    in(status)
        .when(new ExcludeValue().subject("meeting:opening").field("start").value("2025-05-15"))
        .then(new ValueExcluded().subject("meeting:opening").field("start").value("2025-05-15"));
  }

  @Test
  void aMeetingIsScheduledInARoundThatIsThere() {
    story()
        .given(round())
        .when(schedule().round("spring-2022"))
        .then(meeting().start(null).round("spring-2022"));
    story().when(schedule().round("spring-2022")).thenUnknown("ROUND_NOT_FOUND", "spring-2022");
  }

  @ParameterizedTest
  @MethodSource("moves")
  void whatNobodyScheduledIsUnknown(Move move) {
    story().when(move.command.get()).thenUnknown("MEETING_NOT_FOUND", "opening");
  }

  private static ScheduleMeeting schedule() {
    MeetingScheduled like = meeting();
    return new ScheduleMeeting()
        .meeting(like.meeting())
        .title(like.title())
        .kind(MeetingKind.SESSION)
        .format(Format.DIRECT)
        .place(ISTANBUL);
  }
}
