package io.parley.projection.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How one item differs between two moments. A pure function of its rows: an item that was not there
 * is added whole; of one that was, each field that differs is added, changed or removed. That its
 * number, its version and its source are others, the events say.
 */
final class Difference {
  /**
   * Fields that tell of the last event and not of the thing, or that follow from another item,
   * whose own change is told.
   */
  static final Set<String> BOOKKEEPING =
      Set.of("sequence", "version", "source", "updated", "firstSequence", "basisWithdrawn");

  private Difference() {}

  /** How something came to be what it is. */
  enum Way {
    ADDED,
    CHANGED,
    REMOVED
  }

  /**
   * An item from one event on, without what is for the fold alone.
   *
   * @param sequence timeline position of that event
   * @param body the item; null where there is none from there on
   */
  record Version(long sequence, @Nullable JsonNode body) {}

  /**
   * One thing that differs.
   *
   * @param path where it is, under the negotiation
   * @param old what it was; null where it is added
   * @param value what it is; null where it is removed
   * @param events timeline positions of the events that made it so, ascending
   */
  record Entry(
      Way way, String path, @Nullable JsonNode old, @Nullable JsonNode value, Set<Long> events) {}

  /**
   * What differs of one item, by path.
   *
   * @param path path of the item
   * @param before the item at the earlier moment; null where there was none
   * @param after what it was after each event in between, oldest first
   * @param parts fields that are told apart even where the whole item is new
   */
  static List<Entry> of(
      String path, @Nullable JsonNode before, List<Version> after, Set<String> parts) {
    if (after.isEmpty()) {
      return List.of();
    }
    JsonNode last = after.getLast().body();
    List<Entry> entries = new ArrayList<>();
    if (before == null || last == null) {
      Set<Long> events = new TreeSet<>();
      after.forEach(version -> events.add(version.sequence()));
      Way way = before == null ? Way.ADDED : Way.REMOVED;
      if (before != null || last != null) {
        entries.add(new Entry(way, path, before, last, events));
      }
    }
    Map<String, Set<Long>> changes = changes(before, after);
    for (Map.Entry<String, Set<Long>> change : changes.entrySet()) {
      String field = change.getKey();
      boolean isTold = (before != null && last != null) || parts.contains(field);
      JsonNode old = field(before, field);
      JsonNode value = field(last, field);
      if (isTold && !same(old, value)) {
        entries.add(
            new Entry(
                old == null ? Way.ADDED : value == null ? Way.REMOVED : Way.CHANGED,
                path + "/" + field,
                old,
                value,
                change.getValue()));
      }
    }
    return entries;
  }

  /** The fields that any of the events changed, by name, each with those events. */
  private static Map<String, Set<Long>> changes(@Nullable JsonNode before, List<Version> after) {
    Map<String, Set<Long>> changes = new LinkedHashMap<>();
    for (String name : names(before, after)) {
      JsonNode held = field(before, name);
      for (Version version : after) {
        JsonNode now = field(version.body(), name);
        if (!same(held, now)) {
          changes.computeIfAbsent(name, any -> new TreeSet<>()).add(version.sequence());
        }
        held = now;
      }
    }
    return changes;
  }

  private static Set<String> names(@Nullable JsonNode before, List<Version> after) {
    Set<String> names = new TreeSet<>();
    if (before != null) {
      names.addAll(before.propertyNames());
    }
    after.forEach(
        version -> {
          if (version.body() != null) {
            names.addAll(version.body().propertyNames());
          }
        });
    names.removeAll(BOOKKEEPING);
    return new LinkedHashSet<>(names);
  }

  /** A value of a field; null where it has none. */
  private static @Nullable JsonNode field(@Nullable JsonNode item, String name) {
    JsonNode value = item == null ? null : item.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
    return one == null ? other == null : one.equals(other);
  }
}
