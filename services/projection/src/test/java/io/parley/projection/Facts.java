package io.parley.projection;

import io.parley.schemas.Actor;
import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.AnnouncementReinstated;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.Member;
import io.parley.schemas.delegation.MemberWithdrawn;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.RosterCompleted;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.LegRecorded;
import io.parley.schemas.schedule.LegStatus;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.MeetingPostponed;
import io.parley.schemas.schedule.MeetingRescheduled;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.RoundScheduled;
import io.parley.schemas.schedule.StayRecorded;
import io.parley.schemas.schedule.ValueExcluded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of the example, short to write. */
final class Facts {
  private Facts() {}

  static NegotiationConvened convened(String title) {
    return new NegotiationConvened()
        .title(title)
        .parties(List.of(party("ru", "Russia"), party("ua", "Ukraine")));
  }

  private static Party party(String id, String name) {
    return new Party().party(id).name(name).role(PartyRole.PRINCIPAL);
  }

  static Person person(String id, @Nullable String name) {
    return new Person().id(id).name(name);
  }

  static Place city(String id, String name) {
    return new Place().id(id).name(name).kind(PlaceKind.CITY);
  }

  static DelegationComposed composed(String party, Person head, Person... members) {
    return new DelegationComposed()
        .party(party)
        .head(head)
        .members(
            List.of(members).stream()
                .map(member -> new Member().person(member).capacity(Capacity.EXPERT))
                .toList())
        .roster(Roster.PARTIAL);
  }

  static HeadReplaced replaced(String party, Person head, Person previous) {
    return new HeadReplaced().party(party).person(head).previous(previous);
  }

  static MemberWithdrawn withdrawn(String party, Person person) {
    return new MemberWithdrawn().party(party).person(person);
  }

  static RosterCompleted completed(String party) {
    return new RosterCompleted().party(party);
  }

  static RoundScheduled round(String id) {
    return new RoundScheduled().round(id).format(Format.DIRECT).start(Recorder.date("2025-05-15"));
  }

  static MeetingScheduled meeting(String id, @Nullable String start) {
    return new MeetingScheduled()
        .meeting(id)
        .title("Opening")
        .kind(MeetingKind.SESSION)
        .format(Format.DIRECT)
        .start(start == null ? null : Recorder.date(start))
        .place(city("istanbul", "Istanbul"))
        .zone("Europe/Istanbul");
  }

  static MeetingPostponed postponed(String id) {
    return new MeetingPostponed().meeting(id).reason("the delegation is late");
  }

  static MeetingRescheduled rescheduled(String id, String start) {
    return new MeetingRescheduled()
        .meeting(id)
        .start(Recorder.date(start))
        .reason("the delegation is late");
  }

  static ValueExcluded excluded(String subject, String value) {
    return new ValueExcluded().subject(subject).field("start").value(value);
  }

  static LegRecorded leg(String id, Person person) {
    return new LegRecorded()
        .leg(id)
        .person(person)
        .to(city("istanbul", "Istanbul"))
        .arrive(Recorder.date("2025-05-16"))
        .status(LegStatus.SCHEDULED);
  }

  static StayRecorded stay(String id, Person person) {
    return new StayRecorded()
        .stay(id)
        .person(person)
        .place(city("abu-dhabi", "Abu Dhabi"))
        .to(Recorder.date("2025-05-15"));
  }

  static AnnouncementPublished announced(String id, String speaker, String text) {
    return new AnnouncementPublished()
        .announcement(id)
        .kind(AnnouncementKind.STATEMENT)
        .speaker(new Actor().id(speaker))
        .onBehalfOf(new Actor().id("ru"))
        .text(text)
        .language("en")
        .topics(List.of("ceasefire"));
  }

  static AnnouncementCorrected corrected(String id, String text, long corrects) {
    return new AnnouncementCorrected()
        .announcement(id)
        .text(text)
        .note("misheard")
        .corrects(corrects);
  }

  static AnnouncementRetracted retracted(String id) {
    return new AnnouncementRetracted().announcement(id).reason("not said");
  }

  static AnnouncementReinstated reinstated(String id) {
    return new AnnouncementReinstated().announcement(id).reason("said after all");
  }
}
