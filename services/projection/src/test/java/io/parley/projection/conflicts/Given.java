package io.parley.projection.conflicts;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.attendance.derivation.Containment;
import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Facts;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.conflicts.Situation.Claimed;
import io.parley.projection.delegations.Delegation;
import io.parley.projection.schedule.Exclusion;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.MeetingKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record, short to write. The opening and the dinner are in Istanbul and Ankara, both in Türkiye;
 * Abu Dhabi is in the UAE; nobody has said where Atlantis lies.
 */
final class Given {
  private static final Map<String, Set<String>> WITHIN =
      Map.of(
          "meeting:opening", Set.of("city:istanbul"),
          "meeting:dinner", Set.of("city:ankara"),
          "meeting:lunch", Set.of("venue:palace"),
          "venue:palace", Set.of("city:istanbul"),
          "venue:hotel", Set.of("city:istanbul"),
          "city:istanbul", Set.of("country:turkiye"),
          "city:ankara", Set.of("country:turkiye"),
          "city:abu-dhabi", Set.of("country:uae"));

  private final List<Stated> stated = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Observed> observed = new ArrayList<>();
  private final List<Meeting> meetings = new ArrayList<>();
  private final List<Leg> legs = new ArrayList<>();
  private final List<Stay> stays = new ArrayList<>();
  private final List<Delegation> delegations = new ArrayList<>();
  private final List<AnnouncementItem> announcements = new ArrayList<>();
  private final List<Claimed> claims = new ArrayList<>();
  private @Nullable String zone;
  private long sequence;

  static Presence presence(String text) {
    int at = text.indexOf('@');
    return new Presence(text.substring(0, at), text.substring(at + 1));
  }

  static @Nullable Temporal time(@Nullable String edtf, @Nullable String zone) {
    return edtf == null ? null : Temporal.of(new TemporalValue().edtf(edtf).zone(zone));
  }

  static Located place(String scope) {
    int at = scope.indexOf(':');
    return new Located(
        scope.substring(at + 1),
        null,
        PlaceKind.valueOf(scope.substring(0, at).toUpperCase(Locale.ROOT)),
        null);
  }

  /** The zone of whatever comes after. */
  Given zone(String id) {
    zone = id;
    return this;
  }

  Given says(String presence, AttendanceStatus status) {
    return says("report", presence, status);
  }

  Given says(String speaker, String presence, AttendanceStatus status) {
    stated.add(new Stated(presence(presence), null, status, speaker, null, ++sequence, null));
    return this;
  }

  Given condition(String id, String dependent, ConditionKind kind, String requires) {
    conditions.add(
        new Condition(
            id, presence(dependent), kind, presence(requires), null, null, ++sequence, null));
    return this;
  }

  Given sees(String presence, boolean present) {
    observed.add(new Observed(presence(presence), present, null, ++sequence, null));
    return this;
  }

  Given meeting(String id, String where, @Nullable String start, String... participants) {
    return meeting(id, where, start, Meeting.Status.SCHEDULED, List.of(), participants);
  }

  Given meeting(
      String id,
      String where,
      @Nullable String start,
      Meeting.Status status,
      List<Exclusion> excluded,
      String... participants) {
    Located place = place(where);
    meetings.add(
        new Meeting(
            id,
            null,
            "The " + id,
            MeetingKind.SESSION,
            Format.DIRECT,
            status,
            time(start, zone),
            null,
            List.of(),
            place.kind() == PlaceKind.VENUE ? place("city:istanbul") : place,
            place.kind() == PlaceKind.VENUE ? place : null,
            zone,
            List.of(participants),
            excluded,
            0,
            null,
            null,
            null,
            ++sequence,
            1,
            null));
    return this;
  }

  Given leg(String id, String person, String to, @Nullable String arrive, Exclusion... excluded) {
    return leg(id, person, null, to, arrive, "SCHEDULED", excluded);
  }

  Given leg(
      String id,
      String person,
      @Nullable String from,
      String to,
      @Nullable String arrive,
      String status,
      Exclusion... excluded) {
    legs.add(
        new Leg(
            id,
            new Named(person, null, null),
            from == null ? null : place(from),
            place(to),
            null,
            time(arrive, zone),
            status,
            null,
            List.of(excluded),
            ++sequence,
            1,
            null));
    return this;
  }

  Given legWithoutZone(String id, String person, String to, String arrive) {
    String before = zone;
    zone = null;
    leg(id, person, to, arrive);
    zone = before;
    return this;
  }

  Given stay(String id, String person, String where, @Nullable String from, @Nullable String to) {
    stays.add(
        new Stay(
            id,
            new Named(person, null, null),
            place(where),
            time(from, zone),
            time(to, zone),
            null,
            ++sequence,
            1,
            null));
    return this;
  }

  Given delegation(String party, @Nullable String basis, boolean published) {
    delegations.add(
        new Delegation(
            party,
            null,
            List.of(),
            Roster.PARTIAL,
            basis,
            published,
            List.of(),
            ++sequence,
            1,
            null));
    return this;
  }

  Given announcement(
      String id, AnnouncementItem.Status status, @Nullable String inReplyTo, String... about) {
    announcements.add(
        new AnnouncementItem(
            id,
            AnnouncementKind.STATEMENT,
            new Named("kremlin", null, null),
            null,
            "text",
            "en",
            List.of(),
            inReplyTo,
            List.of(about),
            null,
            status,
            1,
            null,
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null,
            ++sequence,
            sequence,
            null,
            null));
    return this;
  }

  Given claim(String id, String rank, boolean contested, String... about) {
    claims.add(
        new Claimed(
            id,
            "It is so",
            rank,
            contested
                ? List.of(new Claimed.Voice(new Named("news", null, null), ++sequence))
                : List.of(),
            List.of(about),
            ++sequence));
    return this;
  }

  /** The conflicts, as {@code SEVERITY KIND SUBJECT SUBJECT}. */
  List<String> conflicts() {
    return findings().stream()
        .map(each -> each.severity() + " " + each.kind() + " " + String.join(" ", each.subjects()))
        .toList();
  }

  List<Finding> findings() {
    Facts facts = new Facts(stated, conditions, observed, new Containment(WITHIN), List.of());
    return List.copyOf(
        Conflicts.of(
                new Situation(
                    Derivation.of(facts),
                    Set.of("ru", "ua"),
                    meetings,
                    legs,
                    stays,
                    delegations,
                    announcements,
                    claims))
            .values());
  }
}
