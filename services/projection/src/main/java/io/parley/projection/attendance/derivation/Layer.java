package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of presences, or is assumed of them, and what that entails in other scopes (rule
 * 10). Where two entail the opposite, the later one counts.
 */
final class Layer<S extends Seen> {
  private record Placed<T>(int order, T seen) {}

  private final List<S> seen;
  private final Containment containment;

  /** By subject and by every scope in which the subject is then. */
  private final Map<String, Map<String, Placed<S>>> present = new HashMap<>();

  /** By subject and by the scope from which the subject is absent. */
  private final Map<String, Map<String, Placed<S>>> absent = new HashMap<>();

  /**
   * A layer.
   *
   * @param seen the later, the more it counts
   */
  Layer(List<S> seen, Containment containment) {
    this.seen = List.copyOf(seen);
    this.containment = containment;
    int order = 0;
    for (S each : seen) {
      Placed<S> placed = new Placed<>(order++, each);
      String scope = each.presence().scope();
      Map<String, Placed<S>> scopes =
          (each.present() ? present : absent)
              .computeIfAbsent(each.presence().subject(), any -> new HashMap<>());
      scopes.put(scope, placed);
      if (each.present()) {
        containment.wider(scope).forEach(wide -> scopes.put(wide, placed));
      }
    }
  }

  /** What settles a presence; null where nothing does. */
  @Nullable S at(Presence presence) {
    Placed<S> last = scopes(present, presence).get(presence.scope());
    Map<String, Placed<S>> gone = scopes(absent, presence);
    if (!gone.isEmpty()) {
      last = later(last, gone.get(presence.scope()));
      for (String wide : containment.wider(presence.scope())) {
        last = later(last, gone.get(wide));
      }
    }
    return last == null ? null : last.seen();
  }

  /** One that another, later one makes impossible. */
  Optional<S> contradicted() {
    return seen.stream()
        .filter(
            each -> {
              S settles = at(each.presence());
              return settles != null && settles.present() != each.present();
            })
        .findFirst();
  }

  List<S> all() {
    return seen;
  }

  private Map<String, Placed<S>> scopes(
      Map<String, Map<String, Placed<S>>> subjects, Presence presence) {
    return subjects.getOrDefault(presence.subject(), Map.of());
  }

  private static <T> @Nullable Placed<T> later(@Nullable Placed<T> one, @Nullable Placed<T> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.order() < other.order() ? other : one;
  }
}
