package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Assessed;
import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Facts, short to write: {@code putin@talks}. The opening lies in Istanbul, the dinner in Ankara,
 * both cities in Türkiye.
 */
final class Given {
  static final Containment TURKIYE =
      new Containment(
          Map.of(
              "meeting:opening", Set.of("venue:palace", "city:istanbul"),
              "venue:palace", Set.of("city:istanbul"),
              "meeting:dinner", Set.of("city:ankara"),
              "city:istanbul", Set.of("country:turkiye"),
              "city:ankara", Set.of("country:turkiye")));

  private final List<Stated> stated = new ArrayList<>();
  private final Map<String, Condition> conditions = new HashMap<>();
  private final List<Observed> observed = new ArrayList<>();
  private long sequence;

  static Presence presence(String text) {
    int at = text.indexOf('@');
    return new Presence(text.substring(0, at), text.substring(at + 1));
  }

  static Assumed assumed(String presence, boolean present) {
    return new Assumed(presence(presence), present);
  }

  Given says(String speaker, String presence, AttendanceStatus status) {
    stated.add(new Stated(presence(presence), null, status, speaker, null, ++sequence, null));
    return this;
  }

  Given says(String presence, AttendanceStatus status) {
    return says("report", presence, status);
  }

  Given condition(String id, String dependent, ConditionKind kind, String requires) {
    return condition(id, dependent, kind, presence(requires), null);
  }

  Given text(String id, String dependent, ConditionKind kind, String text) {
    return condition(id, dependent, kind, null, text);
  }

  private Given condition(
      String id,
      String dependent,
      ConditionKind kind,
      @Nullable Presence requires,
      @Nullable String text) {
    conditions.put(
        id, new Condition(id, presence(dependent), kind, requires, text, null, ++sequence, null));
    return this;
  }

  Given assess(String id, Assessment result) {
    Condition before = conditions.get(id);
    if (before == null) {
      throw new IllegalArgumentException("no condition " + id);
    }
    conditions.put(
        id,
        new Condition(
            id,
            before.dependent(),
            before.kind(),
            before.requires(),
            before.text(),
            new Assessed(id, result, "a reason", ++sequence, null),
            before.sequence(),
            null));
    return this;
  }

  Given sees(String presence, boolean present) {
    observed.removeIf(before -> before.presence().equals(presence(presence)));
    observed.add(new Observed(presence(presence), present, null, ++sequence, null));
    return this;
  }

  Facts facts() {
    return new Facts(stated, List.copyOf(conditions.values()), observed, TURKIYE, List.of());
  }

  Derivation derivation() {
    return Derivation.of(facts());
  }

  Derived derived(String presence) {
    return derivation().derived(presence(presence));
  }

  Outcome outcome(String presence) {
    return derivation().at(presence(presence));
  }

  /** The sequence numbers of the chain, in its order. */
  List<Long> because(String presence) {
    List<Long> chain = new ArrayList<>();
    outcome(presence)
        .because()
        .forEach(fact -> chain.add(fact.sequence() == null ? 0 : fact.sequence()));
    return chain;
  }

  static Set<String> subjects(List<Presence> presences) {
    Set<String> subjects = new LinkedHashSet<>();
    presences.forEach(each -> subjects.add(each.subject() + "@" + each.scope()));
    return subjects;
  }
}
