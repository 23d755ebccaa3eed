package io.parley.projection.attendance;

import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.Person;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.delegation.AbsenceRecorded;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.PersonCheckedIn;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What was said and seen of presences; one item for each person, or party alone, and scope. */
@Component
public final class AttendanceView implements View<Attendance> {
  @Override
  public String table() {
    return "attendance";
  }

  @Override
  public Class<Attendance> type() {
    return Attendance.class;
  }

  @Override
  public List<String> changed(Entry entry) {
    Presence presence = presence(entry);
    return presence == null ? List.of() : List.of(presence.subject() + "@" + presence.scope());
  }

  @Override
  public Attendance evolve(String id, @Nullable Attendance item, Entry entry) {
    Presence presence = presence(entry);
    if (presence == null) {
      throw new IllegalStateException(entry.type() + " is not of attendance");
    }
    Attendance before =
        item == null ? new Attendance(presence, List.of(), null, entry.version()) : item;
    return switch (entry.event()) {
      case AttendanceStated stated ->
          new Attendance(
              presence,
              said(before.stated(), stated(presence, stated, entry)),
              before.observed(),
              entry.version());
      case PersonCheckedIn seen -> observed(before, true, entry);
      case AbsenceRecorded seen -> observed(before, false, entry);
      default -> before;
    };
  }

  private static @Nullable Presence presence(Entry entry) {
    return switch (entry.event()) {
      case AttendanceStated stated -> presence(stated);
      case PersonCheckedIn seen -> new Presence(seen.person().id(), seen.scope());
      case AbsenceRecorded seen -> new Presence(seen.person().id(), seen.scope());
      default -> null;
    };
  }

  private static @Nullable Presence presence(AttendanceStated stated) {
    Person person = stated.person();
    if (person != null) {
      return new Presence(person.id(), stated.scope());
    }
    String party = stated.party();
    if (party == null) {
      throw new IllegalStateException("AttendanceStated of neither a person nor a party");
    }
    return Presence.ofParty(party, stated.scope());
  }

  private static Stated stated(Presence presence, AttendanceStated event, Entry entry) {
    return new Stated(
        presence,
        event.party(),
        event.status(),
        speaker(event.header().source()),
        Temporal.of(event.header().asserted()),
        entry.sequence(),
        Cited.of(event));
  }

  /** Who said it: the speaker that the source names, else whoever published it. */
  private static String speaker(@Nullable Source source) {
    if (source == null || source.chain().isEmpty()) {
      return "";
    }
    SourceLink speaker =
        source.chain().stream()
            .filter(link -> link.role() == SourceRole.SPEAKER)
            .reduce((before, last) -> last)
            .orElse(source.chain().getFirst());
    return speaker.id() == null ? speaker.name().toLowerCase(Locale.ROOT) : speaker.id();
  }

  /** What the same speaker says later supersedes, what another says stands beside it (rule 28). */
  private static List<Stated> said(List<Stated> before, Stated now) {
    List<Stated> after = new ArrayList<>();
    for (Stated each : before) {
      if (!each.speaker().equals(now.speaker())) {
        after.add(each);
      } else if (isEarlier(now, each)) {
        // A late fact: what was said before is recorded after what took its place.
        return before;
      }
    }
    after.add(now);
    return List.copyOf(after);
  }

  private static boolean isEarlier(Stated one, Stated other) {
    if (one.asserted() != null && other.asserted() != null) {
      return isBefore(one.asserted(), other.asserted());
    }
    return isBefore(published(one.source()), published(other.source()));
  }

  private static @Nullable Temporal published(@Nullable Cited source) {
    return source == null ? null : source.published();
  }

  private static Attendance observed(Attendance before, boolean present, Entry entry) {
    Observed now =
        new Observed(
            before.presence(),
            present,
            Temporal.of(entry.event().header().occurred()),
            entry.sequence(),
            Cited.of(entry.event()));
    Observed last = before.observed();
    boolean late = last != null && isBefore(now.occurred(), last.occurred());
    return new Attendance(before.presence(), before.stated(), late ? last : now, entry.version());
  }

  /** Whether the one is surely before the other; not where either is unknown. */
  private static boolean isBefore(@Nullable Temporal one, @Nullable Temporal other) {
    return one != null
        && other != null
        && Bounds.compare(bounds(one), bounds(other)) == Order.BEFORE;
  }

  private static Bounds bounds(Temporal value) {
    TemporalValue given = new TemporalValue();
    given.edtf(value.edtf());
    given.dayPart(value.dayPart());
    given.zone(value.zone());
    given.qualifier(value.qualifier());
    return Bounds.of(given);
  }
}
