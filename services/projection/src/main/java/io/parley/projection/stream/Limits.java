package io.parley.projection.stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.parley.journal.reading.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How many streams there may be, and how much history a client may have read for it. What is too
 * much is 429, with the time after which it is not.
 */
@Component
final class Limits {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final int CLIENTS = 100_000;

  private final StreamProperties properties;
  private final StreamMetrics metrics;
  private final LongSupplier nanos;
  private final Map<String, Integer> addresses = new ConcurrentHashMap<>();
  private final Cache<String, Spent> spent;
  private int connections;

  /** What a client spent: as many records as are left of it at this time. */
  private record Spent(double records, long atNanos) {}

  @Autowired
  Limits(StreamProperties properties, StreamMetrics metrics) {
    this(properties, metrics, System::nanoTime);
  }

  Limits(StreamProperties properties, StreamMetrics metrics, LongSupplier nanos) {
    this.properties = properties;
    this.metrics = metrics;
    this.nanos = nanos;
    this.spent =
        Caffeine.newBuilder()
            .maximumSize(CLIENTS)
            // By then even the largest debt that a client can make is paid, or nearly.
            .expireAfterWrite(properties.replayWindow().multipliedBy(10))
            .build();
  }

  /** A place among the connections; given back once. */
  record Ticket(Limits limits, String address, AtomicBoolean returned) {
    void giveBack() {
      if (returned.compareAndSet(false, true)) {
        limits.giveBack(address);
      }
    }
  }

  /**
   * Lets a client in.
   *
   * @throws Problem 429 where there are too many
   */
  synchronized Ticket admit(String address) {
    if (connections >= properties.connections()) {
      metrics.refused(StreamMetrics.Refusal.CONNECTIONS);
      throw Problem.tooMany(
          "TOO_MANY_STREAMS",
          "there may be " + properties.connections() + " streams at once",
          SOON);
    }
    if (addresses.getOrDefault(address, 0) >= properties.connectionsPerAddress()) {
      metrics.refused(StreamMetrics.Refusal.ADDRESS);
      throw Problem.tooMany(
          "TOO_MANY_STREAMS",
          "there may be " + properties.connectionsPerAddress() + " streams of one address at once",
          SOON);
    }
    connections++;
    addresses.merge(address, 1, Integer::sum);
    return new Ticket(this, address, new AtomicBoolean());
  }

  private synchronized void giveBack(String address) {
    connections--;
    addresses.computeIfPresent(address, (any, count) -> count > 1 ? count - 1 : null);
  }

  synchronized int connections() {
    return connections;
  }

  /**
   * Charges a client for records that are to be read for it. One that has something left may ask
   * for any number, and then waits until that is paid.
   *
   * @throws Problem 429 where nothing is left
   */
  void charge(String client, long records) {
    if (records == 0) {
      return;
    }
    double[] over = {0};
    spent
        .asMap()
        .compute(
            client,
            (any, before) -> {
              long now = nanos.getAsLong();
              double left =
                  before == null ? 0 : Math.max(0, before.records - paid(now - before.atNanos));
              if (left >= properties.replayBudget()) {
                over[0] = left - properties.replayBudget() + 1;
                return before;
              }
              return new Spent(left + records, now);
            });
    if (over[0] > 0) {
      metrics.refused(StreamMetrics.Refusal.BUDGET);
      double seconds = over[0] / properties.replayBudget() * properties.replayWindow().toSeconds();
      throw Problem.tooMany(
          "REPLAY_BUDGET_SPENT",
          "there may be "
              + properties.replayBudget()
              + " records of history for one client in "
              + properties.replayWindow().toSeconds()
              + " s",
          Duration.ofSeconds((long) Math.ceil(seconds)));
    }
  }

  private double paid(long afterNanos) {
    return (double) afterNanos / properties.replayWindow().toNanos() * properties.replayBudget();
  }
}
