package io.parley.projection.attendance.derivation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who depends on whom, whatever anybody said: the conditions alone (rules 11 and 12). */
final class Dependence {
  private final Graph graph;

  Dependence(Graph graph) {
    this.graph = graph;
  }

  /** Everything that depends on a person, by person and scope; the shortest way is told. */
  List<Dependent> on(String person) {
    Map<Integer, List<String>> reached = new LinkedHashMap<>();
    Deque<Integer> open = new ArrayDeque<>();
    for (int required : graph.scopes(person).values()) {
      depend(required, List.of(), reached, open);
    }
    while (!open.isEmpty()) {
      int node = open.remove();
      List<String> via = new ArrayList<>(reached.getOrDefault(node, List.of()));
      String between = graph.node(node).subject();
      if (!via.contains(between)) {
        via.add(between);
      }
      for (int required : comparable(node)) {
        depend(required, List.copyOf(via), reached, open);
      }
    }
    return reached.entrySet().stream()
        .map(
            each ->
                new Dependent(
                    graph.node(each.getKey()), each.getValue().isEmpty(), each.getValue()))
        .filter(dependent -> !dependent.presence().subject().equals(person))
        .sorted(
            Comparator.comparing((Dependent each) -> each.presence().subject())
                .thenComparing(each -> each.presence().scope()))
        .toList();
  }

  private void depend(
      int required, List<String> via, Map<Integer, List<String>> reached, Deque<Integer> open) {
    for (int condition : graph.resting(required)) {
      int dependent = graph.dependent(condition);
      if (reached.putIfAbsent(dependent, via) == null) {
        open.add(dependent);
      }
    }
  }

  /** The presences of the same subject that this one can bear on, itself among them. */
  private List<Integer> comparable(int node) {
    List<Integer> found = new ArrayList<>(graph.wider(node));
    found.addAll(graph.narrower(node));
    found.add(node);
    return found;
  }

  /**
   * The circles of conditions: each with the persons in it, in the order in which one depends on
   * the next, as far as they are in one ring. Of circles that share a condition, one is told, with
   * all.
   */
  List<List<String>> cycles() {
    int size = graph.size();
    // Twice each: as what a condition is on, and as what a condition rests on.
    List<List<Integer>> out = new ArrayList<>(2 * size);
    for (int node = 0; node < size; node++) {
      List<Integer> required = new ArrayList<>();
      for (int condition : graph.on(node)) {
        if (graph.requirement(condition) != Graph.NONE) {
          required.add(size + graph.requirement(condition));
        }
      }
      out.add(required);
    }
    for (int node = 0; node < size; node++) {
      List<Integer> depends = new ArrayList<>();
      for (int other : graph.resting(node).isEmpty() ? List.<Integer>of() : comparable(node)) {
        if (!graph.on(other).isEmpty()) {
          depends.add(other);
        }
      }
      out.add(depends);
    }
    return Components.of(2 * size, out::get).stream()
        .filter(component -> component.length > 1)
        .map(component -> ring(component, size))
        .sorted(Comparator.comparing(List::toString))
        .toList();
  }

  private List<String> ring(int[] component, int size) {
    Set<Integer> inside = new HashSet<>();
    Arrays.stream(component).forEach(inside::add);
    Map<String, TreeSet<String>> next = new TreeMap<>();
    for (int node : component) {
      if (node < size) {
        TreeSet<String> after =
            next.computeIfAbsent(graph.node(node).subject(), any -> new TreeSet<>());
        for (int condition : graph.on(node)) {
          int required = graph.requirement(condition);
          if (required != Graph.NONE && inside.contains(size + required)) {
            after.add(graph.node(required).subject());
          }
        }
      }
    }
    Set<String> rest = new TreeSet<>(next.keySet());
    List<String> ring = new ArrayList<>();
    @Nullable String at = rest.iterator().next();
    while (at != null) {
      rest.remove(at);
      ring.add(at);
      at =
          next.getOrDefault(at, new TreeSet<>()).stream()
              .filter(rest::contains)
              .findFirst()
              .orElse(null);
      if (at == null && !rest.isEmpty()) {
        at = rest.iterator().next();
      }
    }
    return List.copyOf(ring);
  }
}
