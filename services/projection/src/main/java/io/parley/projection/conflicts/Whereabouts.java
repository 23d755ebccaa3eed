package io.parley.projection.conflicts;

import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Derived;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Outcome;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import io.parley.schemas.delegation.AttendanceStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each person is at what time, as far as it is on record: stays, the destinations of legs,
 * and meetings. What has no time is nowhere in time and conflicts with nothing.
 */
final class Whereabouts {
  /**
   * Somebody somewhere at some time.
   *
   * @param subject what says so, {@code KIND:ID}
   * @param scope where
   * @param firm whether they are said to be at exactly this; not where they are in, or willing to
   *     come to, a wider scope in which a meeting is
   * @param leg the journey that it is the end of
   */
  record Spot(
      String subject,
      String scope,
      When when,
      boolean firm,
      Sentence does,
      List<Ground> because,
      @Nullable Leg leg) {}

  private final Situation situation;
  private final Derivation derivation;
  private final Sayings sayings;
  private final Map<String, List<Spot>> spots = new TreeMap<>();
  private final Map<String, Set<String>> firm = new TreeMap<>();

  private Whereabouts(Situation situation) {
    this.situation = situation;
    this.derivation = situation.derivation();
    this.sayings = Sayings.of(situation.meetings());
  }

  /** The spots of each person, by id. */
  static Map<String, List<Spot>> of(Situation situation) {
    Whereabouts whereabouts = new Whereabouts(situation);
    situation.stays().forEach(whereabouts::stay);
    situation.legs().forEach(whereabouts::leg);
    List<Meeting> meetings = situation.meetings().stream().filter(Whereabouts::takesPlace).toList();
    meetings.forEach(whereabouts::named);
    meetings.forEach(whereabouts::coming);
    whereabouts.willing(meetings);
    return whereabouts.spots;
  }

  /** Whether a meeting has a time that stands: a postponed one keeps a start that does not. */
  static boolean takesPlace(Meeting meeting) {
    return meeting.status() != Meeting.Status.CANCELLED
        && meeting.status() != Meeting.Status.POSTPONED
        && when(meeting) != null
        && !Places.scopes(meeting).isEmpty();
  }

  private static @Nullable When when(Meeting meeting) {
    return When.held(meeting.start(), meeting.end(), meeting.zone());
  }

  private void stay(Stay stay) {
    When when = When.lasting(stay.from(), stay.to());
    String scope = stay.place() == null ? null : Places.scope(stay.place());
    if (when != null && scope != null) {
      add(
          stay.person().id(),
          new Spot(
              "stay:" + stay.stay(),
              scope,
              when,
              true,
              Sayings.does(stay),
              List.of(Sayings.ground(stay)),
              null));
    }
  }

  private void leg(Leg leg) {
    String scope = leg.to() == null ? null : Places.scope(leg.to());
    if (leg.arrive() != null && scope != null && !leg.status().equals("CANCELLED")) {
      add(
          leg.person().id(),
          new Spot(
              "leg:" + leg.leg(),
              scope,
              When.sometime(leg.arrive(), null),
              true,
              Sayings.does(leg),
              List.of(Sayings.ground(leg)),
              leg));
    }
  }

  /** Those whom a meeting names; who is then known not to come is not there. */
  private void named(Meeting meeting) {
    for (String person : meeting.participants()) {
      Presence presence = new Presence(person, Places.of(meeting));
      if (!situation.parties().contains(person) && !isAway(presence)) {
        firm(meeting, presence, List.of());
      }
    }
  }

  private void coming(Meeting meeting) {
    for (Presence presence : derivation.coming(Places.of(meeting))) {
      if (isAway(new Presence(presence.subject(), Places.of(meeting)))) {
        continue;
      }
      if (presence.scope().equals(Places.of(meeting))) {
        firm(meeting, presence, grounds(presence));
      } else {
        perhaps(meeting, presence, "is to be %s, where %s is");
      }
    }
  }

  /** Willingness is not confirmation (rule 8): what it conflicts with is possible at most. */
  private void willing(List<Meeting> meetings) {
    for (Stated stated : derivation.facts().stated()) {
      Presence presence = stated.presence();
      if (stated.status() == AttendanceStatus.WILLING
          && !presence.isOfParty()
          && spots.containsKey(presence.subject())
          && !isAway(presence)) {
        for (Meeting meeting : meetings) {
          String scope = Places.of(meeting);
          if (derivation.facts().containment().contains(presence.scope(), scope)
              && !isAway(new Presence(presence.subject(), scope))) {
            perhaps(meeting, presence, "is willing to be %s, where %s is");
          }
        }
      }
    }
  }

  private boolean isAway(Presence presence) {
    Outcome outcome = derivation.at(presence);
    Observed actual = outcome.actual();
    return actual == null ? outcome.derived() == Derived.NOT_EXPECTED : !actual.present();
  }

  private void firm(Meeting meeting, Presence presence, List<Ground> because) {
    if (firm.computeIfAbsent(presence.subject(), any -> new HashSet<>()).add(meeting.meeting())) {
      add(
          presence.subject(),
          spot(
              meeting,
              Places.scopes(meeting).getFirst(),
              true,
              Sentence.of("is to be at %s", Sayings.is(meeting)),
              because));
    }
  }

  private void perhaps(Meeting meeting, Presence presence, String format) {
    if (!firm.getOrDefault(presence.subject(), Set.of()).contains(meeting.meeting())) {
      String scope = presence.scope();
      boolean isPlace = !scope.equals(Presence.TALKS) && !scope.startsWith(Presence.MEETING);
      add(
          presence.subject(),
          spot(
              meeting,
              isPlace ? scope : Places.scopes(meeting).getFirst(),
              false,
              Sentence.of(format, sayings.where(scope), Sayings.is(meeting)),
              grounds(presence)));
    }
  }

  private static Spot spot(
      Meeting meeting, String scope, boolean firm, Sentence does, List<Ground> because) {
    List<Ground> grounds = new ArrayList<>(because);
    grounds.add(Sayings.ground(meeting));
    When when = when(meeting);
    if (when == null) {
      throw new IllegalStateException(meeting.meeting() + " has no time");
    }
    return new Spot(Places.of(meeting), scope, when, firm, does, List.copyOf(grounds), null);
  }

  private List<Ground> grounds(Presence presence) {
    return sayings.grounds(derivation.at(presence).because());
  }

  private void add(String person, Spot spot) {
    spots.computeIfAbsent(person, any -> new ArrayList<>()).add(spot);
  }
}
