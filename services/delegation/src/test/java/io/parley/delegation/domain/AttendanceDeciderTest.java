package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.PUTIN;
import static io.parley.delegation.domain.Facts.ZELENSKYY;
import static io.parley.delegation.domain.Facts.story;

import io.parley.schemas.Person;
import io.parley.schemas.delegation.AbsenceRecorded;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.PersonCheckedIn;
import io.parley.schemas.delegation.RecordAbsence;
import io.parley.schemas.delegation.StateAttendance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttendanceDeciderTest {

  @ParameterizedTest
  @EnumSource(names = {"CONFIRMED", "DECLINED", "UNCLEAR", "WILLING"})
  void rule8_whatWasSaidIsRecordedAsItWasSaid(AttendanceStatus status) {
    story()
        .when(new StateAttendance().person(PUTIN).scope("talks").status(status))
        .then(new AttendanceStated().person(PUTIN).scope("talks").status(status));
  }

  @Test
  void rule8_thePartyOfThePersonComesAlong() {
    story()
        .when(confirmed().person(PUTIN).party("ru"))
        .then(
            new AttendanceStated()
                .person(PUTIN)
                .party("ru")
                .scope("talks")
                .status(AttendanceStatus.CONFIRMED));
  }

  @Test
  void rule8_thePresenceOfUnnamedRepresentativesIsStatedForTheirParty() {
    story()
        .when(confirmed().party("us"))
        .then(new AttendanceStated().party("us").scope("talks").status(AttendanceStatus.CONFIRMED));
  }

  @Test
  void rule8_aStatementThatRepeatsTheLastIsAnEventToo() {
    var stated =
        new AttendanceStated().person(PUTIN).scope("talks").status(AttendanceStatus.CONFIRMED);
    story().when(confirmed().person(PUTIN)).recorded().when(confirmed().person(PUTIN)).then(stated);
    story()
        .when(confirmed().party("us"))
        .recorded()
        .when(confirmed().party("us"))
        .then(new AttendanceStated().party("us").scope("talks").status(AttendanceStatus.CONFIRMED));
  }

  @Test
  void rule8_aStatementNeedsAPersonOrAParty() {
    story().when(confirmed()).thenRejected("PERSON_OR_PARTY_NEEDED", 8, "person", "party");
  }

  @Test
  void rule15_presenceAndAbsenceAreRecorded() {
    story()
        .when(new CheckIn().person(PUTIN).scope("meeting:opening"))
        .then(new PersonCheckedIn().person(PUTIN).scope("meeting:opening"))
        .recorded()
        .when(new RecordAbsence().person(PUTIN).scope("meeting:opening"))
        .then(new AbsenceRecorded().person(PUTIN).scope("meeting:opening"));
  }

  @Test
  void rule15_theSameObservationAgainChangesNothing() {
    story()
        .when(new CheckIn().person(PUTIN).scope("city:istanbul"))
        .recorded()
        .when(new CheckIn().person(PUTIN).scope("city:istanbul"))
        .thenUnchanged()
        .when(new CheckIn().person(PUTIN).scope("country:tr"))
        .then(new PersonCheckedIn().person(PUTIN).scope("country:tr"))
        .when(new CheckIn().person(ZELENSKYY).scope("city:istanbul"))
        .then(new PersonCheckedIn().person(ZELENSKYY).scope("city:istanbul"));
    story()
        .when(new RecordAbsence().person(PUTIN).scope("talks"))
        .recorded()
        .when(new RecordAbsence().person(PUTIN).scope("talks"))
        .thenUnchanged();
  }

  @Test
  void rule15_theSameObservationFromASourceIsRecorded() {
    story()
        .when(new CheckIn().person(PUTIN).scope("talks"))
        .recorded()
        .whenSourced(new CheckIn().person(PUTIN).scope("talks"))
        .then(new PersonCheckedIn().person(PUTIN).scope("talks"));
  }

  @Test
  void rule13_somebodyNobodyHasHeardOfIsTaken() {
    story()
        .when(confirmed().person(new Person().id("who-is-this")))
        .then(
            new AttendanceStated()
                .person(new Person().id("who-is-this"))
                .scope("talks")
                .status(AttendanceStatus.CONFIRMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"talks", "country:tr", "city:istanbul", "venue:dolmabahce", "meeting:opening"})
  void aScopeIsTakenWherePlacesAreFreeAndTheMeetingIsKnown(String scope) {
    story()
        .when(new CheckIn().person(PUTIN).scope(scope))
        .then(new PersonCheckedIn().person(PUTIN).scope(scope));
  }

  @Test
  void aMeetingThatIsNotKnownIsNotFound() {
    var story = story();
    story
        .when(confirmed().person(PUTIN).scope("meeting:closing"))
        .thenUnknown("MEETING_NOT_FOUND", "closing");
    story
        .when(confirmed().party("us").scope("meeting:closing"))
        .thenUnknown("MEETING_NOT_FOUND", "closing");
    story
        .when(new CheckIn().person(PUTIN).scope("meeting:closing"))
        .thenUnknown("MEETING_NOT_FOUND", "closing");
    story
        .when(new RecordAbsence().person(PUTIN).scope("meeting:closing"))
        .thenUnknown("MEETING_NOT_FOUND", "closing");
  }

  private static StateAttendance confirmed() {
    return new StateAttendance().scope("talks").status(AttendanceStatus.CONFIRMED);
  }
}
