package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Assessed;
import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Seen;
import io.parley.projection.attendance.derivation.Fact.Stated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which side of each presence is supported, and whether it is settled (rule 9).
 *
 * <p>A side is settled where it has support and the other has none. Because support for the other
 * side takes that away again, two bounds are kept: what is supported for certain, and what is
 * possibly supported. What is possible is found from what is certain so far, and then the reverse,
 * until neither changes: the well-founded model of A. Van Gelder, K. Ross and J. Schlipf (1991),
 * which is the least fixed point of the two bounds. What supports only itself in a circle is in
 * neither. Where no support meets support for the other side, one run finds it.
 *
 * <p>Presences that depend on each other are settled together, after those that they depend on, so
 * that the work is linear in the facts and only within a circle grows with the conflicts in it.
 */
final class Settlement {
  private static final Side[] SIDES = Side.values();

  private final Graph graph;
  private final Layer<Observed> actual;
  private final Layer<Assumed> assumed;

  /** What a condition reads of the presence whatever is derived: seen or assumed; else null. */
  private final @Nullable Seen[] read;

  /** The sides that are assumed. */
  private final byte[] pinned;

  private final byte[] certain;
  private final byte[] possible;
  private final int[] component;
  private final List<int[]> components;

  private Settlement(Graph graph, Layer<Observed> actual, Layer<Assumed> assumed) {
    this.graph = graph;
    this.actual = actual;
    this.assumed = assumed;
    int size = graph.size();
    read = new Seen[size];
    pinned = new byte[size];
    certain = new byte[size];
    possible = new byte[size];
    component = new int[size];
    for (int node = 0; node < size; node++) {
      Assumed taken = assumed.at(graph.node(node));
      if (taken != null) {
        pinned[node] = (byte) Side.of(taken.present()).bit;
        read[node] = taken;
      } else {
        read[node] = actual.at(graph.node(node));
      }
    }
    components = Components.of(size, premises()::get);
  }

  /** The settlement of the facts, with what is assumed in place of what is known. */
  static Settlement of(Graph graph, Layer<Observed> actual, Layer<Assumed> assumed) {
    Settlement settlement = new Settlement(graph, actual, assumed);
    settlement.settle();
    return settlement;
  }

  private List<List<Integer>> premises() {
    List<List<Integer>> premises = new ArrayList<>(graph.size());
    for (int node = 0; node < graph.size(); node++) {
      List<Integer> from = new ArrayList<>(graph.wider(node));
      from.addAll(graph.narrower(node));
      for (int condition : graph.on(node)) {
        if (graph.requirement(condition) != Graph.NONE) {
          from.add(graph.requirement(condition));
        }
      }
      premises.add(from);
    }
    return premises;
  }

  Graph graph() {
    return graph;
  }

  /** What was seen. */
  Layer<Observed> actual() {
    return actual;
  }

  /** What is assumed. */
  Layer<Assumed> assumed() {
    return assumed;
  }

  /** Whether this side is what the presence comes to. */
  boolean settled(int node, Side side, Mode mode) {
    if (pinned[node] != 0) {
      return side.in(pinned[node]);
    }
    return side.in(supports(mode)[node]) && !side.other().in(supports(mode.other())[node]);
  }

  /** Whether something supports this side. */
  boolean supported(int node, Side side, Mode mode) {
    return side.in(supports(mode)[node]);
  }

  /** Whether both sides have support (rule 9). */
  boolean disputed(int node) {
    return pinned[node] == 0 && Side.PRESENT.in(possible[node]) && Side.ABSENT.in(possible[node]);
  }

  Derived derived(int node) {
    if (settled(node, Side.PRESENT, Mode.CERTAIN)) {
      return Derived.EXPECTED;
    }
    return settled(node, Side.ABSENT, Mode.CERTAIN) ? Derived.NOT_EXPECTED : Derived.UNDETERMINED;
  }

