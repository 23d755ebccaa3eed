package io.parley.schedule.domain;

import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.LegRecorded;
import io.parley.schemas.schedule.LegStatus;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.RoundScheduled;
import java.util.List;

/** What most stories begin with. */
final class Facts {
  static final Party RUSSIA = new Party().party("ru").name("Russia").role(PartyRole.PRINCIPAL);
  static final Place ISTANBUL = new Place().id("istanbul").name("Istanbul");
  static final TemporalValue THE_15TH = new TemporalValue().edtf("2025-05-15");
  static final TemporalValue THE_16TH = new TemporalValue().edtf("2025-05-16");

  private Facts() {}

  /** The service, with a negotiation that was convened. */
  static Story story() {
    return new Story(ScheduleDomain.service())
        .given(new NegotiationConvened().title("Talks").parties(List.of(RUSSIA)));
  }

  static RoundScheduled round() {
    return new RoundScheduled().round("spring-2022").format(Format.DIRECT);
  }

  static MeetingScheduled meeting() {
    return new MeetingScheduled()
        .meeting("opening")
        .title("Opening")
        .kind(MeetingKind.SESSION)
        .format(Format.DIRECT)
        .start(THE_15TH)
        .place(ISTANBUL);
  }

  static LegRecorded leg(LegStatus status) {
    return new LegRecorded()
        .leg("rubio-istanbul")
        .person(new Person().id("marco-rubio"))
        .to(ISTANBUL)
        .status(status);
  }
}
