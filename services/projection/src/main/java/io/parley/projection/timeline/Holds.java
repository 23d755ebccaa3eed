package io.parley.projection.timeline;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions of sources that are to be read no further for now, and how many events are parked:
 * written by the tasks, read by the consumer and by whoever asks for the stage's health.
 */
final class Holds {
  private final Map<Integer, Set<String>> heldByPartition = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> parkedByPartition = new ConcurrentHashMap<>();

  Set<String> held(int partition) {
    return heldByPartition.getOrDefault(partition, Set.of());
  }

  void set(int partition, Set<String> services) {
    heldByPartition.put(partition, Set.copyOf(services));
  }

  void parked(int partition, int events) {
    parkedByPartition.put(partition, events);
  }

  /** Forgets a partition that is no longer this instance's. */
  void forget(int partition) {
    heldByPartition.remove(partition);
    parkedByPartition.remove(partition);
  }

  boolean isHeld(TopicPartition at) {
    Set<String> services = held(at.partition());
    return !services.isEmpty()
        && services.stream()
            .anyMatch(service -> Bounds.topicPartition(service, at.partition()).equals(at));
  }

  /** Held partitions by name, such as {@code delegation.events-3}. */
  Set<String> names() {
    return heldByPartition.entrySet().stream()
        .flatMap(
            held ->
                held.getValue().stream()
                    .map(service -> Bounds.topicPartition(service, held.getKey()).toString()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Parked events by partition, where there are any. */
  Map<Integer, Integer> parked() {
    Map<Integer, Integer> parked = new TreeMap<>(parkedByPartition);
    parked.values().removeIf(events -> events == 0);
    return parked;
  }
}
