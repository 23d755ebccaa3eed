package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.schemas.delegation.AttendanceStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the facts of attendance: who is expected where, and why (rules 9 to 16). A pure
 * function of the facts and of what is assumed; linear in them ({@link Settlement}). Immutable.
 */
public final class Derivation {
  /** Most facts that one question may assume (rule 16). */
  public static final int MOST_ASSUMED = 16;

  /** Facts of a chain that are told. */
  public static final int MOST_TOLD = 100;

  private final Facts facts;
  private final Graph graph;
  private final Layer<Observed> actual;
  private final Settlement settlement;
  private final Because because;
  private final Dependence dependence;

  private Derivation(Facts facts, Graph graph, Layer<Observed> actual, Layer<Assumed> assumed) {
    this.facts = facts;
    this.graph = graph;
    this.actual = actual;
    this.settlement = Settlement.of(graph, actual, assumed);
    this.because = new Because(settlement);
    this.dependence = new Dependence(graph);
  }

  /** What follows from these facts. */
  public static Derivation of(Facts facts) {
    return new Derivation(
        facts,
        new Graph(facts),
        new Layer<>(facts.observed(), facts.containment()),
        new Layer<>(List.of(), facts.containment()));
  }

  /**
   * What would follow if these held too (rule 16). An assumption takes the place of what is derived
   * and of what was seen.
   *
   * @throws IllegalArgumentException where there are too many, or two exclude each other
   */
  public Derivation assuming(List<Assumed> assumed) {
    if (assumed.size() > MOST_ASSUMED) {
      throw new IllegalArgumentException(
          "%d assumed facts, of at most %d".formatted(assumed.size(), MOST_ASSUMED));
    }
    Layer<Assumed> layer = new Layer<>(assumed, facts.containment());
    layer
        .contradicted()
        .ifPresent(
            one -> {
              throw new IllegalArgumentException(
                  "what is assumed of %s at %s is excluded by another assumption"
                      .formatted(one.presence().subject(), one.presence().scope()));
            });
    return new Derivation(facts, graph, actual, layer);
  }

  /** The facts that it follows from. */
  public Facts facts() {
    return facts;
  }

  /** What was said of a presence, by whom ever. */
  public List<Stated> stated(Presence presence) {
    int node = graph.find(presence);
    return node == Graph.NONE ? List.of() : List.copyOf(graph.stated(node));
  }

  /** What is derived of a presence, and why. */
  public Outcome at(Presence presence) {
    int node = graph.find(presence);
    Because.Told told = because.of(presence, MOST_TOLD);
    return new Outcome(
        derived(presence),
        node != Graph.NONE && settlement.disputed(node),
        actual.at(presence),
        told.facts(),
        told.cut());
  }

  /** What is derived of a presence. */
  public Derived derived(Presence presence) {
    Assumed assumed = settlement.assumed().at(presence);
    if (assumed != null) {
      return assumed.present() ? Derived.EXPECTED : Derived.NOT_EXPECTED;
    }
    int node = graph.find(presence);
    if (node != Graph.NONE) {
      return settlement.derived(node);
    }
    Containment containment = facts.containment();
    for (Map.Entry<String, Integer> other : graph.scopes(presence.subject()).entrySet()) {
      Derived derived = settlement.derived(other.getValue());
      if (derived == Derived.EXPECTED && containment.contains(presence.scope(), other.getKey())) {
        return derived;
      }
      if (derived == Derived.NOT_EXPECTED
          && containment.contains(other.getKey(), presence.scope())) {
        return derived;
      }
    }
    return Derived.UNDETERMINED;
  }

  /**
   * Everybody of whom something is known that bears on a scope: stated, conditional, seen or
   * assumed, there or in a scope that contains it or lies in it. Subjects of {@link Presence}, in
   * the order of their ids.
   */
  public Set<String> bearing(String scope) {
    Containment containment = facts.containment();
    Set<String> found = new TreeSet<>();
    for (String subject : graph.subjects()) {
      if (graph.scopes(subject).keySet().stream()
          .anyMatch(other -> containment.comparable(scope, other))) {
        found.add(subject);
      }
    }
    for (Layer<?> layer : List.of(actual, settlement.assumed())) {
      layer.all().stream()
          .map(Fact.Seen::presence)
          .filter(presence -> containment.comparable(scope, presence.scope()))
          .forEach(presence -> found.add(presence.subject()));
    }
    return found;
  }

  /**
   * The persons who were said to be, or are expected, in a scope that contains this one (rule 19):
   * for each, the narrowest such scope. By id.
   */
  public List<Presence> coming(String scope) {
    Set<String> around = new LinkedHashSet<>(List.of(scope));
    around.addAll(facts.containment().wider(scope));
    Map<String, Presence> coming = new TreeMap<>();
    for (int node = 0; node < graph.size(); node++) {
      Presence presence = graph.node(node);
      if (presence.isOfParty()) {
        continue;
      }
      String there = null;
      if (settlement.derived(node) == Derived.EXPECTED) {
        there = narrowest(around, presence.scope());
      } else if (around.contains(presence.scope()) && confirmed(node)) {
        there = presence.scope();
      }
      if (there != null) {
        coming.merge(
            presence.subject(),
            new Presence(presence.subject(), there),
            (one, other) -> facts.containment().contains(one.scope(), other.scope()) ? other : one);
      }
    }
    return List.copyOf(coming.values());
  }

  private boolean confirmed(int node) {
    return graph.stated(node).stream()
        .anyMatch(stated -> stated.status() == AttendanceStatus.CONFIRMED);
  }

  /** The narrowest of these scopes in which somebody is who is in that scope. */
  private @Nullable String narrowest(Set<String> scopes, String in) {
    Containment containment = facts.containment();
    return scopes.stream()
        .filter(each -> containment.contains(each, in))
        .reduce((one, other) -> containment.contains(one, other) ? other : one)
        .orElse(null);
  }

  /** Presences with support for both sides (rule 9), by subject and scope. */
  public List<Presence> disputed() {
    List<Presence> found = new ArrayList<>();
    for (int node = 0; node < graph.size(); node++) {
      if (settlement.disputed(node)) {
        found.add(graph.node(node));
      }
    }
    found.sort(Comparator.comparing(Presence::subject).thenComparing(Presence::scope));
    return found;
  }

  /** The circles of conditions (rule 12): the persons of each, one depending on the next. */
  public List<List<String>> cycles() {
    return dependence.cycles();
  }

  /** Who depends on a person, directly and through others, by person and scope. */
  public List<Dependent> dependents(String person) {
    return dependence.on(person);
  }
}
