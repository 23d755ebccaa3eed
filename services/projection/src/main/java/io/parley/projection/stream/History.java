package io.parley.projection.stream;

import io.parley.journal.reading.ParleyProperties;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads older events for those who ask, in a few {@linkplain Lane lanes}. Work comes in short
 * pieces, so that one long replay keeps nobody waiting for long.
 */
@Component
final class History implements SmartLifecycle {
  private final ParleyProperties.Kafka kafka;
  private final StreamProperties properties;
  private volatile List<Lane> lanes = List.of();
  private boolean running;

  History(ParleyProperties parley, StreamProperties properties) {
    this.kafka = parley.kafka();
    this.properties = properties;
  }

  /**
   * Where to have a piece of work done: where the one before it was, if nobody else is there, or
   * else where the fewest are.
   */
  Lane lane(@Nullable Lane before) {
    if (before != null && before.load() == 0) {
      return before;
    }
    return Collections.min(lanes, Comparator.comparingInt(Lane::load));
  }

  @Override
  public synchronized void start() {
    running = true;
    lanes =
        IntStream.range(0, properties.historyThreads())
            .mapToObj(
                each ->
                    new Lane(
                        "stream-history-" + each,
                        () -> new TimelineLogReader(kafka.brokers(), kafka.partitions())))
            .toList();
  }

  @Override
  public synchronized void stop() {
    running = false;
    lanes.forEach(Lane::end);
    try {
      for (Lane each : lanes) {
        each.awaitEnd();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return running;
  }
}
