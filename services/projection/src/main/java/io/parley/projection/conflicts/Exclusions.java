package io.parley.projection.conflicts;

import io.parley.projection.attendance.derivation.Containment;
import io.parley.projection.conflicts.Conflict.Kind;
import io.parley.projection.conflicts.Conflict.Severity;
import io.parley.projection.conflicts.Sentence.Name;
import io.parley.projection.schedule.Exclusion;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Edtf;
import io.parley.schemas.temporal.EdtfException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is excluded and held as well (rule 20); an exclusion alone is no conflict. A value is held
 * where it is the excluded one or lies in it: 15 May at noon in "not the 15th", a venue in "not
 * Istanbul". Where another leg of the same person to the same place holds it, the sources of the
 * two legs conflict (rule 28).
 */
final class Exclusions {
  private final Containment containment;

  private Exclusions(Containment containment) {
    this.containment = containment;
  }

  static List<Finding> of(Situation situation) {
    Exclusions exclusions = new Exclusions(situation.derivation().facts().containment());
    List<Finding> found = new ArrayList<>();
    situation.meetings().forEach(meeting -> exclusions.of(meeting, found));
    List<Leg> legs =
        situation.legs().stream().filter(leg -> !leg.status().equals("CANCELLED")).toList();
    for (Leg leg : legs) {
      for (Exclusion excluded : leg.excluded()) {
        exclusions.of(leg, excluded, legs, found);
      }
    }
    return found;
  }

  private void of(Meeting meeting, List<Finding> found) {
    if (meeting.status() == Meeting.Status.CANCELLED) {
      return;
    }
    String subject = "meeting:" + meeting.meeting();
    for (Exclusion excluded : meeting.excluded()) {
      if (holds(meeting, excluded)) {
        Sentence what = Sentence.of("'%s'", meeting.title());
        found.add(
            new Finding(
                Kind.EXCLUSION,
                Severity.POSSIBLE,
                List.of(subject),
                explanation(what, excluded),
                List.of(Sayings.ground(meeting), ground(subject, what, excluded)),
                excluded.field() + " " + excluded.value()));
      }
    }
  }

  private boolean holds(Meeting meeting, Exclusion excluded) {
    // The start that a postponed meeting keeps is held no more (rule 17).
    boolean stands = meeting.status() != Meeting.Status.POSTPONED;
    return switch (excluded.field()) {
      case "start" -> stands && isIn(meeting.start(), excluded, meeting.zone());
      case "end" -> stands && isIn(meeting.end(), excluded, meeting.zone());
      case "place" -> isIn(meeting.place(), excluded) || isIn(meeting.venue(), excluded);
      case "venue" -> isIn(meeting.venue(), excluded);
      case "title" -> meeting.title().equals(excluded.value());
      case "zone" -> excluded.value().equals(meeting.zone());
      case "format" -> meeting.format().name().equals(excluded.value());
      case "kind" -> meeting.kind().name().equals(excluded.value());
      case "round" -> excluded.value().equals(meeting.round());
      case "participants" -> meeting.participants().contains(excluded.value());
      default -> false;
    };
  }

  private void of(Leg leg, Exclusion excluded, List<Leg> legs, List<Finding> found) {
    String subject = "leg:" + leg.leg();
    Sentence what = Sentence.of("the journey of %s", new Name(leg.person().id()));
    if (holds(leg, excluded)) {
      found.add(
          new Finding(
              Kind.EXCLUSION,
              Severity.POSSIBLE,
              List.of(subject),
              explanation(what, excluded),
              List.of(Sayings.ground(leg), ground(subject, what, excluded)),
              excluded.field() + " " + excluded.value()));
    }
    if (excluded.field().equals("arrive") || excluded.field().equals("depart")) {
      for (Leg other : legs) {
        if (!other.leg().equals(leg.leg()) && isSameJourney(leg, other) && holds(other, excluded)) {
          found.add(
              new Finding(
                  Kind.SOURCES,
                  Severity.POSSIBLE,
                  Stream.of(subject, "leg:" + other.leg()).sorted().toList(),
                  explanation(what, excluded),
                  List.of(Sayings.ground(other), ground(subject, what, excluded)),
                  excluded.field() + " " + excluded.value()));
        }
      }
    }
  }

  private static boolean isSameJourney(Leg one, Leg other) {
    Located to = one.to();
    return to != null
        && one.person().id().equals(other.person().id())
        && other.to() != null
        && to.id().equals(other.to().id());
  }

  private boolean holds(Leg leg, Exclusion excluded) {
    return switch (excluded.field()) {
      case "depart" -> isIn(leg.depart(), excluded, null);
      case "arrive" -> isIn(leg.arrive(), excluded, null);
      case "to" -> isIn(leg.to(), excluded);
      case "from" -> isIn(leg.from(), excluded);
      case "person" -> leg.person().id().equals(excluded.value());
      case "status" -> leg.status().equals(excluded.value());
      case "purpose" -> excluded.value().equals(leg.purpose());
      default -> false;
    };
  }

  /** Whether a time is the excluded one, or lies in it. */
  private static boolean isIn(
      @Nullable Temporal held, Exclusion excluded, @Nullable String placeZone) {
    if (held == null) {
      return false;
    }
    if (held.edtf().equals(excluded.value())) {
      return true;
    }
    String zone = held.zone() == null ? placeZone : held.zone();
    try {
      Bounds out =
          Bounds.of(Edtf.parse(excluded.value()), null, zone == null ? null : ZoneId.of(zone));
      Bounds in = When.bounds(held, placeZone);
      Instant earliest = out.earliest();
      Instant latest = out.latest();
      boolean isBounded = in.earliest() != null || earliest == null;
      boolean isEnded = in.latest() != null || latest == null;
      return isBounded
          && isEnded
          && (earliest == null || !Objects.requireNonNull(in.earliest()).isBefore(earliest))
          && (latest == null || !Objects.requireNonNull(in.latest()).isAfter(latest));
    } catch (EdtfException e) {
      // What is excluded is no time: it was compared as a word.
      return false;
    }
  }

  /** Whether a place is the excluded one, or lies in it. */
  private boolean isIn(@Nullable Located held, Exclusion excluded) {
    if (held == null) {
      return false;
    }
    String scope = Places.scope(held);
    return held.id().equals(excluded.value())
        || (scope != null
            && containment.wider(scope).stream()
                .anyMatch(wide -> wide.endsWith(":" + excluded.value())));
  }

  private static Sentence explanation(Sentence what, Exclusion excluded) {
    return Sentence.of(
        "Of %s, %s %s is excluded and also held",
        what, excluded.field(), new Name(excluded.value()));
  }

  private static Ground ground(String subject, Sentence what, Exclusion excluded) {
    return Ground.of(
        subject,
        excluded,
        Sentence.of("Of %s, %s is not %s", what, excluded.field(), new Name(excluded.value())));
  }
}
