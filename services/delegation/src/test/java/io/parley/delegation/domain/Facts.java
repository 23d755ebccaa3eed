package io.parley.delegation.domain;

import io.parley.schemas.Person;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.delegation.Member;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyRole;
import java.util.List;

/** What the stories begin with: the Istanbul talks, Russia and Ukraine facing each other. */
final class Facts {
  static final Person MEDINSKY =
      new Person().id("vladimir-medinsky").name("Vladimir Medinsky").office("aide");
  static final Person UMEROV = new Person().id("rustem-umerov");
  static final Person FOMIN = new Person().id("alexander-fomin");
  static final Person PUTIN = new Person().id("vladimir-putin");
  static final Person ZELENSKYY = new Person().id("volodymyr-zelenskyy");

  private Facts() {}

  /** A story in which the negotiation was convened and its opening scheduled. */
  static Story story() {
    return new Story(DelegationDomain.service())
        .given(
            new NegotiationConvened()
                .parties(
                    List.of(
                        party("ru", PartyRole.PRINCIPAL),
                        party("ua", PartyRole.PRINCIPAL),
                        party("us", PartyRole.OBSERVER),
                        party("tr", PartyRole.HOST))),
            new MeetingScheduled().meeting("opening"),
            new AnnouncementPublished().announcement("decree"));
  }

  /** The delegation of a party, with no head and no members yet. */
  static DelegationComposed composed(String party) {
    return new DelegationComposed().party(party).roster(Roster.PARTIAL);
  }

  static HeadAppointed headed(String party, Person head) {
    return new HeadAppointed().party(party).person(head);
  }

  static MemberAppointed joined(String party, Person person, Capacity capacity) {
    return new MemberAppointed().party(party).person(person).capacity(capacity);
  }

  static Member member(Person person, Capacity capacity) {
    return new Member().person(person).capacity(capacity);
  }

  private static Party party(String id, PartyRole role) {
    return new Party().party(id).name(id).role(role);
  }
}
