package io.parley.schedule.domain;

import static io.parley.schedule.domain.Facts.ISTANBUL;
import static io.parley.schedule.domain.Facts.THE_16TH;
import static io.parley.schedule.domain.Facts.leg;
import static io.parley.schedule.domain.Facts.meeting;
import static io.parley.schedule.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.Decision;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.schedule.ArriveLeg;
import io.parley.schemas.schedule.CancelLeg;
import io.parley.schemas.schedule.CancelMeeting;
import io.parley.schemas.schedule.ChangeVenue;
import io.parley.schemas.schedule.ConcludeMeeting;
import io.parley.schemas.schedule.CorrectMeeting;
import io.parley.schemas.schedule.DepartLeg;
import io.parley.schemas.schedule.ExcludeValue;
import io.parley.schemas.schedule.LegStatus;
import io.parley.schemas.schedule.OpenMeeting;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.PostponeMeeting;
import io.parley.schemas.schedule.RescheduleMeeting;
import io.parley.schemas.schedule.ResumeMeeting;
import io.parley.schemas.schedule.Schedule;
import io.parley.schemas.schedule.SuspendMeeting;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** What filters match in the events that follow on a meeting or a leg (rule 22). */
class FilterKeysTest {
  private static final FilterKeys MEETING =
      new FilterKeys().kinds(List.of("SESSION")).actors(List.of("ru", "ua"));
  private static final FilterKeys LEG = new FilterKeys().actors(List.of("marco-rubio"));

  @Test
  void rule22_whatBecomesOfAMeetingOrALegReachesWhoeverFollowsWhoTakesPart() {
    TreeSet<String> told = new TreeSet<>();
    told.addAll(
        carry(
            MEETING,
            new PostponeMeeting().meeting("opening").reason("unready"),
            new RescheduleMeeting().meeting("opening").start(THE_16TH).reason("ready"),
            new ChangeVenue().meeting("opening").place(ISTANBUL).reason("room"),
            new CorrectMeeting().meeting("opening").title("The opening").note("misread"),
            new ExcludeValue().subject("meeting:opening").field("start").value("2025-05-15"),
            new OpenMeeting().meeting("opening"),
            new SuspendMeeting().meeting("opening"),
            new ResumeMeeting().meeting("opening"),
            new ConcludeMeeting().meeting("opening").outcome(Outcome.AGREED)));
    told.addAll(carry(MEETING, new CancelMeeting().meeting("opening").reason("no")));
    told.addAll(
        carry(
            LEG,
            new ExcludeValue().subject("leg:rubio-istanbul").field("arrive").value("2025-05-15"),
            new DepartLeg().leg("rubio-istanbul"),
            new ArriveLeg().leg("rubio-istanbul")));
    told.addAll(carry(LEG, new CancelLeg().leg("rubio-istanbul")));
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            Schedule.EVENT_SCHEMAS.stream()
                .filter(schema -> schema.getField("keys") != null)
                .map(Schema::getName)
                .toList());
  }

  private static List<String> carry(FilterKeys keys, Command... commands) {
    var story =
        story().given(meeting().participants(List.of("ua", "ru")), leg(LegStatus.SCHEDULED));
    return Arrays.stream(commands)
        .map(
            command -> {
              story.when(command).thenKeys(keys);
              Event event = ((Decision.Accepted) story.decision()).events().getFirst();
              story.recorded();
              return event.type();
            })
        .toList();
  }
}