  /** What was seen or is assumed of a presence, which a condition reads first; else null. */
  @Nullable Seen read(int node) {
    return read[node];
  }

  /**
   * Whether a requirement is on this side, by what the graph says (rule 9: actual, then derived).
   */
  boolean reads(int node, Side side, Mode mode) {
    Seen seen = read[node];
    return seen == null ? settled(node, side, mode) : Side.of(seen.present()) == side;
  }

  /**
   * Whether an editor's assessment puts the condition on this side: where the graph cannot (14).
   */
  boolean assessed(int condition, Side side, Mode mode) {
    Assessed assessed = graph.condition(condition).assessed();
    if (assessed == null || assessed.side() != side) {
      return false;
    }
    int requirement = graph.requirement(condition);
    return requirement == Graph.NONE || !reads(requirement, side.other(), mode.other());
  }

  /** Whether a condition supports this side of its dependent. */
  boolean entails(int condition, Side side, Mode mode) {
    if (!graph.condition(condition).carries(side)) {
      return false;
    }
    int requirement = graph.requirement(condition);
    return (requirement != Graph.NONE && reads(requirement, side, mode))
        || assessed(condition, side, mode);
  }

  private byte[] supports(Mode mode) {
    return mode == Mode.CERTAIN ? certain : possible;
  }

  private void settle() {
    for (int number = 0; number < components.size(); number++) {
      for (int node : components.get(number)) {
        component[node] = number;
      }
    }
    for (int[] members : components) {
      byte[] before = new byte[members.length];
      do {
        for (int i = 0; i < members.length; i++) {
          before[i] = certain[members[i]];
        }
        new Run(Mode.POSSIBLE, members).run();
        new Run(Mode.CERTAIN, members).run();
      } while (!decided(members) && !same(members, before));
    }
  }

  private boolean decided(int[] members) {
    return Arrays.stream(members).allMatch(node -> certain[node] == possible[node]);
  }

  private boolean same(int[] members, byte[] before) {
    for (int i = 0; i < members.length; i++) {
      if (certain[members[i]] != before[i]) {
        return false;
      }
    }
    return true;
  }

  /** Finds the support within a component anew, the other bound as it stands. */
  private final class Run {
    private final Mode mode;
    private final int[] members;
    private final byte[] found;

    /** Supported sides whose consequences are still to be drawn: node and side. */
    private final int[] open;

    private int height;

    Run(Mode mode, int[] members) {
      this.mode = mode;
      this.members = members;
      this.found = supports(mode);
      this.open = new int[2 * members.length];
    }

    void run() {
      for (int node : members) {
        found[node] = 0;
      }
      for (int node : members) {
        for (Stated stated : graph.stated(node)) {
          Side side = Graph.supported(stated);
          if (side != null) {
            add(node, side);
          }
        }
        for (Side side : SIDES) {
          for (int condition : graph.on(node)) {
            if (entails(condition, side, mode)) {
              add(node, side);
            }
          }
          for (int other : graph.entailing(node, side)) {
            if (settled(other, side, mode)) {
              add(node, side);
            }
          }
        }
      }
      while (height > 0) {
        int next = open[--height];
        follow(next / 2, Side.numbered(next));
      }
    }

    private void add(int node, Side side) {
      if (!side.in(found[node])) {
        found[node] |= (byte) side.bit;
        open[height++] = side.of(node);
      }
    }

    private void follow(int node, Side side) {
      if (settled(node, side, mode)) {
        for (int other : graph.entailed(node, side)) {
          addHere(node, other, side);
        }
      }
      // Also where it is not settled: an assessment may count from now on.
      for (int condition : graph.resting(node)) {
        if (entails(condition, side, mode)) {
          addHere(node, graph.dependent(condition), side);
        }
      }
    }

    /** What depends on this component from outside is settled later, and looks here itself. */
    private void addHere(int from, int node, Side side) {
      if (component[node] == component[from]) {
        add(node, side);
      }
    }
  }
}
