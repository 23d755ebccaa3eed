package io.parley.projection.conflicts;

import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.conflicts.Conflict.Kind;
import io.parley.projection.conflicts.Conflict.Severity;
import io.parley.projection.conflicts.Sentence.Name;
import io.parley.projection.conflicts.Situation.Claimed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What contradicts itself whatever the time: support for both sides of a presence (rule 9), circles
 * of conditions (rule 12), and contested claims that no editor has ranked above or below (rule 28).
 */
final class Contradictions {
  private static final int MOST_TEXT = 200;

  private Contradictions() {}

  static List<Finding> of(Situation situation) {
    List<Finding> found = new ArrayList<>();
    Derivation derivation = situation.derivation();
    Sayings sayings = Sayings.of(situation.meetings());
    for (Presence presence : derivation.disputed()) {
      found.add(
          new Finding(
              Kind.ATTENDANCE,
              Severity.POSSIBLE,
              List.of(Sayings.subject(presence), presence.scope()),
              Sentence.of(
                  "There is support both for %s being %s and against it",
                  Sayings.who(presence), sayings.where(presence.scope())),
              sayings.grounds(derivation.at(presence).because())));
    }
    for (List<String> circle : derivation.cycles()) {
      found.add(circle(circle, derivation.facts().conditions(), sayings));
    }
    situation.claims().stream()
        .filter(Contradictions::isOpen)
        .forEach(claim -> found.add(of(claim)));
    return found;
  }

  private static Finding circle(List<String> circle, List<Condition> conditions, Sayings sayings) {
    Set<String> persons = Set.copyOf(circle);
    return new Finding(
        Kind.CYCLE,
        Severity.POSSIBLE,
        circle.stream().map(person -> "person:" + person).toList(),
        Sentence.of(
            "It depends on each other whether these come: %s",
            Sentence.joined(
                ", ", circle.stream().map(id -> Sentence.of("%s", new Name(id))).toList())),
        conditions.stream()
            .filter(each -> persons.contains(each.dependent().subject()))
            .filter(each -> each.requires() != null && persons.contains(each.requires().subject()))
            .flatMap(sayings::ground)
            .toList());
  }

  /** A rank settles it: PREFERRED over those who contest it, DEPRECATED under them. */
  private static boolean isOpen(Claimed claim) {
    boolean contested = claim.contestedBy() != null && !claim.contestedBy().isEmpty();
    return contested && !"PREFERRED".equals(claim.rank()) && !"DEPRECATED".equals(claim.rank());
  }

  private static Finding of(Claimed claim) {
    List<Ground> because = new ArrayList<>();
    because.add(Ground.of("claim:" + claim.claim(), said(claim)));
    List<Claimed.Voice> voices = claim.contestedBy() == null ? List.of() : claim.contestedBy();
    for (Claimed.Voice voice : voices) {
      because.add(
          Ground.at(
              voice.sequence(),
              voice.by() == null
                  ? Sentence.of("The claim is contested")
                  : Sentence.of("%s contests the claim", new Name(voice.by().id()))));
    }
    return new Finding(
        Kind.SOURCES,
        Severity.POSSIBLE,
        List.of("claim:" + claim.claim()),
        Sentence.of("Sources differ on whether this is so: %s", said(claim)),
        List.copyOf(because));
  }

  private static Sentence said(Claimed claim) {
    String text = claim.text() == null ? claim.claim() : claim.text();
    return Sentence.of("%s", text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text);
  }
}
