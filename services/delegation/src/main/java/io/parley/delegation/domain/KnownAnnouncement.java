package io.parley.delegation.domain;

import io.parley.schemas.announcement.Announcement.AnnouncementEvent;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.AnnouncementReinstated;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.announcement.EmbargoEnded;
import io.parley.schemas.announcement.EmbargoSet;
import java.util.Optional;

/**
 * What the announcement service said of an announcement.
 *
 * @param retracted whether it stands retracted (rule 22)
 */
public record KnownAnnouncement(boolean retracted) {
  /** The fact after an event of the announcement service. */
  static KnownAnnouncement evolve(Optional<KnownAnnouncement> known, AnnouncementEvent event) {
    boolean before = known.map(KnownAnnouncement::retracted).orElse(false);
    return new KnownAnnouncement(
        switch (event) {
          case AnnouncementRetracted _ -> true;
          case AnnouncementPublished _, AnnouncementReinstated _ -> false;
          case AnnouncementHeld _, AnnouncementCorrected _, EmbargoSet _, EmbargoEnded _ -> before;
        });
  }
}
