package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.PUTIN;
import static io.parley.delegation.domain.Facts.ZELENSKYY;
import static io.parley.delegation.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.Person;
import io.parley.schemas.delegation.AssessCondition;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.ConditionAssessed;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.ConditionWithdrawn;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.delegation.StateCondition;
import io.parley.schemas.delegation.WithdrawCondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionDeciderTest {
  private static final ConditionStated ON_PUTIN =
      new ConditionStated()
          .condition("zelenskyy-putin")
          .person(ZELENSKYY)
          .scope("talks")
          .kind(ConditionKind.ONLY_IF)
          .requires(presence(PUTIN, "talks"));

  @ParameterizedTest
  @EnumSource(names = {"ONLY_IF", "IF", "IFF"})
  void rule9_aConditionRestsOnAPresence(ConditionKind kind) {
    story()
        .when(condition().kind(kind).requires(presence(PUTIN, "talks")))
        .then(
            new ConditionStated()
                .condition("zelenskyy-putin")
                .person(ZELENSKYY)
                .scope("talks")
                .kind(kind)
                .requires(presence(PUTIN, "talks")));
  }

  @Test
  void rule9_aConditionRestsOnAText() {
    story()
        .when(condition().text("if the front is quiet"))
        .then(
            new ConditionStated()
                .condition("zelenskyy-putin")
                .person(ZELENSKYY)
                .scope("talks")
                .kind(ConditionKind.ONLY_IF)
                .text("if the front is quiet"));
  }

  @Test
  void rule9_aConditionRestsOnOneOfTheTwo() {
    var story = story();
    story.when(condition()).thenRejected("REQUIRES_OR_TEXT", 9, "zelenskyy-putin");
    story
        .when(condition().text("if the front is quiet").requires(presence(PUTIN, "talks")))
        .thenRejected("REQUIRES_OR_TEXT", 9, "zelenskyy-putin");
  }

  @Test
  void rule12_aConditionOnOneselfIsRefused() {
    story()
        .when(condition().requires(presence(ZELENSKYY, "talks")))
        .thenRejected("CONDITION_ON_ONESELF", 12, "volodymyr-zelenskyy");
  }

  @Test
  void rule12_aConditionOnOneselfElsewhereIsRefusedToo() {
    story()
        .when(condition().requires(presence(new Person().id("volodymyr-zelenskyy"), "city:ankara")))
        .thenRejected("CONDITION_ON_ONESELF", 12, "volodymyr-zelenskyy");
  }

  @Test
  void rule12_aCycleIsTaken() {
    story()
        .given(ON_PUTIN)
        .when(
            new StateCondition()
                .condition("putin-zelenskyy")
                .person(PUTIN)
                .scope("talks")
                .kind(ConditionKind.ONLY_IF)
                .requires(presence(ZELENSKYY, "talks")))
        .then(
            new ConditionStated()
                .condition("putin-zelenskyy")
                .person(PUTIN)
                .scope("talks")
                .kind(ConditionKind.ONLY_IF)
                .requires(presence(ZELENSKYY, "talks")));
  }

  @Test
  void rule13_aConditionOnSomebodyNobodyHasHeardOfIsTaken() {
    Requirement requires = presence(new Person().id("who-is-this"), "talks");
    story()
        .when(condition().requires(requires))
        .then(
            new ConditionStated()
                .condition("zelenskyy-putin")
                .person(ZELENSKYY)
                .scope("talks")
                .kind(ConditionKind.ONLY_IF)
                .requires(requires));
  }

  @Test
  void aMeetingThatIsNotKnownIsNotFound() {
    var story = story();
    story
        .when(condition().scope("meeting:closing").requires(presence(PUTIN, "talks")))
        .thenUnknown("MEETING_NOT_FOUND", "closing");
    story
        .when(condition().requires(presence(PUTIN, "meeting:closing")))
        .thenUnknown("MEETING_NOT_FOUND", "closing");
  }

  @Test
  void aConditionIsStatedOnce() {
    story()
        .given(ON_PUTIN)
        .when(condition().text("anything"))
        .thenRejected("CONDITION_EXISTS", 26, "zelenskyy-putin");
    story()
        .given(ON_PUTIN, new ConditionWithdrawn().condition("zelenskyy-putin"))
        .when(condition().text("anything"))
        .thenRejected("CONDITION_EXISTS", 26, "zelenskyy-putin");
  }

  @Test
  void rule14_anEditorSettlesACondition() {
    story()
        .given(ON_PUTIN)
        .when(assess(Assessment.UNMET, "no flight"))
        .then(assessed(Assessment.UNMET, "no flight"));
  }

  @Test
  void rule14_theSameAssessmentForTheSameReasonChangesNothing() {
    story()
        .given(ON_PUTIN, assessed(Assessment.UNMET, "no flight"))
        .when(assess(Assessment.UNMET, "no flight"))
        .thenUnchanged();
  }

  @Test
  void rule14_anotherResultOrAnotherReasonIsRecorded() {
    var story = story().given(ON_PUTIN, assessed(Assessment.UNMET, "no flight"));
    story.when(assess(Assessment.MET, "no flight")).then(assessed(Assessment.MET, "no flight"));
    story
        .when(assess(Assessment.UNMET, "he said so"))
        .then(assessed(Assessment.UNMET, "he said so"));
  }

  @Test
  void rule14_aWithdrawnConditionIsNotAssessed() {
    story()
        .given(ON_PUTIN, new ConditionWithdrawn().condition("zelenskyy-putin"))
        .when(assess(Assessment.MET, "he came"))
        .thenRejected("CONDITION_WITHDRAWN", 14, "zelenskyy-putin");
  }

  @Test
  void aConditionIsWithdrawnOnce() {
    story()
        .given(ON_PUTIN)
        .when(new WithdrawCondition().condition("zelenskyy-putin"))
        .then(new ConditionWithdrawn().condition("zelenskyy-putin"))
        .recorded()
        .when(new WithdrawCondition().condition("zelenskyy-putin"))
        .thenRejected("CONDITION_WITHDRAWN", 14, "zelenskyy-putin");
  }

  @Test
  void aConditionThatNobodyStatedIsNotFound() {
    var story = story();
    story
        .when(new WithdrawCondition().condition("zelenskyy-putin"))
        .thenUnknown("CONDITION_NOT_FOUND", "zelenskyy-putin");
    story
        .when(assess(Assessment.MET, "he came"))
        .thenUnknown("CONDITION_NOT_FOUND", "zelenskyy-putin");
  }

  @Test
  void anEventThatIsImpossibleStopsTheFold() {
    assertThatIllegalStateException()
        .isThrownBy(() -> story().given(assessed(Assessment.MET, "he came")));
    assertThatIllegalStateException().isThrownBy(() -> story().given(ON_PUTIN, ON_PUTIN));
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                story()
                    .given(
                        ON_PUTIN,
                        new ConditionWithdrawn().condition("zelenskyy-putin"),
                        assessed(Assessment.MET, "he came")));
  }

  private static StateCondition condition() {
    return new StateCondition()
        .condition("zelenskyy-putin")
        .person(ZELENSKYY)
        .scope("talks")
        .kind(ConditionKind.ONLY_IF);
  }

  private static Requirement presence(Person person, String scope) {
    return new Requirement().person(person).scope(scope);
  }

  private static AssessCondition assess(Assessment result, String reason) {
    return new AssessCondition().condition("zelenskyy-putin").result(result).reason(reason);
  }

  private static ConditionAssessed assessed(Assessment result, String reason) {
    return new ConditionAssessed().condition("zelenskyy-putin").result(result).reason(reason);
  }
}
