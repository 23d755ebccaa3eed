package io.parley.journal.stream;

import io.parley.schemas.CommandHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Commands that wait until what their tokens name is known here, in the order in which they came.
 * The store makes them survive a restart; the index in memory makes looking cheap.
 */
final class Parking {
  private final KeyValueStore<Long, byte[]> store;
  private final int limit;
  private final Map<String, TreeMap<Long, Waiting>> byNegotiation = new LinkedHashMap<>();
  private int count;

  Parking(KeyValueStore<Long, byte[]> store, int limit) {
    this.store = store;
    this.limit = limit;
    try (KeyValueIterator<Long, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Long, byte[]> entry = all.next();
        index(Waiting.read(entry.key, entry.value));
      }
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isFull() {
    return count >= limit;
  }

  /** True where a command of this aggregate waits already: a later one must not pass it. */
  boolean holds(String negotiation, String aggregate) {
    TreeMap<Long, Waiting> waiting = byNegotiation.get(negotiation);
    return waiting != null
        && waiting.values().stream().anyMatch(w -> w.command().aggregate().equals(aggregate));
  }

  /** True where it waits still. */
  boolean holds(Waiting waiting) {
    TreeMap<Long, Waiting> queue = byNegotiation.get(waiting.command().header().negotiation());
    return queue != null && queue.containsKey(waiting.offset());
  }

  /** Who sent a command that waits; null where it does not. */
  @Nullable String author(String negotiation, String commandId) {
    TreeMap<Long, Waiting> waiting = byNegotiation.get(negotiation);
    return waiting == null
        ? null
        : waiting.values().stream()
            .map(each -> each.command().header())
            .filter(header -> header.id().equals(commandId))
            .map(CommandHeader::author)
            .findFirst()
            .orElse(null);
  }

  void add(Waiting waiting) {
    store.put(waiting.offset(), waiting.write());
    index(waiting);
  }

  void remove(Waiting waiting) {
    store.delete(waiting.offset());
    String negotiation = waiting.command().header().negotiation();
    TreeMap<Long, Waiting> queue = byNegotiation.get(negotiation);
    if (queue != null && queue.remove(waiting.offset()) != null) {
      count--;
      if (queue.isEmpty()) {
        byNegotiation.remove(negotiation);
      }
    }
  }

  /** What waits in a negotiation, the longest first. */
  List<Waiting> in(String negotiation) {
    TreeMap<Long, Waiting> queue = byNegotiation.get(negotiation);
    return queue == null ? List.of() : new ArrayList<>(queue.values());
  }

  /** What came before this moment, in milliseconds since the epoch. */
  List<Waiting> before(long millis) {
    return byNegotiation.values().stream()
        .flatMap(queue -> queue.values().stream())
        .filter(waiting -> waiting.arrivedMillis() < millis)
        .toList();
  }

  private void index(Waiting waiting) {
    byNegotiation
        .computeIfAbsent(waiting.command().header().negotiation(), n -> new TreeMap<>())
        .put(waiting.offset(), waiting);
    count++;
  }
}
