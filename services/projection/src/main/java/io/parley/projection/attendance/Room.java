package io.parley.projection.attendance;

import io.parley.projection.attendance.derivation.Containment;
import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Facts;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.delegations.Delegation;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.shape.Located;
import io.parley.schemas.Confidence;
import io.parley.schemas.delegation.Roster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Attendance in one negotiation as of one moment: what follows from the facts, and what is needed
 * to show it.
 *
 * @param derivation who is expected where, and why
 * @param meetings titles of the meetings, by id
 * @param parties the party of each subject of a {@link Presence}, as far as it is known
 * @param versions version of each subject's aggregate, for {@code If-Match}
 */
public record Room(
    Derivation derivation,
    Map<String, String> meetings,
    Map<String, String> parties,
    Map<String, Long> versions) {

  static Room of(
      List<Attendance> attendance,
      List<StandingCondition> conditions,
      List<Placement> places,
      List<Meeting> meetings,
      List<Delegation> delegations) {
    List<Facts.Delegates> delegates =
        delegations.stream().filter(Delegation::published).map(Room::delegates).toList();
    Facts facts =
        new Facts(
            attendance.stream().flatMap(each -> each.stated().stream()).toList(),
            conditions.stream()
                .filter(each -> !each.withdrawn())
                .map(StandingCondition::condition)
                .toList(),
            attendance.stream().flatMap(each -> Stream.ofNullable(each.observed())).toList(),
            new Containment(directly(places, meetings)),
            delegates);
    Map<String, Long> versions = new HashMap<>();
    attendance.forEach(
        each -> versions.merge(each.presence().subject(), each.version(), Math::max));
    Map<String, String> titles = new HashMap<>();
    meetings.forEach(meeting -> titles.put(meeting.meeting(), meeting.title()));
    return new Room(Derivation.of(facts), titles, parties(facts), versions);
  }

  private static Facts.Delegates delegates(Delegation delegation) {
    Set<String> members = new HashSet<>();
    delegation.members().forEach(seat -> members.add(seat.person().id()));
    if (delegation.head() != null) {
      members.add(delegation.head().id());
    }
    return new Facts.Delegates(delegation.party(), members, delegation.roster() == Roster.COMPLETE);
  }

  private static Map<String, Set<String>> directly(List<Placement> places, List<Meeting> meetings) {
    Map<String, Set<String>> directly = new HashMap<>();
    places.forEach(each -> put(directly, each.scope(), each.within()));
    for (Meeting meeting : meetings) {
      String scope = Presence.MEETING + meeting.meeting();
      put(directly, scope, Placement.scope(meeting.place().kind(), meeting.place().id()));
      Located venue = meeting.venue();
      if (venue != null) {
        put(directly, scope, Placement.venue(venue.kind(), venue.id()));
      }
    }
    return directly;
  }

  private static void put(
      Map<String, Set<String>> directly, String scope, @Nullable String within) {
    if (within != null) {
      directly.computeIfAbsent(scope, any -> new LinkedHashSet<>()).add(within);
    }
  }

  /** What was said last counts; where nothing was said, whose delegation somebody is on. */
  private static Map<String, String> parties(Facts facts) {
    Map<String, String> parties = new HashMap<>();
    facts
        .delegations()
        .forEach(each -> each.members().forEach(member -> parties.put(member, each.party())));
    for (Stated stated : facts.stated()) {
      if (stated.party() != null) {
        parties.put(stated.presence().subject(), stated.party());
      }
    }
    return parties;
  }

  /** Whether somebody is on a delegation; a sure no only where its roster is COMPLETE (rule 7). */
  public enum Membership {
    MEMBER,
    NOT_A_MEMBER,
    UNKNOWN
  }

  /** Whether a person is on the delegation of their party. */
  Membership membership(String person) {
    String party = parties.get(person);
    for (Facts.Delegates delegates : derivation.facts().delegations()) {
      if (delegates.party().equals(party)) {
        if (delegates.members().contains(person)) {
          return Membership.MEMBER;
        }
        return delegates.complete() ? Membership.NOT_A_MEMBER : Membership.UNKNOWN;
      }
    }
    return Membership.UNKNOWN;
  }

  /** What was said of a presence; the subject's own words first, then by confidence (rule 28). */
  List<Stated> stated(Presence presence) {
    List<Stated> found = new ArrayList<>(derivation.stated(presence));
    found.sort(
        Comparator.comparing((Stated each) -> !each.speaker().equals(presence.id()))
            .thenComparing(
                each ->
                    each.source() == null ? Confidence.UNRECOGNIZED : each.source().confidence())
            .thenComparing(Stated::sequence, Comparator.reverseOrder()));
    return found;
  }
}
