package io.parley.projection.conflicts;

import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.conflicts.Conflict.Kind;
import io.parley.projection.conflicts.Conflict.Severity;
import io.parley.projection.conflicts.Sentence.Name;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who arrives after the start (rule 19), of everybody CONFIRMED or EXPECTED in a scope that
 * contains the meeting. Told where it is certain: every journey of theirs that leads to where the
 * meeting is ends after its start, and nothing says that they are there before. An arrival on the
 * day of a meeting whose hour is not known is not late.
 */
final class Latecomers {
  private final Situation situation;
  private final Derivation derivation;
  private final Places places;
  private final Map<String, List<Leg>> legs = new HashMap<>();
  private final Map<String, List<Stay>> stays = new HashMap<>();

  private Latecomers(Situation situation) {
    this.situation = situation;
    this.derivation = situation.derivation();
    this.places = new Places(derivation.facts().containment());
    situation.legs().stream()
        .filter(leg -> leg.to() != null && !leg.status().equals("CANCELLED"))
        .forEach(leg -> legs.computeIfAbsent(leg.person().id(), any -> new ArrayList<>()).add(leg));
    situation
        .stays()
        .forEach(
            stay -> stays.computeIfAbsent(stay.person().id(), any -> new ArrayList<>()).add(stay));
  }

  static List<Finding> of(Situation situation) {
    Latecomers latecomers = new Latecomers(situation);
    List<Finding> found = new ArrayList<>();
    if (!latecomers.legs.isEmpty()) {
      situation.meetings().stream()
          .filter(Whereabouts::takesPlace)
          .forEach(meeting -> latecomers.of(meeting, found));
    }
    return found;
  }

  private void of(Meeting meeting, List<Finding> found) {
    Temporal start = meeting.start();
    if (start == null) {
      return;
    }
    List<String> scopes = Places.scopes(meeting);
    for (Presence presence : derivation.coming(Places.of(meeting))) {
      String person = presence.subject();
      List<Leg> there =
          legs.getOrDefault(person, List.of()).stream().filter(leg -> leads(leg, scopes)).toList();
      List<Leg> late = there.stream().filter(leg -> isLate(leg, meeting, start)).toList();
      boolean alreadyThere =
          there.stream().anyMatch(leg -> !late.contains(leg) && !left(leg, meeting, start))
              || stays.getOrDefault(person, List.of()).stream()
                  .anyMatch(stay -> isThere(stay, scopes, meeting, start));
      if (!late.isEmpty() && !alreadyThere && !isAbsent(person, meeting)) {
        found.add(finding(meeting, presence, first(late)));
      }
    }
  }

  private boolean leads(Leg leg, List<String> scopes) {
    Located to = leg.to();
    String scope = to == null ? null : Places.scope(to);
    return scope != null && places.meet(scope, scopes);
  }

  private static boolean isLate(Leg leg, Meeting meeting, Temporal start) {
    Bounds begins = When.bounds(start, meeting.zone());
    Temporal arrive = leg.arrive();
    if (arrive != null) {
      return Bounds.compare(arrival(leg, arrive, meeting), begins) == Order.AFTER;
    }
    // Who leaves after the start does not arrive before it.
    Temporal depart = leg.depart();
    return depart != null && Bounds.compareApart(When.bounds(depart, null), begins) == Order.AFTER;
  }

  /** An arrival is at the place of the meeting, so its date is a civil day there (rule 2). */
  private static Bounds arrival(Leg leg, Temporal arrive, Meeting meeting) {
    Located to = leg.to();
    boolean oneZone = to != null && to.kind() != PlaceKind.COUNTRY;
    return When.bounds(arrive, oneZone ? meeting.zone() : null);
  }

  /** Whether somebody who came by this leg was surely gone again before the start. */
  private boolean left(Leg came, Meeting meeting, Temporal start) {
    Temporal arrive = came.arrive();
    List<String> scopes = Places.scopes(meeting);
    return arrive != null
        && legs.getOrDefault(came.person().id(), List.of()).stream()
            .filter(leg -> !leads(leg, scopes))
            .anyMatch(
                leg -> {
                  Temporal gone = leg.arrive() == null ? leg.depart() : leg.arrive();
                  return gone != null
                      && isBefore(When.bounds(arrive, null), When.bounds(gone, null))
                      && isBefore(When.bounds(gone, null), When.bounds(start, meeting.zone()));
                });
  }

  private static boolean isBefore(Bounds one, Bounds other) {
    return Bounds.compareApart(one, other) == Order.BEFORE;
  }

  /** Whether a stay says that somebody may be there when it starts. */
  private boolean isThere(Stay stay, List<String> scopes, Meeting meeting, Temporal start) {
    Located place = stay.place();
    String scope = place == null ? null : Places.scope(place);
    if (scope == null || !places.meet(scope, scopes)) {
      return false;
    }
    When when = When.lasting(stay.from(), stay.to());
    Order order =
        when == null
            ? Order.UNDETERMINED
            : Bounds.compare(when.bounds(), When.bounds(start, meeting.zone()));
    return order == Order.OVERLAPS || order == Order.UNDETERMINED;
  }

  private boolean isAbsent(String person, Meeting meeting) {
    Observed actual = derivation.at(new Presence(person, Places.of(meeting))).actual();
    return actual != null && !actual.present();
  }

  private static Leg first(List<Leg> late) {
    return late.stream()
        .min(Comparator.comparing(Latecomers::earliest).thenComparing(Leg::leg))
        .orElseThrow();
  }

  private static Instant earliest(Leg leg) {
    @Nullable Temporal value = leg.arrive() == null ? leg.depart() : leg.arrive();
    return value == null ? Instant.MAX : When.sometime(value, null).earliest();
  }

  private Finding finding(Meeting meeting, Presence presence, Leg leg) {
    Sayings sayings = Sayings.of(situation.meetings());
    return new Finding(
        Kind.LATE,
        Severity.LATE,
        List.of("person:" + presence.subject(), "meeting:" + meeting.meeting(), "leg:" + leg.leg()),
        Sentence.of(
            "%s %s, after the start of %s",
            new Name(presence.subject()), Sayings.does(leg), Sayings.is(meeting)),
        Stream.concat(
                Stream.of(Sayings.ground(meeting)),
                Stream.concat(
                    sayings.grounds(derivation.at(presence).because()).stream(),
                    Stream.of(Sayings.ground(leg))))
            .toList());
  }
}
