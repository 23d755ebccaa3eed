package io.parley.projection.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the streams.
 *
 * @param heartbeat time between two blocks with only an id, 1 s to 300 s
 * @param queuedBytes bytes that may wait for one connection to take them, 65,536 to 67,108,864; one
 *     that needs more is disconnected
 * @param stalledAfter time in which a connection that has bytes waiting must take some, 1 s to 600
 *     s
 * @param maxAge age at which a connection is ended, less up to a fifth at random, 1 s to 86,400 s
 * @param retry how long a client that is disconnected is told to wait, 0 s to 60 s
 * @param connections connections of this instance, 1 to 1,000,000; more are 429
 * @param connectionsPerAddress the same of one address, 1 to 1,000,000; more are 429
 * @param classes different sets of filters at once, 1 to 1,000,000; more are 429
 * @param filterValues values of all filters of one subscription, 1 to 1,000
 * @param replayBudget records of the timeline that one client, a subject or else an address, may
 *     have read for it at once, 1,000 to 1,000,000,000; counted from where it asks, whatever its
 *     filters; more are 429
 * @param replayWindow time in which a spent budget is whole again, 1 s to 86,400 s
 * @param recentBytes bytes of newest events kept for those who come back, 65,536 to 1,073,741,824
 * @param cachedBytes bytes of older events kept for replays, 1,048,576 to 68,719,476,736
 * @param historyThreads threads that read older events, 1 to 64
 */
@ConfigurationProperties("parley.stream")
public record StreamProperties(
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("1048576") int queuedBytes,
    @DefaultValue("30s") Duration stalledAfter,
    @DefaultValue("1h") Duration maxAge,
    @DefaultValue("2s") Duration retry,
    @DefaultValue("20000") int connections,
    @DefaultValue("2000") int connectionsPerAddress,
    @DefaultValue("10000") int classes,
    @DefaultValue("100") int filterValues,
    @DefaultValue("5000000") long replayBudget,
    @DefaultValue("60s") Duration replayWindow,
    @DefaultValue("16777216") long recentBytes,
    @DefaultValue("16777216") long cachedBytes,
    @DefaultValue("2") int historyThreads) {

  /** Refuses what is out of range. */
  public StreamProperties {
    require(heartbeat, 1, 300, "heartbeat");
    require(queuedBytes, 1 << 16, 1 << 26, "queued-bytes");
    require(stalledAfter, 1, 600, "stalled-after");
    require(maxAge, 1, 86_400, "max-age");
    require(retry, 0, 60, "retry");
    require(connections, 1, 1_000_000, "connections");
    require(connectionsPerAddress, 1, 1_000_000, "connections-per-address");
    require(classes, 1, 1_000_000, "classes");
    require(filterValues, 1, 1_000, "filter-values");
    require(replayBudget, 1_000, 1_000_000_000, "replay-budget");
    require(replayWindow, 1, 86_400, "replay-window");
    require(recentBytes, 1 << 16, 1L << 30, "recent-bytes");
    require(cachedBytes, 1 << 20, 1L << 36, "cached-bytes");
    require(historyThreads, 1, 64, "history-threads");
  }

  private static void require(Duration value, long leastSeconds, long mostSeconds, String name) {
    boolean inRange =
        value.compareTo(Duration.ofSeconds(leastSeconds)) >= 0
            && value.compareTo(Duration.ofSeconds(mostSeconds)) <= 0;
    require(inRange, name, value);
  }

  private static void require(long value, long least, long most, String name) {
    require(value >= least && value <= most, name, value);
  }

  private static void require(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException("parley.stream." + name + " cannot be " + value);
    }
  }
}
