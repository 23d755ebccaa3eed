package io.parley.projection.conflicts;

import io.parley.projection.attendance.derivation.Fact;
import io.parley.projection.attendance.derivation.Fact.Assessed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Seen;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.conflicts.Sentence.Name;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is on record, in words.
 *
 * @param titles titles of the meetings, by id
 */
record Sayings(Map<String, String> titles) {
  static Sayings of(Collection<Meeting> meetings) {
    return new Sayings(
        meetings.stream().collect(Collectors.toMap(Meeting::meeting, Meeting::title)));
  }

  /** The subject of a presence: a person, or the representatives of a party. */
  static String subject(Presence presence) {
    return presence.isOfParty() ? presence.subject() : "person:" + presence.subject();
  }

  static Sentence who(Presence presence) {
    return Sentence.of(presence.isOfParty() ? "Somebody of %s" : "%s", new Name(presence.id()));
  }

  /** Where a scope is. */
  Sentence where(String scope) {
    if (scope.equals(Presence.TALKS)) {
      return Sentence.of("at the talks");
    }
    String id = scope.substring(scope.indexOf(':') + 1);
    if (scope.startsWith(Presence.MEETING)) {
      return Sentence.of("at '%s'", titles.getOrDefault(id, id));
    }
    return Sentence.of(scope.startsWith("venue:") ? "at %s" : "in %s", new Name(id));
  }

  static Sentence does(Leg leg) {
    Located to = leg.to();
    Temporal arrive = leg.arrive();
    Temporal depart = leg.depart();
    return Sentence.of(
        "%s %s%s",
        arrive == null && depart != null ? "leaves for" : "arrives in",
        to == null ? "a place that is not known" : new Name(to.id()),
        arrive != null ? on(arrive) : depart != null ? on(depart) : "");
  }

  static Sentence does(Stay stay) {
    Located place = stay.place();
    Temporal from = stay.from();
    Temporal to = stay.to();
    return Sentence.of(
        "is in %s%s%s",
        place == null ? "a place that is not known" : new Name(place.id()),
        from == null ? "" : " from " + When.said(from),
        to == null ? "" : " until " + When.said(to));
  }

  static Sentence is(Meeting meeting) {
    Temporal start = meeting.start();
    return Sentence.of(
        "'%s' in %s%s",
        meeting.title(), new Name(meeting.place().id()), start == null ? "" : on(start));
  }

  private static String on(Temporal value) {
    return " on " + When.said(value);
  }

  static Ground ground(Leg leg) {
    return Ground.of(
        "leg:" + leg.leg(), Sentence.of("%s %s", new Name(leg.person().id()), does(leg)));
  }

  static Ground ground(Stay stay) {
    return Ground.of(
        "stay:" + stay.stay(), Sentence.of("%s %s", new Name(stay.person().id()), does(stay)));
  }

  static Ground ground(Meeting meeting) {
    return Ground.of("meeting:" + meeting.meeting(), is(meeting));
  }

  /** What a presence follows from; nothing that is assumed. */
  List<Ground> grounds(List<Fact> facts) {
    return facts.stream().flatMap(this::ground).toList();
  }

  Stream<Ground> ground(Fact fact) {
    Long sequence = fact.sequence();
    return sequence == null ? Stream.of() : Stream.of(Ground.at(sequence, of(fact)));
  }

  private Sentence of(Fact fact) {
    return switch (fact) {
      case Stated stated ->
          Sentence.of(
              "%s %s: %s",
              who(stated.presence()), where(stated.presence().scope()), stated.status());
      case Seen seen ->
          Sentence.of(
              seen.present() ? "%s was seen %s" : "%s was absent %s",
              who(seen.presence()),
              where(seen.presence().scope()));
      case Condition condition -> of(condition);
      case Assessed assessed ->
          Sentence.of(
              "An editor finds the condition %s: %s",
              assessed.result().name().toLowerCase(Locale.ROOT), assessed.reason());
    };
  }

  private Sentence of(Condition condition) {
    Presence requires = condition.requires();
    @Nullable String text = condition.text();
    return Sentence.of(
        "%s %s %s %s",
        who(condition.dependent()),
        where(condition.dependent().scope()),
        condition.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        requires == null
            ? String.valueOf(text)
            : Sentence.of("%s %s", who(requires), where(requires.scope())));
  }
}
