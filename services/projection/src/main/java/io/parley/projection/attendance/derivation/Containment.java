package io.parley.projection.attendance.derivation;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which scopes lie in which (rule 10): what was recorded of places and meetings, and that the talks
 * contain every meeting. Immutable.
 */
public final class Containment {
  private final Map<String, Set<String>> directly;
  private final Map<String, Set<String>> wider = new ConcurrentHashMap<>();

  /**
   * A containment.
   *
   * @param directly for a scope, those in which it lies directly; the talks need not be named
   */
  public Containment(Map<String, ? extends Set<String>> directly) {
    Map<String, Set<String>> copy = new HashMap<>();
    directly.forEach((scope, around) -> copy.put(scope, Set.copyOf(around)));
    this.directly = Collections.unmodifiableMap(copy);
  }

  /** Every scope that contains this one, itself not among them unless places lie in a circle. */
  public Set<String> wider(String scope) {
    return wider.computeIfAbsent(scope, this::around);
  }

  /** Whether the one contains the other, or is the same. */
  public boolean contains(String wide, String narrow) {
    return wide.equals(narrow) || wider(narrow).contains(wide);
  }

  /** Whether one of the two contains the other, so that a presence in it can bear on the other. */
  public boolean comparable(String one, String other) {
    return contains(one, other) || contains(other, one);
  }

  private Set<String> around(String scope) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>();
    open.add(scope);
    while (!open.isEmpty()) {
      String next = open.remove();
      for (String each : directly.getOrDefault(next, Set.of())) {
        if (found.add(each)) {
          open.add(each);
        }
      }
    }
    if (scope.startsWith(Presence.MEETING)) {
      found.add(Presence.TALKS);
    }
    found.remove(scope);
    return Collections.unmodifiableSet(found);
  }
}
