package io.parley.projection.conflicts;

import static io.parley.schemas.delegation.AttendanceStatus.CONFIRMED;
import static io.parley.schemas.delegation.AttendanceStatus.DECLINED;
import static io.parley.schemas.delegation.AttendanceStatus.UNCLEAR;
import static io.parley.schemas.delegation.AttendanceStatus.WILLING;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.announcements.AnnouncementItem.Status;
import io.parley.projection.names.Naming;
import io.parley.projection.projector.Bodies;
import io.parley.projection.schedule.Exclusion;
import io.parley.projection.schedule.Meeting;
import io.parley.schemas.delegation.ConditionKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What conflicts by the rules, and what does not; given a record, as of one moment. */
class ConflictsTest {
  private static final String ISTANBUL = "Europe/Istanbul";
  private final Given given = new Given();

  @Test
  void rule19_aStayThatSurelyCoversAMeetingElsewhereIsHard() {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:ankara", "2025-05-14", "2025-05-16")
        .meeting("opening", "city:istanbul", "2025-05-15", "a", "b", "ru");
    assertThat(given.conflicts())
        .containsExactly("HARD OVERLAP person:a meeting:opening stay:visit");
    assertThat(given.findings().getFirst().explanation().with(Map.of()))
        .isEqualTo(
            "a is in ankara from 2025-05-14 until 2025-05-16 and at the same time"
                + " is to be at 'The opening' in istanbul on 2025-05-15");
  }

  @Test
  void rule19_aStayThatEndsOnTheDayOfAMeetingElsewhereIsPossible() {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:ankara", null, "2025-05-15")
        .meeting("opening", "city:istanbul", "2025-05-15", "a");
    assertThat(given.conflicts())
        .containsExactly("POSSIBLE OVERLAP person:a meeting:opening stay:visit");
  }

  @ParameterizedTest
  @CsvSource({
    // The day before, hours and all.
    "2025-05-12, 2025-05-14, NEVER",
    "2025-05-12, 2025-05-15, POSSIBLE",
    // The morning of the day is not the whole of it.
    "2025-05-12, 2025-05-15T12:00, POSSIBLE",
    "2025-05-14, 2025-05-15T23:59:59, POSSIBLE",
    "2025-05-14, 2025-05-16, HARD",
    "2025-05-15, 2025-05-16, POSSIBLE",
    "2025-05-14~, 2025-05-16, POSSIBLE",
    "2025-05-10, 2025-05, POSSIBLE",
    "2025-05-16, 2025-05-18, NEVER",
  })
  void rule19_isAsCertainAsTheTimesAre(String from, String to, String severity) {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:ankara", from, to)
        .meeting("opening", "city:istanbul", "2025-05-15", "a");
    List<String> conflicts = given.conflicts();
    if (severity.equals("NEVER")) {
      assertThat(conflicts).isEmpty();
    } else {
      assertThat(conflicts)
          .containsExactly(severity + " OVERLAP person:a meeting:opening stay:visit");
    }
  }

  @Test
  void rule19_withNoZonesNeighbouringDaysAtTwoPlacesMayOverlap() {
    given
        .stay("visit", "a", "country:uae", null, "2025-05-14")
        .meeting("opening", "city:istanbul", "2025-05-15", "a");
    assertThat(given.conflicts())
        .containsExactly("POSSIBLE OVERLAP person:a meeting:opening stay:visit");
  }

