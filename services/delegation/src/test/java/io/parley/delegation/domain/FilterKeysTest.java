package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.PUTIN;
import static io.parley.delegation.domain.Facts.ZELENSKYY;
import static io.parley.delegation.domain.Facts.story;

import io.parley.schemas.FilterKeys;
import io.parley.schemas.delegation.AssessCondition;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.RecordAbsence;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.delegation.StateAttendance;
import io.parley.schemas.delegation.StateCondition;
import io.parley.schemas.delegation.WithdrawCondition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What filters match in the events that follow on a presence or a condition (rule 22). */
class FilterKeysTest {
  @Test
  void rule22_whoeverHeardOfAPartysManHearsOfHimWhenThePartyIsNotNamed() {
    var story = story().when(said()).thenKeys(actors("vladimir-putin")).recorded();
    story.when(said().party("ru")).thenKeys(actors("ru", "vladimir-putin")).recorded();
    story.when(said()).thenKeys(actors("ru", "vladimir-putin")).recorded();
    story
        .when(new CheckIn().person(PUTIN).scope("talks"))
        .thenKeys(actors("ru", "vladimir-putin"))
        .recorded();
    story
        .when(new RecordAbsence().person(PUTIN).scope("talks"))
        .thenKeys(actors("ru", "vladimir-putin"));
    story
        .when(new CheckIn().person(ZELENSKYY).scope("talks"))
        .thenKeys(actors("volodymyr-zelenskyy"));
  }

  @Test
  void rule22_aPartysUnnamedRepresentativesAreIts() {
    story().when(said().person(null).party("us")).thenKeys(actors("us"));
  }

  @Test
  void rule22_whatBecomesOfAConditionReachesWhoeverFollowsEitherOfTheTwo() {
    FilterKeys keys = actors("vladimir-putin", "volodymyr-zelenskyy").kinds(List.of("ONLY_IF"));
    var story =
        story()
            .when(condition().requires(new Requirement().person(PUTIN).scope("talks")))
            .recorded();
    story.when(new WithdrawCondition().condition("c")).thenKeys(keys);
    story
        .when(new AssessCondition().condition("c").result(Assessment.MET).reason("seen"))
        .thenKeys(keys)
        .recorded()
        .when(new WithdrawCondition().condition("c"))
        .thenKeys(keys);
    story()
        .when(condition().text("if the front is quiet"))
        .recorded()
        .when(new WithdrawCondition().condition("c"))
        .thenKeys(actors("volodymyr-zelenskyy").kinds(List.of("ONLY_IF")));
  }

  private static StateAttendance said() {
    return new StateAttendance().person(PUTIN).scope("talks").status(AttendanceStatus.UNCLEAR);
  }

  private static StateCondition condition() {
    return new StateCondition()
        .condition("c")
        .person(ZELENSKYY)
        .scope("talks")
        .kind(ConditionKind.ONLY_IF);
  }

  private static FilterKeys actors(String... ids) {
    return new FilterKeys().actors(List.of(ids));
  }
}
