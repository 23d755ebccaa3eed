package io.parley.projection.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The filter classes that somebody is of. Those that name negotiations are found by them, so that
 * an event is not compared with every negotiation's own stream. {@link #acquire} and {@link
 * #release} are called under the hub's lock, {@link #each} by the hub's thread at any time.
 */
final class Classes {
  private final Map<FilterClass, Integer> references = new HashMap<>();
  private final Set<FilterClass> general = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<FilterClass>> byNegotiation = new ConcurrentHashMap<>();
  private final Set<FilterClass> added = new LinkedHashSet<>();

  int size() {
    return references.size();
  }

  boolean has(FilterClass type) {
    return references.containsKey(type);
  }

  void acquire(FilterClass type) {
    if (references.merge(type, 1, Integer::sum) > 1) {
      return;
    }
    added.add(type);
    if (type.filter().negotiations().isEmpty()) {
      general.add(type);
    }
    for (String negotiation : type.filter().negotiations()) {
      byNegotiation.computeIfAbsent(negotiation, any -> ConcurrentHashMap.newKeySet()).add(type);
    }
  }

  void release(FilterClass type) {
    if (references.merge(type, -1, Integer::sum) > 0) {
      return;
    }
    references.remove(type);
    added.remove(type);
    general.remove(type);
    for (String negotiation : type.filter().negotiations()) {
      byNegotiation.computeIfPresent(
          negotiation,
          (any, types) -> {
            types.remove(type);
            return types.isEmpty() ? null : types;
          });
    }
  }

  /** Those that came since this was asked last. */
  List<FilterClass> takeAdded() {
    List<FilterClass> taken = new ArrayList<>(added);
    added.clear();
    return taken;
  }

  /** Every class that an event may be for. */
  void each(StreamEvent event, Consumer<FilterClass> found) {
    general.forEach(found);
    Set<FilterClass> own = byNegotiation.get(event.negotiation());
    if (own != null) {
      own.forEach(found);
    }
  }
}