  @Test
  void rule19_placesOfWhichOneContainsTheOtherExcludeNothing() {
    given
        .zone(ISTANBUL)
        .stay("tour", "a", "country:turkiye", "2025-05-14", "2025-05-16")
        .stay("city", "a", "city:istanbul", "2025-05-14", "2025-05-16")
        .meeting("opening", "city:istanbul", "2025-05-15", "a")
        .meeting("lunch", "venue:palace", "2025-05-15T13:00", "a");
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule19_twoVenuesOfOneCityExcludeEachOther() {
    given
        .zone(ISTANBUL)
        .stay("hotel", "a", "venue:hotel", "2025-05-14", "2025-05-16")
        .meeting("lunch", "venue:palace", "2025-05-15T13:00", "a");
    assertThat(given.conflicts()).containsExactly("HARD OVERLAP person:a meeting:lunch stay:hotel");
  }

  @Test
  void rule19_whereAPlaceLiesIsNotGuessed() {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:atlantis", "2025-05-14", "2025-05-16")
        .stay("tour", "a", "country:turkiye", "2025-05-14", "2025-05-16");
    // Nobody has said whether Atlantis is in Türkiye.
    assertThat(given.conflicts()).containsExactly("POSSIBLE OVERLAP person:a stay:tour stay:visit");
  }

  @Test
  void rule19_twoMeetingsOnOneDayMayBeOneAfterTheOther() {
    given
        .zone(ISTANBUL)
        .meeting("opening", "city:istanbul", "2025-05-15", "a", "ru")
        .meeting("dinner", "city:ankara", "2025-05-15", "a", "ru");
    // Nobody is in two places for being of a party that is.
    assertThat(given.conflicts())
        .containsExactly("POSSIBLE OVERLAP person:a meeting:dinner meeting:opening");
    Given exact =
        new Given()
            .zone(ISTANBUL)
            .meeting("opening", "city:istanbul", "2025-05-15T19:00", "a")
            .meeting("dinner", "city:ankara", "2025-05-15T19:00", "a");
    assertThat(exact.conflicts())
        .containsExactly("HARD OVERLAP person:a meeting:dinner meeting:opening");
  }

  @Test
  void rule19_whoIsWillingToComeWhileElsewhereConflictsPossibly() {
    given
        .stay("trip", "trump", "country:uae", null, "2025-05-15")
        .says("trump@city:istanbul", WILLING)
        .meeting("opening", "city:istanbul", "2025-05-15", "ru", "ua");
    assertThat(given.conflicts())
        .containsExactly("POSSIBLE OVERLAP person:trump meeting:opening stay:trip");
    // Willingness is never certain, however certain the times are (rule 8).
    Given certain =
        new Given()
            .zone(ISTANBUL)
            .stay("trip", "trump", "country:uae", "2025-05-14", "2025-05-16")
            .says("trump@city:istanbul", WILLING)
            .meeting("opening", "city:istanbul", "2025-05-15");
    assertThat(certain.conflicts())
        .containsExactly("POSSIBLE OVERLAP person:trump meeting:opening stay:trip");
  }

  @Test
  void rule19_whoIsNotExpectedConflictsWithNothing() {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:ankara", "2025-05-14", "2025-05-16")
        .says("a@talks", DECLINED)
        .says("x", "a@city:istanbul", WILLING)
        .meeting("opening", "city:istanbul", "2025-05-15", "a");
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule19_whoWasSeenToBeAbsentWasElsewhere() {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:ankara", "2025-05-14", "2025-05-16")
        .sees("a@meeting:opening", false)
        .meeting("opening", "city:istanbul", "2025-05-15", "a");
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule19_whatIsPostponedOrCancelledOrUndatedIsAtNoTime() {
    for (Meeting.Status status : List.of(Meeting.Status.CANCELLED, Meeting.Status.POSTPONED)) {
      Given gone =
          new Given()
              .zone(ISTANBUL)
              .stay("visit", "a", "city:ankara", "2025-05-14", "2025-05-16")
              .says("a@talks", CONFIRMED)
              .leg("flight", "a", "city:istanbul", "2025-05-17")
              .meeting("opening", "city:istanbul", "2025-05-15", status, List.of(), "a");
      assertThat(gone.conflicts()).as("%s", status).isEmpty();
    }
    given
        .stay("visit", "a", "city:ankara", "2025-05-14", "2025-05-16")
        .meeting("opening", "city:istanbul", null, "a");
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule19_aJourneyFromAPlaceEndsAStayThere() {
    given
        .zone(ISTANBUL)
        .stay("visit", "a", "city:ankara", null, "2025-05-15")
        .leg("flight", "a", "city:ankara", "city:istanbul", "2025-05-15", "SCHEDULED");
    assertThat(given.conflicts()).isEmpty();
    Given elsewhere =
        new Given()
            .zone(ISTANBUL)
            .stay("visit", "a", "city:ankara", null, "2025-05-15")
            .leg("flight", "a", "city:istanbul", "2025-05-15");
    assertThat(elsewhere.conflicts())
        .containsExactly("POSSIBLE OVERLAP person:a leg:flight stay:visit");
  }

  @ParameterizedTest
  @CsvSource({"one, two", "two, one"})
  void rule19_ofJourneysOfTheSameHourTheSameOneIsToldInWhateverOrderTheyAreRead(
      String first, String second) {
    given
        .meeting("opening", "city:istanbul", "2025-05-15", "ru", "ua")
        .says("rubio@country:turkiye", CONFIRMED)
        .leg(first, "rubio", "city:istanbul", "2025-05-16")
        .leg(second, "rubio", "city:istanbul", "2025-05-16");
    assertThat(given.conflicts()).containsExactly("LATE LATE person:rubio meeting:opening leg:one");
  }

  @Test
  void rule19_whoComesAndArrivesAfterTheStartIsLate() {
    given
        .meeting("opening", "city:istanbul", "2025-05-15", "ru", "ua")
        .says("rubio@country:turkiye", CONFIRMED)
        .says("vance@country:turkiye", UNCLEAR)
        .leg("rubio-flight", "rubio", "city:istanbul", "2025-05-16")
        .leg("vance-flight", "vance", "city:istanbul", "2025-05-16");
    assertThat(given.conflicts())
        .containsExactly("LATE LATE person:rubio meeting:opening leg:rubio-flight");
    Finding late = given.findings().getFirst();
    assertThat(
            late.explanation()
                .with(Map.of("rubio", new Naming("rubio", "Marco Rubio", null, List.of()))))
        .isEqualTo(
            "Marco Rubio arrives in istanbul on 2025-05-16, after the start of 'The opening' in"
                + " istanbul on 2025-05-15");
    assertThat(late.because()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-05-14, false",
    "2025-05-15, false",
    "2025-05-16, true",
    "2025-05-15/2025-05-16, false",
    "2025-05, false",
    "2025-06, true",
    "2025-05-16~, false",
  })
  void rule19_lateIsToldOnlyWhereItIsCertain(String arrive, boolean late) {
    given
        .meeting("opening", "city:istanbul", "2025-05-15")
        .says("a@talks", CONFIRMED)
        .leg("flight", "a", "city:istanbul", arrive);
    assertThat(given.conflicts())
        .isEqualTo(late ? List.of("LATE LATE person:a meeting:opening leg:flight") : List.of());
  }

  @Test
  void rule19_anArrivalInAZoneIsOnACivilDayThere() {
    // The meeting has a zone and the leg none: both are at one place.
    given
        .zone(ISTANBUL)
        .meeting("opening", "city:istanbul", "2025-05-15")
        .says("a@talks", CONFIRMED);
    given.leg("flight", "a", "city:istanbul", "2025-05-16");
    assertThat(given.conflicts()).hasSize(1);
    Given without = new Given().zone(ISTANBUL).meeting("opening", "city:istanbul", "2025-05-15");
    without.says("a@talks", CONFIRMED).legWithoutZone("flight", "a", "city:istanbul", "2025-05-16");
    assertThat(without.conflicts())
        .containsExactly("LATE LATE person:a meeting:opening leg:flight");
  }

  @Test
  void rule19_whoIsThereBeforeIsNotLate() {
    given
        .zone(ISTANBUL)
        .meeting("opening", "city:istanbul", "2025-05-15")
        .says("a@talks", CONFIRMED)
        .leg("first", "a", "city:istanbul", "2025-05-13")
        .leg("second", "a", "city:istanbul", "2025-05-17");
    assertThat(given.conflicts()).isEmpty();
    // Unless they have left again.
    given.leg("away", "a", "city:istanbul", "city:abu-dhabi", "2025-05-14T10:00", "SCHEDULED");
    assertThat(given.conflicts()).containsExactly("LATE LATE person:a meeting:opening leg:second");
    given.stay("back", "a", "city:istanbul", "2025-05-14T20:00", null);
    assertThat(given.conflicts()).noneMatch(each -> each.startsWith("LATE"));
  }

  @Test
  void rule19_aCancelledJourneyMakesNobodyLate() {
    given
        .meeting("opening", "city:istanbul", "2025-05-15")
        .says("a@talks", CONFIRMED)
        .leg("flight", "a", null, "city:istanbul", "2025-05-16", "CANCELLED");
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule20_anExclusionAloneIsNoConflict() {
    given
        .leg("flight", "a", "city:istanbul", "2025-05-16", new Exclusion("arrive", "2025-05-15"))
        .leg("drive", "b", "city:ankara", null, new Exclusion("to", "istanbul"))
        .meeting(
            "opening",
            "city:istanbul",
            "2025-05-15",
            Meeting.Status.SCHEDULED,
            List.of(new Exclusion("start", "2025-05-14"), new Exclusion("place", "ankara")));
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule20_anExclusionConflictsWhereTheExcludedValueIsAlsoHeld() {
    given
        .leg("flight", "a", "city:istanbul", "2025-05-15", new Exclusion("arrive", "2025-05-15"))
        .leg("hours", "b", "city:istanbul", "2025-05-15T10:00", new Exclusion("arrive", "2025-05"))
        .leg("drive", "c", "venue:palace", null, new Exclusion("to", "istanbul"))
        .meeting(
            "opening",
            "city:istanbul",
            "2025-05-15",
            Meeting.Status.SCHEDULED,
            List.of(new Exclusion("start", "2025-05-15"), new Exclusion("place", "turkiye")));
    assertThat(given.conflicts())
        .containsExactly(
            "POSSIBLE EXCLUSION leg:drive",
            "POSSIBLE EXCLUSION leg:flight",
            "POSSIBLE EXCLUSION leg:hours",
            "POSSIBLE EXCLUSION meeting:opening",
            "POSSIBLE EXCLUSION meeting:opening");
    assertThat(given.findings()).allMatch(each -> each.because().size() == 2);
  }

  @Test
  void rule20_aStartThatIsPostponedIsHeldNoMore() {
    given.meeting(
        "opening",
        "city:istanbul",
        "2025-05-15",
        Meeting.Status.POSTPONED,
        List.of(new Exclusion("start", "2025-05-15")));
    assertThat(given.conflicts()).isEmpty();
  }

  @Test
  void rule28_whatOneSourceExcludesAndAnotherHoldsIsShownSideBySide() {
    given
        .leg("flight", "a", "city:istanbul", "2025-05-16", new Exclusion("arrive", "2025-05-15"))
        .leg("other-flight", "a", "city:istanbul", "2025-05-15");
    assertThat(given.conflicts()).containsExactly("POSSIBLE SOURCES leg:flight leg:other-flight");
  }

  @Test
  void rule28_aContestedClaimConflictsUntilOneSideIsRanked() {
    given
        .claim("framing", "NORMAL", true)
        .claim("settled", "PREFERRED", true)
        .claim("dropped", "DEPRECATED", true)
        .claim("plain", "NORMAL", false);
    assertThat(given.conflicts()).containsExactly("POSSIBLE SOURCES claim:framing");
  }

  @Test
  void rule28_aClaimIsReadAsTheContractShapesIt() {
    Situation.Claimed claim =
        Bodies.JSON.readValue(
            """
            {"claim":"c","kind":"FRAMING","text":"So","about":["announcement:x"],"rank":"NORMAL",
             "corroboratedBy":[],"contestedBy":[{"by":{"id":"news","name":null,"office":null},
             "text":"No","said":null,"sequence":7,"source":null}],"sequence":7,"version":2,
             "source":null,"contested":true,"~origin":{"id":null,"name":"x"}}
            """,
            Situation.Claimed.class);
    assertThat(claim.rank()).isEqualTo("NORMAL");
    assertThat(claim.contestedBy()).hasSize(1);
    assertThat(claim.about()).containsExactly("announcement:x");
  }

  @Test
  void rule9_supportForBothSidesIsAConflict() {
    given
        .says("x", "a@talks", CONFIRMED)
        .says("y", "a@talks", DECLINED)
        .says("x", "party:us@talks", CONFIRMED)
        .says("y", "party:us@talks", DECLINED);
    assertThat(given.conflicts())
        .containsExactly(
            "POSSIBLE ATTENDANCE party:us talks", "POSSIBLE ATTENDANCE person:a talks");
    assertThat(given.findings().getLast().because()).hasSize(2);
  }

  @Test
  void rule12_aCircleOfConditionsIsReported() {
    given
        .condition("1", "a@talks", ConditionKind.ONLY_IF, "b@talks")
        .condition("2", "b@talks", ConditionKind.ONLY_IF, "a@talks")
        .condition("3", "c@talks", ConditionKind.ONLY_IF, "a@talks");
    assertThat(given.conflicts()).containsExactly("POSSIBLE CYCLE person:a person:b");
    assertThat(given.findings().getFirst().because()).hasSize(2);
  }

  @Test
  void rule22_whatRestsOnARetractedAnnouncementIsFlagged() {
    given
        .announcement("decree", Status.RETRACTED, null)
        .announcement("reply", Status.PUBLISHED, "decree")
        .announcement("note", Status.CORRECTED, null, "announcement:decree", "person:a")
        .announcement("other", Status.PUBLISHED, "note")
        .announcement("gone", Status.RETRACTED, "decree")
        .claim("claim", "NORMAL", false, "announcement:decree")
        .delegation("ru", "decree", true)
        .delegation("ua", "note", true)
        // What is not published does not exist for others (rule 31).
        .delegation("us", "decree", false);
    assertThat(given.conflicts())
        .containsExactly(
            "POSSIBLE BASIS_WITHDRAWN announcement:note announcement:decree",
            "POSSIBLE BASIS_WITHDRAWN announcement:reply announcement:decree",
            "POSSIBLE BASIS_WITHDRAWN claim:claim announcement:decree",
            "POSSIBLE BASIS_WITHDRAWN delegation:ru announcement:decree");
  }

  @Test
  void theSurestConflictsComeFirst() {
    given
        .zone(ISTANBUL)
        .meeting("opening", "city:istanbul", "2025-05-15", "a")
        .stay("visit", "a", "city:ankara", "2025-05-14", "2025-05-16")
        .says("b@talks", CONFIRMED)
        .leg("flight", "b", "city:istanbul", "2025-05-16")
        .claim("claim", "NORMAL", true);
    assertThat(given.findings())
        .extracting(Finding::severity)
        .containsExactly(
            Conflict.Severity.HARD, Conflict.Severity.LATE, Conflict.Severity.POSSIBLE);
  }
}
