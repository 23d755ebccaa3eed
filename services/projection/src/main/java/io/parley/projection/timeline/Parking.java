package io.parley.projection.timeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The events of one partition that wait for their causes, in a queue for each negotiation and
 * service. The store holds them, as {@code NEGOTIATION/SERVICE/OFFSET}; the queues hold offsets.
 */
final class Parking {
  /** Events of one service and negotiation, in their order; only the first is ever looked at. */
  static final class Queue {
    final String negotiation;
    final String service;
    private final Deque<Long> offsets = new ArrayDeque<>();
    private Set<String> waitsFor = Set.of();

    Queue(String negotiation, String service) {
      this.negotiation = negotiation;
      this.service = service;
    }
  }

  private final KeyValueStore<String, byte[]> store;
  private final Map<String, Map<String, Queue>> queues = new HashMap<>();
  private int total;

  Parking(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  boolean isWarm() {
    return store.get(Settled.WARM) != null;
  }

  void warm() {
    store.put(Settled.WARM, Settled.IS_WARM);
  }

  /** Builds the queues from the store: its keys sort by offset within a queue. */
  void load() {
    queues.clear();
    total = 0;
    for (String key : keys()) {
      String[] parts = key.split("/", -1);
      queue(parts[0], parts[1]).offsets.addLast(Long.parseLong(parts[2]));
      total++;
    }
  }

  void clear() {
    keys().forEach(store::delete);
    queues.clear();
    total = 0;
  }

  void add(SourceRecord record) {
    store.put(key(record.key(), record.service(), record.offset()), record.encode());
    queue(record.key(), record.service()).offsets.addLast(record.offset());
    total++;
  }

  /** The queue that a service's events of a negotiation must join, if there is one. */
  @Nullable Queue find(String negotiation, String service) {
    return queues.getOrDefault(negotiation, Map.of()).get(service);
  }

  /** The queues of a negotiation, as they are now. */
  List<Queue> of(String negotiation) {
    return List.copyOf(queues.getOrDefault(negotiation, Map.of()).values());
  }

  List<Queue> all() {
    return queues.values().stream().flatMap(byService -> byService.values().stream()).toList();
  }

  SourceRecord first(Queue queue) {
    long offset = queue.offsets.getFirst();
    byte[] bytes = store.get(key(queue.negotiation, queue.service, offset));
    if (bytes == null) {
      throw new IllegalStateException("a parked event of " + queue.negotiation + " is missing");
    }
    return SourceRecord.decode(queue.service, offset, queue.negotiation, bytes);
  }

  long lastOffset(Queue queue) {
    return queue.offsets.getLast();
  }

  /** Removes the first event of a queue. */
  boolean removeFirst(Queue queue) {
    store.delete(key(queue.negotiation, queue.service, queue.offsets.removeFirst()));
    total--;
    if (!queue.offsets.isEmpty()) {
      return true;
    }
    Map<String, Queue> others = queues.get(queue.negotiation);
    if (others != null) {
      others.remove(queue.service);
      if (others.isEmpty()) {
        queues.remove(queue.negotiation);
      }
    }
    return false;
  }

  void waitsFor(Queue queue, Set<String> services) {
    queue.waitsFor = services;
  }

  /** Events parked in all. */
  int total() {
    return total;
  }

  /** Events parked of the negotiation that has most. */
  int most() {
    return queues.values().stream().mapToInt(Parking::size).max().orElse(0);
  }

  int size(String negotiation) {
    return size(queues.getOrDefault(negotiation, Map.of()));
  }

  /** Services whose next events some parked event waits for. */
  Set<String> needed() {
    Set<String> services = new TreeSet<>();
    all().forEach(queue -> services.addAll(queue.waitsFor));
    return services;
  }

  /** Services of which events are parked. */
  Set<String> services() {
    Set<String> services = new TreeSet<>();
    all().forEach(queue -> services.add(queue.service));
    return services;
  }

  private static int size(Map<String, Queue> byService) {
    Collection<Queue> all = byService.values();
    return all.stream().mapToInt(queue -> queue.offsets.size()).sum();
  }

  private Queue queue(String negotiation, String service) {
    return queues
        .computeIfAbsent(negotiation, unseen -> new TreeMap<>())
        .computeIfAbsent(service, unseen -> new Queue(negotiation, service));
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> next = all.next();
        if (!next.key.equals(Settled.WARM)) {
          keys.add(next.key);
        }
      }
    }
    return keys;
  }

  private static String key(String negotiation, String service, long offset) {
    return "%s/%s/%019d".formatted(negotiation, service, offset);
  }
}
