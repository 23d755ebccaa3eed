package io.parley.projection.attendance.derivation;

import static io.parley.projection.attendance.derivation.Derived.EXPECTED;
import static io.parley.projection.attendance.derivation.Derived.NOT_EXPECTED;
import static io.parley.projection.attendance.derivation.Derived.UNDETERMINED;
import static io.parley.projection.attendance.derivation.Given.assumed;
import static io.parley.projection.attendance.derivation.Given.presence;
import static io.parley.schemas.delegation.Assessment.MET;
import static io.parley.schemas.delegation.Assessment.UNMET;
import static io.parley.schemas.delegation.AttendanceStatus.CONFIRMED;
import static io.parley.schemas.delegation.AttendanceStatus.DECLINED;
import static io.parley.schemas.delegation.AttendanceStatus.UNCLEAR;
import static io.parley.schemas.delegation.AttendanceStatus.WILLING;
import static io.parley.schemas.delegation.ConditionKind.IF;
import static io.parley.schemas.delegation.ConditionKind.IFF;
import static io.parley.schemas.delegation.ConditionKind.ONLY_IF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parley.projection.attendance.derivation.Fact.Assumed;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 8 to 16, each by the smallest record that shows it. */
class DerivationTest {
  private final Given given = new Given();

  @Test
  void rule8_willingnessIsNotConfirmation() {
    given.says("a@talks", WILLING).says("b@talks", UNCLEAR);
    assertThat(given.derived("a@talks")).isEqualTo(UNDETERMINED);
    assertThat(given.derived("b@talks")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule9_aStatementAlone() {
    given.says("a@talks", CONFIRMED).says("b@talks", DECLINED);
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    assertThat(given.derived("b@talks")).isEqualTo(NOT_EXPECTED);
    assertThat(given.derived("c@talks")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule9_onlyIfEntailsAbsenceAndNeverPresence() {
    given.condition("c", "a@talks", ONLY_IF, "b@talks");
    assertThat(given.derived("a@talks")).isEqualTo(UNDETERMINED);
    given.says("b@talks", CONFIRMED);
    assertThat(given.derived("a@talks")).isEqualTo(UNDETERMINED);
    Given declined =
        new Given().condition("c", "a@talks", ONLY_IF, "b@talks").says("b@talks", DECLINED);
    assertThat(declined.derived("a@talks")).isEqualTo(NOT_EXPECTED);
  }

  @Test
  void rule9_ifEntailsPresenceAndNeverAbsence() {
    given.condition("c", "a@talks", IF, "b@talks").says("b@talks", CONFIRMED);
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    Given declined = new Given().condition("c", "a@talks", IF, "b@talks").says("b@talks", DECLINED);
    assertThat(declined.derived("a@talks")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule9_iffEntailsBoth() {
    given.condition("c", "a@talks", IFF, "b@talks").says("b@talks", CONFIRMED);
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    Given declined =
        new Given().condition("c", "a@talks", IFF, "b@talks").says("b@talks", DECLINED);
    assertThat(declined.derived("a@talks")).isEqualTo(NOT_EXPECTED);
  }

  @Test
  void rule9_supportForBothSidesIsAConflictAndNothingFollowsFromIt() {
    given
        .says("kremlin", "b@talks", CONFIRMED)
        .says("report", "b@talks", DECLINED)
        .condition("c", "a@talks", ONLY_IF, "b@talks")
        .condition("d", "e@talks", IF, "b@talks")
        .says("a@talks", CONFIRMED);
    assertThat(given.outcome("b@talks").derived()).isEqualTo(UNDETERMINED);
    assertThat(given.outcome("b@talks").disputed()).isTrue();
    assertThat(given.because("b@talks")).containsExactlyInAnyOrder(1L, 2L);
    // Neither pessimistic nor optimistic of those who depend on it.
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    assertThat(given.derived("e@talks")).isEqualTo(UNDETERMINED);
    assertThat(Given.subjects(given.derivation().disputed())).containsExactly("b@talks");
  }

  @Test
  void rule9_aConditionThatSpeaksAgainstAStatementIsAConflict() {
    given
        .says("a@talks", CONFIRMED)
        .condition("c", "a@talks", ONLY_IF, "b@talks")
        .says("b@talks", DECLINED);
    assertThat(given.outcome("a@talks").derived()).isEqualTo(UNDETERMINED);
    assertThat(given.outcome("a@talks").disputed()).isTrue();
    assertThat(given.because("a@talks")).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void rule9_theActualLayerIsReadBeforeTheDerivedOne() {
    given.says("b@talks", DECLINED).condition("c", "a@talks", IFF, "b@talks").sees("b@talks", true);
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    assertThat(given.because("a@talks")).containsExactly(2L, 3L);
  }

  @Test
  void rule10_presenceGoesUp() {
    given.says("a@meeting:opening", CONFIRMED);
    for (String wide : List.of("venue:palace", "city:istanbul", "country:turkiye", "talks")) {
      assertThat(given.derived("a@" + wide)).as(wide).isEqualTo(EXPECTED);
      assertThat(given.because("a@" + wide)).as(wide).containsExactly(1L);
    }
    assertThat(given.derived("a@city:ankara")).isEqualTo(UNDETERMINED);
    assertThat(given.derived("a@meeting:dinner")).isEqualTo(UNDETERMINED);
    // Absence from a meeting says nothing of what contains it.
    Given absent = new Given().says("a@meeting:opening", DECLINED);
    assertThat(absent.derived("a@talks")).isEqualTo(UNDETERMINED);
    assertThat(absent.derived("a@city:istanbul")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule10_absenceGoesDown() {
    given.says("a@country:turkiye", DECLINED);
    for (String narrow :
        List.of("city:istanbul", "city:ankara", "venue:palace", "meeting:opening")) {
      assertThat(given.derived("a@" + narrow)).as(narrow).isEqualTo(NOT_EXPECTED);
    }
    Given there = new Given().says("a@country:turkiye", CONFIRMED);
    assertThat(there.derived("a@city:istanbul")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule10_theTalksAreNotThePlace() {
    given.says("a@talks", DECLINED);
    assertThat(given.derived("a@meeting:opening")).isEqualTo(NOT_EXPECTED);
    assertThat(given.derived("a@meeting:dinner")).isEqualTo(NOT_EXPECTED);
    assertThat(given.derived("a@city:istanbul")).isEqualTo(UNDETERMINED);
    Given there = new Given().says("a@talks", CONFIRMED);
    // Which of them, nobody said.
    assertThat(there.derived("a@meeting:opening")).isEqualTo(UNDETERMINED);
    assertThat(there.derived("a@country:turkiye")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule10_aConditionReadsWhatTheScopesEntail() {
    given
        .condition("c", "a@talks", ONLY_IF, "b@meeting:opening")
        .condition("d", "e@talks", IF, "f@city:istanbul")
        .says("b@country:turkiye", DECLINED)
        .says("f@meeting:opening", CONFIRMED);
    assertThat(given.derived("a@talks")).isEqualTo(NOT_EXPECTED);
    assertThat(given.because("a@talks")).containsExactly(1L, 3L);
    assertThat(given.derived("e@talks")).isEqualTo(EXPECTED);
    assertThat(given.because("e@talks")).containsExactly(2L, 4L);
  }

  @Test
  void rule10_atTheMeetingButNotInItsCountryIsAConflictOfBoth() {
    given
        .says("kremlin", "a@meeting:opening", CONFIRMED)
        .says("report", "a@country:turkiye", DECLINED);
    assertThat(Given.subjects(given.derivation().disputed()))
        .containsExactly("a@country:turkiye", "a@meeting:opening");
    assertThat(given.derived("a@meeting:opening")).isEqualTo(UNDETERMINED);
    assertThat(given.derived("a@country:turkiye")).isEqualTo(UNDETERMINED);
    assertThat(given.derived("a@city:istanbul")).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule11_whenBDeclinesAIsDerivedAnewAndFlipsBackWhenBReverses() {
    Given before =
        new Given()
            .says("a@talks", WILLING)
            .condition("c", "a@talks", IFF, "b@talks")
            .says("b@talks", CONFIRMED);
    Given declined =
        new Given()
            .says("a@talks", WILLING)
            .condition("c", "a@talks", IFF, "b@talks")
            .says("b@talks", DECLINED);
    assertThat(before.derived("a@talks")).isEqualTo(EXPECTED);
    assertThat(declined.derived("a@talks")).isEqualTo(NOT_EXPECTED);
    assertThat(declined.because("a@talks")).containsExactly(2L, 3L);
    assertThat(declined.derivation().stated(presence("a@talks")))
        .isEqualTo(before.derivation().stated(presence("a@talks")));
  }

  @Test
  void rule12_membersOfACycleStayUndetermined() {
    given
        .condition("1", "c@talks", ONLY_IF, "a@talks")
        .condition("2", "a@talks", IFF, "b@talks")
        .condition("3", "b@talks", IF, "c@meeting:opening")
        .condition("4", "d@talks", ONLY_IF, "a@talks");
    assertThat(given.derivation().cycles()).containsExactly(List.of("a", "b", "c"));
    for (String person : List.of("a", "b", "c", "d")) {
      assertThat(given.derived(person + "@talks")).isEqualTo(UNDETERMINED);
    }
  }

  @Test
  void rule12_anotherFactSettlesACycle() {
    given
        .condition("1", "a@talks", IFF, "b@talks")
        .condition("2", "b@talks", IFF, "a@talks")
        .says("b@talks", DECLINED);
    assertThat(given.derivation().cycles()).containsExactly(List.of("a", "b"));
    assertThat(given.derived("a@talks")).isEqualTo(NOT_EXPECTED);
    assertThat(given.derived("b@talks")).isEqualTo(NOT_EXPECTED);
    assertThat(given.because("b@talks")).containsExactly(3L);
    assertThat(given.because("a@talks")).containsExactly(1L, 3L);
  }

  @Test
  void rule12_aCircleIsOneOnlyWhereEachConditionBearsOnTheNext() {
    given
        .condition("1", "a@city:istanbul", ONLY_IF, "b@city:istanbul")
        .condition("2", "b@city:ankara", ONLY_IF, "a@city:istanbul");
    assertThat(given.derivation().cycles()).isEmpty();
  }

  @Test
  void rule13_aRequirementOnSomebodyUnheardOfIsUndetermined() {
    given.condition("c", "a@talks", IFF, "nobody@talks");
    assertThat(given.derived("a@talks")).isEqualTo(UNDETERMINED);
    assertThat(given.derived("nobody@talks")).isEqualTo(UNDETERMINED);
    assertThat(given.because("a@talks")).containsExactly(1L);
  }

  @Test
  void rule14_anAssessmentSettlesWhatTheGraphCannot() {
    given.text("t", "a@talks", IF, "the truce holds");
    assertThat(given.derived("a@talks")).isEqualTo(UNDETERMINED);
    given.assess("t", MET);
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    assertThat(given.because("a@talks")).containsExactly(1L, 2L);
    Given unmet = new Given().condition("c", "a@talks", ONLY_IF, "b@talks").assess("c", UNMET);
    assertThat(unmet.derived("a@talks")).isEqualTo(NOT_EXPECTED);
    assertThat(unmet.because("a@talks")).containsExactly(1L, 2L);
    // Met proves nothing of an ONLY_IF.
    assertThat(
            new Given()
                .condition("c", "a@talks", ONLY_IF, "b@talks")
                .assess("c", MET)
                .derived("a@talks"))
        .isEqualTo(UNDETERMINED);
  }

  @Test
  void rule14_whatTheGraphSettlesNoAssessmentUnsettles() {
    given.condition("c", "a@talks", IFF, "b@talks").assess("c", UNMET).says("b@talks", CONFIRMED);
    assertThat(given.derived("a@talks")).isEqualTo(EXPECTED);
    assertThat(given.because("a@talks")).containsExactly(1L, 3L);
  }

  @Test
  void rule14_theChainGoesBackToWhatWasSaid() {
    given.says("p0@talks", DECLINED);
    for (int i = 1; i < 5; i++) {
      given.condition("c" + i, "p" + i + "@talks", ONLY_IF, "p" + (i - 1) + "@talks");
    }
    assertThat(given.because("p4@talks")).containsExactly(5L, 4L, 3L, 2L, 1L);
  }

  @Test
  void rule14_aLongChainIsCutAndSaysSo() {
    given.says("p0@talks", DECLINED);
    for (int i = 1; i < 20_000; i++) {
      given.condition("c" + i, "p" + i + "@talks", ONLY_IF, "p" + (i - 1) + "@talks");
    }
    Outcome last = given.outcome("p19999@talks");
    assertThat(last.derived()).isEqualTo(NOT_EXPECTED);
    assertThat(last.because()).hasSize(Derivation.MOST_TOLD);
    assertThat(last.cut()).isTrue();
  }

  @Test
  void rule14_whatIsUndeterminedTellsWhatBearsOnIt() {
    given
        .says("a@city:istanbul", WILLING)
        .condition("c", "a@city:istanbul", ONLY_IF, "b@city:istanbul")
        .says("b@talks", DECLINED);
    assertThat(given.because("a@city:istanbul")).containsExactly(1L, 2L);
  }

  @Test
  void rule15_actualStandsBesideDerivedAndStated() {
    given.says("a@talks", DECLINED).sees("a@meeting:opening", true);
    Outcome outcome = given.outcome("a@talks");
    assertThat(outcome.derived()).isEqualTo(NOT_EXPECTED);
    assertThat(outcome.actual()).isNotNull();
    assertThat(given.derivation().stated(presence("a@talks"))).hasSize(1);
    assertThat(given.because("a@talks")).containsExactly(1L, 2L);
    assertThat(given.outcome("a@country:turkiye").actual()).isNotNull();
    assertThat(given.outcome("a@meeting:dinner").actual()).isNull();
    // Seen to be gone from the country, later: so from the meeting in it.
    given.sees("a@country:turkiye", false);
    assertThat(given.outcome("a@meeting:opening").actual())
        .extracting(Fact.Observed::present)
        .isEqualTo(false);
  }

  @Test
  void rule16_whatIfTakesThePlaceOfWhatIsKnown() {
    given
        .says("a@talks", DECLINED)
        .condition("c", "b@talks", IFF, "a@talks")
        .sees("a@talks", false);
    Derivation whatIf = given.derivation().assuming(List.of(assumed("a@meeting:opening", true)));
    assertThat(whatIf.derived(presence("b@talks"))).isEqualTo(EXPECTED);
    assertThat(whatIf.derived(presence("a@talks"))).isEqualTo(EXPECTED);
    assertThat(whatIf.at(presence("b@talks")).because())
        .extracting(Fact::type)
        .containsExactly("ConditionStated", "Assumed");
    // Nothing of it stays.
    assertThat(given.derived("b@talks")).isEqualTo(NOT_EXPECTED);
  }

  @Test
  void rule16_onlyIfTrueProvesNothing() {
    given
        .says("a@city:istanbul", WILLING)
        .condition("c", "a@city:istanbul", ONLY_IF, "b@city:istanbul")
        .assess("c", UNMET);
    assertThat(given.derived("a@city:istanbul")).isEqualTo(NOT_EXPECTED);
    Derivation whatIf = given.derivation().assuming(List.of(assumed("b@city:istanbul", true)));
    assertThat(whatIf.derived(presence("a@city:istanbul"))).isEqualTo(UNDETERMINED);
  }

  @Test
  void rule16_sixteenFactsAtMostAndNoneAgainstAnother() {
    Derivation derivation = given.derivation();
    List<Assumed> sixteen = Collections.nCopies(16, assumed("a@talks", true));
    assertThat(derivation.assuming(sixteen).derived(presence("a@talks"))).isEqualTo(EXPECTED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> derivation.assuming(Collections.nCopies(17, assumed("a@talks", true))))
        .withMessageContaining("16");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                derivation.assuming(
                    List.of(assumed("a@meeting:opening", true), assumed("a@talks", false))));
  }

  @Test
  void dependentsAreDirectOrThroughOthers() {
    given
        .condition("1", "b@talks", ONLY_IF, "a@talks")
        .condition("2", "c@talks", IF, "b@meeting:opening")
        .condition("3", "d@talks", IF, "c@talks")
        .condition("4", "d@city:ankara", IF, "a@talks")
        .condition("5", "e@talks", IF, "d@city:istanbul")
        .condition("6", "a@talks", IF, "d@talks")
        .text("7", "f@talks", IF, "the truce holds");
    assertThat(given.derivation().dependents("a"))
        .containsExactly(
            new Dependent(presence("b@talks"), true, List.of()),
            new Dependent(presence("c@talks"), false, List.of("b")),
            new Dependent(presence("d@city:ankara"), true, List.of()),
            new Dependent(presence("d@talks"), false, List.of("b", "c")));
    assertThat(given.derivation().dependents("f")).isEmpty();
  }

  @Test
  void rule19_whoComesToAMeetingIsWhoIsExpectedInAScopeThatContainsIt() {
    given
        .says("a@country:turkiye", CONFIRMED)
        .says("b@city:ankara", CONFIRMED)
        .says("c@talks", WILLING)
        .says("d@venue:palace", CONFIRMED)
        .says("x", "e@talks", CONFIRMED)
        .says("y", "e@talks", DECLINED)
        .says("party:us@country:turkiye", CONFIRMED);
    assertThat(Given.subjects(given.derivation().coming("meeting:opening")))
        .containsExactly("a@country:turkiye", "b@country:turkiye", "d@venue:palace", "e@talks");
  }
}
