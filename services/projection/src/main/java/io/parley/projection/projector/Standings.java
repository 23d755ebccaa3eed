package io.parley.projection.projector;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.projector.Standing.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * How far the read models are, whoever writes them: positions as PostgreSQL has them, ends as Kafka
 * has them. Looked at every few seconds, beside the projector and not by it.
 */
@Component
public final class Standings implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Standings.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final long RATED_NANOS = Duration.ofSeconds(60).toNanos();

  private final Database database;
  private final Store store;
  private final Clients clients;
  private final int partitions;
  private final Duration stalledAfter;
  private final Movement movement;
  private final Deque<Applied> applied = new ArrayDeque<>();
  private volatile @Nullable Failure failure;
  private @Nullable Looking looking;
  private volatile @Nullable Standing last;

  private record Applied(long nanos, long entries) {}

  private record Failure(long sinceNanos, String reason) {}

  private record Looking(ScheduledExecutorService timer, Admin admin, Tail tail) {}

  private record Position(long position, long applied) {}

  Standings(
      Database database,
      Store store,
      Clients clients,
      ParleyProperties parley,
      ProjectionProperties properties) {
    this.database = database;
    this.store = store;
    this.clients = clients;
    this.partitions = parley.kafka().partitions();
    this.stalledAfter = properties.stalledAfter();
    this.movement = new Movement(stalledAfter);
  }

  /**
   * Looks at it now; blocks.
   *
   * @throws io.r2dbc.spi.R2dbcException where the database is away
   * @throws IllegalStateException where the broker does not answer, or there are no tables yet
   */
  public synchronized Standing look() {
    Looking open = looking;
    if (open == null) {
      throw new IllegalStateException("it is not started, or stopped");
    }
    long build = store.build();
    Map<Integer, Position> positions = positions();
    Map<String, Long> halted = halted();
    Map<Integer, String> stopped = stopped();
    Map<Integer, Long> ends = ends(open.admin());
    Map<Integer, Place> places = new TreeMap<>();
    ends.forEach(
        (partition, end) -> {
          Position at = positions.getOrDefault(partition, new Position(0, 0));
          long lag = open.tail().records(partition, at.position(), end);
          places.put(partition, new Place(at.position(), end, lag, at.applied()));
        });
    database.build(build);
    long now = System.nanoTime();
    movement.seen(now, places);
    Standing standing = new Standing(places, halted, stopped, stalls(now), rate(now, places));
    last = standing;
    failure = null;
    return standing;
  }

  /** What was seen last, or null. */
  @Nullable Standing last() {
    return last;
  }

  /** Why partitions do not move, of whatever instance, though there is something to apply. */
  Map<Integer, String> stalls() {
    return stalls(System.nanoTime());
  }

  private Map<Integer, String> stalls(long now) {
    Map<Integer, String> reasons = new TreeMap<>();
    movement
        .stalled(now)
        .forEach(
            (partition, still) ->
                reasons.put(
                    partition,
                    "the head moves and the position does not, for "
                        + still.toSeconds()
                        + " s (parley.projection.stalled-after is "
                        + stalledAfter.toSeconds()
                        + " s)"));
    return reasons;
  }

  /** Why nobody can tell for long how far the projection is, or null. */
  @Nullable String blind() {
    Failure since = failure;
    return since != null && System.nanoTime() - since.sinceNanos() >= stalledAfter.toNanos()
        ? "positions and ends cannot be seen: " + since.reason()
        : null;
  }

  private @Nullable Double rate(long now, Map<Integer, Place> places) {
    long entries = places.values().stream().mapToLong(Place::applied).sum();
    Applied newest = applied.peekLast();
    if (newest != null && newest.entries() > entries) {
      // Other tables than before.
      applied.clear();
    }
    while (applied.size() > 1 && now - applied.getFirst().nanos() > RATED_NANOS) {
      applied.removeFirst();
    }
    Applied oldest = applied.peekFirst();
    Double rate =
        oldest == null || now - oldest.nanos() < TimeUnit.MILLISECONDS.toNanos(100)
            ? null
            : (entries - oldest.entries()) * 1e9 / (now - oldest.nanos());
    if (newest == null || now - newest.nanos() > TimeUnit.MILLISECONDS.toNanos(900)) {
      applied.addLast(new Applied(now, entries));
    }
    return rate;
  }

  private Map<Integer, Position> positions() {
    return read(
        "select partition, position, applied from {schema}.positions",
        row ->
            Map.entry(
                row.get(0, Integer.class),
                new Position(row.get(1, Long.class), row.get(2, Long.class))));
  }

  private Map<String, Long> halted() {
    return new TreeMap<>(
        read(
            "select view, count(*) from {schema}.halted group by view",
            row -> Map.entry(row.get(0, String.class), row.get(1, Long.class))));
  }

  private Map<Integer, String> stopped() {
    return read(
        "select s.partition, s.reason from {schema}.stopped s left join {schema}.positions p"
            + " on p.partition = s.partition where s.record_offset >= coalesce(p.position, 0)",
        row -> Map.entry(row.get(0, Integer.class), row.get(1, String.class)));
  }

  private <K, V> Map<K, V> read(String sql, Function<io.r2dbc.spi.Readable, Map.Entry<K, V>> row) {
    Map<K, V> read =
        database
            .query(sql, row, List.of())
            .collectMap(Map.Entry::getKey, Map.Entry::getValue)
            .block(WITHIN);
    return read == null ? Map.of() : read;
  }

  private Map<Integer, Long> ends(Admin admin) {
    Map<TopicPartition, OffsetSpec> asked =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(Topics.TIMELINE, partition))
            .collect(Collectors.toMap(Function.identity(), each -> OffsetSpec.latest()));
    try {
      Map<Integer, Long> ends = new HashMap<>();
      admin
          .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
          .all()
          .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
      return ends;
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the broker does not say where the timeline ends", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void lookAgain() {
    try {
      Standing unused = look();
      LOG.trace("{}", unused);
    } catch (RuntimeException e) {
      Failure before = failure;
      failure =
          new Failure(before == null ? System.nanoTime() : before.sinceNanos(), Halt.reason(e));
      LOG.debug("how far the projection is cannot be seen", e);
    }
  }

  @Override
  public synchronized void start() {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("standings").daemon().factory());
    looking = new Looking(timer, clients.admin(), new Tail(clients::reader));
    long every = Math.min(EVERY.toMillis(), stalledAfter.toMillis() / 4);
    var _ = timer.scheduleWithFixedDelay(this::lookAgain, every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    Looking open;
    synchronized (this) {
      open = looking;
      looking = null;
    }
    if (open != null) {
      open.timer().shutdownNow();
      open.timer().close();
      open.tail().close();
      open.admin().close(Duration.ofSeconds(1));
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return looking != null;
  }
}
