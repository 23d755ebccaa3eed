package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Seen;
import io.parley.projection.attendance.derivation.Fact.Stated;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts that a presence follows from, or would follow from if they were settled (rule 14):
 * those about it first, then those that these rest on. Of several ways to the same side the
 * shortest are told. A chain is told up to a bound: the nearest facts.
 */
final class Because {
  private static final Side[] SIDES = Side.values();
  private static final int UNREACHED = Integer.MAX_VALUE;

  private final Settlement settlement;
  private final Graph graph;

  /** How many steps a supported side is from the facts, by node and side. */
  private final int[] steps;

  Because(Settlement settlement) {
    this.settlement = settlement;
    this.graph = settlement.graph();
    this.steps = new int[2 * graph.size()];
    Arrays.fill(steps, UNREACHED);
    for (Mode mode : Mode.values()) {
      count(mode);
    }
  }

  /** Breadth first, so that each is reached in the fewest steps; what is certain comes first. */
  private void count(Mode mode) {
    Deque<Integer> open = new ArrayDeque<>();
    for (int node = 0; node < graph.size(); node++) {
      for (Side side : SIDES) {
        int here = side.of(node);
        if (steps[here] == UNREACHED
            && isSupported(node, side, mode)
            && restsOnFacts(node, side, mode)) {
          steps[here] = 0;
        }
        if (steps[here] != UNREACHED) {
          open.add(here);
        }
      }
    }
    while (!open.isEmpty()) {
      int next = open.remove();
      int node = next / 2;
      Side side = Side.numbered(next);
      if (!settlement.settled(node, side, mode)) {
        continue;
      }
      graph.entailed(node, side).forEach(other -> reach(other, side, mode, next, open));
      if (settlement.read(node) == null) {
        for (int condition : graph.resting(node)) {
          if (graph.condition(condition).carries(side)) {
            reach(graph.dependent(condition), side, mode, next, open);
          }
        }
      }
    }
  }

  private void reach(int node, Side side, Mode mode, int from, Deque<Integer> open) {
    if (steps[side.of(node)] == UNREACHED && isSupported(node, side, mode)) {
      steps[side.of(node)] = steps[from] + 1;
      open.add(side.of(node));
    }
  }

  private boolean isSupported(int node, Side side, Mode mode) {
    return settlement.supported(node, side, mode) || settlement.settled(node, side, mode);
  }

  /** Whether it rests on a fact itself, and not on another derived presence. */
  private boolean restsOnFacts(int node, Side side, Mode mode) {
    return settlement.assumed().at(graph.node(node)) != null
        || graph.stated(node).stream().anyMatch(stated -> Graph.supported(stated) == side)
        || graph.on(node).stream().anyMatch(condition -> ofFacts(condition, side, mode));
  }

  /** Whether a condition supports this side by what was seen, assumed or assessed alone. */
  private boolean ofFacts(int condition, Side side, Mode mode) {
    if (!settlement.entails(condition, side, mode)) {
      return false;
    }
    int requirement = graph.requirement(condition);
    return requirement == Graph.NONE
        || settlement.read(requirement) != null
        || settlement.assessed(condition, side, mode);
  }

  /**
   * A chain.
   *
   * @param facts the facts, the nearest first
   * @param cut whether farther ones are left out
   */
  record Told(List<Fact> facts, boolean cut) {}

  /** The chain for a presence, numbered or not. */
  Told of(Presence presence, int most) {
    Chain chain = new Chain(most);
    Fact.Assumed assumed = settlement.assumed().at(presence);
    if (assumed != null) {
      chain.facts.add(assumed);
    } else {
      int node = graph.find(presence);
      if (node != Graph.NONE) {
        chain.whatever(node);
      } else {
        chain.unnumbered(presence);
      }
    }
    chain.follow();
    Seen seen = settlement.actual().at(presence);
    if (seen != null) {
      chain.facts.add(seen);
    }
    return new Told(List.copyOf(chain.facts), !chain.open.isEmpty());
  }

  /** A chain as it grows, breadth first. */
  private final class Chain {
    private final int most;
    private final Set<Fact> facts = new LinkedHashSet<>();
    private final Set<Object> visited = new HashSet<>();
    private final Deque<Runnable> open = new ArrayDeque<>();

    Chain(int most) {
      this.most = most;
    }

    void follow() {
      while (!open.isEmpty() && facts.size() < most) {
        open.remove().run();
      }
    }

