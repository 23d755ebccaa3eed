package io.parley.schedule.domain;

import static io.parley.schedule.domain.Facts.ISTANBUL;
import static io.parley.schedule.domain.Facts.RUSSIA;
import static io.parley.schedule.domain.Facts.leg;
import static io.parley.schedule.domain.Facts.round;
import static io.parley.schedule.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.Person;
import io.parley.schemas.schedule.AddParty;
import io.parley.schemas.schedule.ArriveLeg;
import io.parley.schemas.schedule.CancelLeg;
import io.parley.schemas.schedule.ConveneNegotiation;
import io.parley.schemas.schedule.DepartLeg;
import io.parley.schemas.schedule.ExcludeValue;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.LegArrived;
import io.parley.schemas.schedule.LegCancelled;
import io.parley.schemas.schedule.LegDeparted;
import io.parley.schemas.schedule.LegStatus;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.RecordLeg;
import io.parley.schemas.schedule.RecordRoundOutcome;
import io.parley.schemas.schedule.RecordStay;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import io.parley.schemas.schedule.ScheduleRound;
import io.parley.schemas.schedule.StayRecorded;
import io.parley.schemas.schedule.ValueExcluded;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Negotiations, rounds, legs and stays. */
class OtherDecidersTest {
  private static final Person RUBIO = new Person().id("marco-rubio");

  @Test
  void aNegotiationIsConvenedOnce() {
    var convene = new ConveneNegotiation().title("Talks").parties(List.of(RUSSIA));
    new Story(ScheduleDomain.service())
        .when(convene)
        .then(new NegotiationConvened().title("Talks").parties(List.of(RUSSIA)))
        .recorded()
        .when(convene)
        .thenRejected("NEGOTIATION_EXISTS", 5, Story.NEGOTIATION);
  }

  @Test
  void aPartyIsNamedOnce() {
    new Story(ScheduleDomain.service())
        .when(new ConveneNegotiation().title("Talks").parties(List.of(RUSSIA, RUSSIA)))
        .thenRejected("PARTY_EXISTS", 6, "ru");
  }

  @Test
  void nothingIsDecidedInANegotiationThatNobodyConvened() {
    new Story(ScheduleDomain.service())
        .when(new AddParty().party("tr").name("Türkiye").role(PartyRole.HOST))
        .thenUnknown("NEGOTIATION_NOT_FOUND", Story.NEGOTIATION);
  }

  @Test
  void aPartyIsAddedAndTheSameAgainChangesNothingAndAnotherOfItsIdIsRefused() {
    var add = new AddParty().party("tr").name("Türkiye").role(PartyRole.HOST);
    story()
        .when(add)
        .then(new PartyAdded().party("tr").name("Türkiye").role(PartyRole.HOST))
        .recorded()
        .when(add)
        .thenUnchanged()
        .when(new AddParty().party("tr").name("Türkiye").role(PartyRole.MEDIATOR))
        .thenRejected("PARTY_EXISTS", 6, "tr", "HOST")
        .when(new AddParty().party("ru").name("Russia").role(PartyRole.PRINCIPAL))
        .thenUnchanged();
  }

  @Test
  void aRoundEndsAndALaterSourceMaySayOtherwise() {
    story()
        .when(new RecordRoundOutcome().round("spring-2022").outcome(Outcome.BROKEN_OFF))
        .thenUnknown("ROUND_NOT_FOUND", "spring-2022")
        .when(new ScheduleRound().round("spring-2022").format(Format.DIRECT))
        .then(round())
        .recorded()
        .when(new ScheduleRound().round("spring-2022").format(Format.INDIRECT))
        .thenRejected("ROUND_EXISTS", 17, "spring-2022")
        .when(new RecordRoundOutcome().round("spring-2022").outcome(Outcome.BROKEN_OFF))
        .then(new RoundOutcomeRecorded().round("spring-2022").outcome(Outcome.BROKEN_OFF))
        .recorded()
        .when(new RecordRoundOutcome().round("spring-2022").outcome(Outcome.BROKEN_OFF))
        .thenUnchanged()
        .when(new RecordRoundOutcome().round("spring-2022").outcome(Outcome.ADJOURNED))
        .then(new RoundOutcomeRecorded().round("spring-2022").outcome(Outcome.ADJOURNED));
  }

  @Test
  void rule18_aLegDepartsThenArrives() {
    story()
        .when(
            new RecordLeg()
                .leg("rubio-istanbul")
                .person(RUBIO)
                .to(ISTANBUL)
                .status(LegStatus.SCHEDULED))
        .then(leg(LegStatus.SCHEDULED))
        .recorded()
        .when(new DepartLeg().leg("rubio-istanbul"))
        .then(new LegDeparted().leg("rubio-istanbul"))
        .recorded()
        .when(new DepartLeg().leg("rubio-istanbul"))
        .thenRejected("ILLEGAL_MOVE", 18, "rubio-istanbul", "DEPARTED")
        .when(new ArriveLeg().leg("rubio-istanbul"))
        .then(new LegArrived().leg("rubio-istanbul"))
        .recorded()
        .when(new CancelLeg().leg("rubio-istanbul"))
        .thenRejected("ILLEGAL_MOVE", 18, "rubio-istanbul", "ARRIVED");
  }

  @Test
  void rule18_anArrivalMayBeTheFirstThatIsHeardAndACancelledLegIsOver() {
    story()
        .given(leg(LegStatus.SCHEDULED))
        .when(new ArriveLeg().leg("rubio-istanbul"))
        .then(new LegArrived().leg("rubio-istanbul"));
    story()
        .given(leg(LegStatus.DEPARTED))
        .when(new CancelLeg().leg("rubio-istanbul"))
        .then(new LegCancelled().leg("rubio-istanbul"))
        .recorded()
        .when(new ArriveLeg().leg("rubio-istanbul"))
        .thenRejected("ILLEGAL_MOVE", 18, "CANCELLED");
    story()
        .given(leg(LegStatus.ARRIVED))
        .when(new RecordLeg().leg("rubio-istanbul"))
        .thenRejected("LEG_EXISTS", 18, "ARRIVED");
    story().when(new DepartLeg().leg("nobody")).thenUnknown("LEG_NOT_FOUND", "nobody");
  }

  @Test
  void rule20_aDayIsExcludedOfALeg() {
    story()
        .given(leg(LegStatus.SCHEDULED))
        .when(new ExcludeValue().subject("leg:rubio-istanbul").field("arrive").value("2025-05-15"))
        .then(
            new ValueExcluded().subject("leg:rubio-istanbul").field("arrive").value("2025-05-15"));
  }

  @Test
  void aStayIsRecordedOnce() {
    var stay = new RecordStay().stay("trump-uae").person(RUBIO).place(ISTANBUL);
    story()
        .when(stay)
        .then(new StayRecorded().stay("trump-uae").person(RUBIO).place(ISTANBUL))
        .recorded()
        .when(stay)
        .thenRejected("STAY_EXISTS", 18, "trump-uae");
  }

  @Test
  void aPartyOfANegotiationThatNobodyConvenedIsADamagedLog() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new Story(ScheduleDomain.service())
                    .given(new PartyAdded().party("tr").name("Türkiye").role(PartyRole.HOST)));
  }
}
