package io.parley.announcement.domain;

import io.parley.schemas.Actor;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.PublishAnnouncement;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyRole;
import java.util.List;

/** What the stories begin with: the Istanbul talks, two principals and an observer. */
final class Facts {
  static final Actor PUTIN = new Actor().id("vladimir-putin");

  private Facts() {}

  /** A story in which the negotiation was convened and its opening scheduled. */
  static Story story() {
    return new Story(AnnouncementDomain.service())
        .given(
            new NegotiationConvened()
                .parties(
                    List.of(
                        party("ru", PartyRole.PRINCIPAL),
                        party("ua", PartyRole.PRINCIPAL),
                        party("us", PartyRole.OBSERVER))),
            new MeetingScheduled().meeting("opening"));
  }

  static PublishAnnouncement publish(String id, AnnouncementKind kind) {
    return new PublishAnnouncement()
        .announcement(id)
        .kind(kind)
        .speaker(PUTIN)
        .text("What was said.")
        .language("en");
  }

  static AnnouncementPublished published(String id, AnnouncementKind kind) {
    return AnnouncementPublished.from(publish(id, kind));
  }

  static TemporalValue during(String edtf) {
    return new TemporalValue().edtf(edtf);
  }

  private static Party party(String id, PartyRole role) {
    return new Party().party(id).name(id).role(role);
  }
}