    private void later(Object what, Runnable step) {
      if (visited.add(what)) {
        open.add(step);
      }
    }

    /** What no fact is about follows from other scopes of the same subject (rule 10). */
    void unnumbered(Presence presence) {
      boolean any = false;
      for (Map.Entry<String, Integer> other : graph.scopes(presence.subject()).entrySet()) {
        Side side = entailed(presence.scope(), other.getKey(), other.getValue());
        if (side != null) {
          any = true;
          side(other.getValue(), side);
        }
      }
      if (!any) {
        open(presence);
      }
    }

    private @Nullable Side entailed(String scope, String other, int node) {
      Containment containment = graph.facts().containment();
      if (containment.contains(scope, other)
          && settlement.settled(node, Side.PRESENT, Mode.CERTAIN)) {
        return Side.PRESENT;
      }
      return containment.contains(other, scope)
              && settlement.settled(node, Side.ABSENT, Mode.CERTAIN)
          ? Side.ABSENT
          : null;
    }

    void whatever(int node) {
      boolean any = false;
      for (Side side : SIDES) {
        if (settlement.settled(node, side, Mode.CERTAIN)
            || (settlement.disputed(node) && settlement.supported(node, side, Mode.POSSIBLE))) {
          any = true;
          side(node, side);
        }
      }
      if (!any) {
        open(graph.node(node));
      }
    }

    /** Why a side is supported. */
    private void side(int node, Side side) {
      later(
          List.of(node, side),
          () -> {
            Fact.Assumed assumed = settlement.assumed().at(graph.node(node));
            if (assumed != null) {
              facts.add(assumed);
              return;
            }
            int step = steps[side.of(node)];
            Mode mode =
                settlement.supported(node, side, Mode.CERTAIN) ? Mode.CERTAIN : Mode.POSSIBLE;
            if (step == 0) {
              ground(node, side, mode);
            } else {
              above(node, side, step, mode);
            }
          });
    }

    private void ground(int node, Side side, Mode mode) {
      for (Stated stated : graph.stated(node)) {
        if (Graph.supported(stated) == side) {
          facts.add(stated);
        }
      }
      for (int condition : graph.on(node)) {
        if (ofFacts(condition, side, mode)) {
          condition(condition, side);
        }
      }
    }

    private void above(int node, Side side, int step, Mode mode) {
      for (int condition : graph.on(node)) {
        int requirement = graph.requirement(condition);
        if (requirement != Graph.NONE
            && settlement.entails(condition, side, mode)
            && steps[side.of(requirement)] < step) {
          facts.add(graph.condition(condition));
          side(requirement, side);
        }
      }
      for (int other : graph.entailing(node, side)) {
        if (settlement.settled(other, side, mode) && steps[side.of(other)] < step) {
          side(other, side);
        }
      }
    }

    /** A condition with what puts it on this side: what was seen, or how it was assessed. */
    private void condition(int number, Side side) {
      Condition condition = graph.condition(number);
      facts.add(condition);
      int requirement = graph.requirement(number);
      Seen seen = requirement == Graph.NONE ? null : settlement.read(requirement);
      if (seen != null && Side.of(seen.present()) == side) {
        facts.add(seen);
      } else if (condition.assessed() != null) {
        facts.add(condition.assessed());
      }
    }

    /** What bears on a presence and settles nothing: what was said, and on what it depends. */
    private void open(Presence presence) {
      later(
          presence,
          () ->
              graph.scopes(presence.subject()).entrySet().stream()
                  .filter(
                      other ->
                          graph.facts().containment().comparable(presence.scope(), other.getKey()))
                  .sorted(Map.Entry.comparingByValue())
                  .forEach(other -> unsettled(other.getValue())));
    }

    private void unsettled(int node) {
      facts.addAll(graph.stated(node));
      List<Integer> requirements = new ArrayList<>();
      for (int number : graph.on(node)) {
        Condition condition = graph.condition(number);
        facts.add(condition);
        if (condition.assessed() != null) {
          facts.add(condition.assessed());
        }
        int requirement = graph.requirement(number);
        if (requirement != Graph.NONE) {
          Seen seen = settlement.read(requirement);
          if (seen != null) {
            facts.add(seen);
          } else {
            requirements.add(requirement);
          }
        }
      }
      requirements.forEach(this::whatever);
    }
  }
}
