package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Stated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The presences that facts are about, numbered, and what leads from one to another. A presence that
 * no fact is about needs no number: it follows from those of the same subject (rule 10).
 */
final class Graph {
  static final int NONE = -1;

  private final Facts facts;
  private final List<Presence> nodes = new ArrayList<>();
  private final Map<String, Map<String, Integer>> numbers = new HashMap<>();
  private final List<List<Stated>> stated = new ArrayList<>();
  private final List<List<Integer>> wider = new ArrayList<>();
  private final List<List<Integer>> narrower = new ArrayList<>();
  private final List<List<Integer>> on = new ArrayList<>();
  private final List<List<Integer>> resting = new ArrayList<>();
  private final int[] dependents;
  private final int[] requirements;

  Graph(Facts facts) {
    this.facts = facts;
    facts.stated().forEach(each -> stated.get(number(each.presence())).add(each));
    int count = facts.conditions().size();
    dependents = new int[count];
    requirements = new int[count];
    for (int c = 0; c < count; c++) {
      Condition condition = facts.conditions().get(c);
      dependents[c] = number(condition.dependent());
      on.get(dependents[c]).add(c);
      Presence requires = condition.requires();
      requirements[c] = requires == null ? NONE : number(requires);
      if (requires != null) {
        resting.get(requirements[c]).add(c);
      }
    }
    for (int node = 0; node < nodes.size(); node++) {
      Presence presence = nodes.get(node);
      Map<String, Integer> scopes = numbers.getOrDefault(presence.subject(), Map.of());
      if (scopes.size() > 1) {
        for (String wide : facts.containment().wider(presence.scope())) {
          Integer around = scopes.get(wide);
          if (around != null) {
            wider.get(node).add(around);
            narrower.get(around).add(node);
          }
        }
      }
    }
  }

  private int number(Presence presence) {
    Map<String, Integer> scopes =
        numbers.computeIfAbsent(presence.subject(), any -> new HashMap<>(4));
    Integer known = scopes.get(presence.scope());
    if (known != null) {
      return known;
    }
    int node = nodes.size();
    scopes.put(presence.scope(), node);
    nodes.add(presence);
    for (List<List<Integer>> edges : List.of(wider, narrower, on, resting)) {
      edges.add(new ArrayList<>(2));
    }
    stated.add(new ArrayList<>(1));
    return node;
  }

  Facts facts() {
    return facts;
  }

  int size() {
    return nodes.size();
  }

  Presence node(int node) {
    return nodes.get(node);
  }

  /** The number of a presence; {@link #NONE} where no fact is about it. */
  int find(Presence presence) {
    return scopes(presence.subject()).getOrDefault(presence.scope(), NONE);
  }

  /** The scopes of a subject that facts are about, with their numbers. */
  Map<String, Integer> scopes(String subject) {
    return numbers.getOrDefault(subject, Map.of());
  }

  /** Everybody whom a statement or a condition is about. */
  Iterable<String> subjects() {
    return numbers.keySet();
  }

  /** What was said of a presence. */
  List<Stated> stated(int node) {
    return stated.get(node);
  }

  /** Presences of the same subject in wider scopes. */
  List<Integer> wider(int node) {
    return wider.get(node);
  }

  /** Presences of the same subject in narrower scopes. */
  List<Integer> narrower(int node) {
    return narrower.get(node);
  }

  /**
   * What on this side of a presence is entailed on another: up where present, down where absent.
   */
  List<Integer> entailed(int node, Side side) {
    return side == Side.PRESENT ? wider(node) : narrower(node);
  }

  /** The presences that would entail this side of this one. */
  List<Integer> entailing(int node, Side side) {
    return side == Side.PRESENT ? narrower(node) : wider(node);
  }

  /** Conditions that the presence depends on. */
  List<Integer> on(int node) {
    return on.get(node);
  }

  /** Conditions that rest on the presence. */
  List<Integer> resting(int node) {
    return resting.get(node);
  }

  Condition condition(int condition) {
    return facts.conditions().get(condition);
  }

  int dependent(int condition) {
    return dependents[condition];
  }

  /** The presence that a condition rests on; {@link #NONE} where it rests on a text. */
  int requirement(int condition) {
    return requirements[condition];
  }

  /** The side that a statement alone supports (rule 9); null: neither. */
  static @Nullable Side supported(Stated stated) {
    return switch (stated.status()) {
      case CONFIRMED -> Side.PRESENT;
      case DECLINED -> Side.ABSENT;
      case UNCLEAR, WILLING, UNRECOGNIZED -> null;
    };
  }
}
