package io.parley.projection.projector;

import io.parley.journal.reading.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables that are filled beside the live ones, from where they are. What was written stays, so that
 * another instance goes on with it. For one thread.
 */
final class Build implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Build.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final long LOOK_EVERY = Duration.ofMillis(250).toNanos();
  private static final long GIVE_WAY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long RATED_NANOS = Duration.ofSeconds(60).toNanos();

  private final Database live;
  private final Database next;
  private final Store liveStore;
  private final Skips skips;
  private final int batchEvents;
  private final List<Integer> partitions;
  private final BatchWriter writer;
  private final CatchUp catchUp;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<Integer, FaultyEvent> faults = new HashMap<>();
  private final Set<String> touched = new HashSet<>();

  /** Views that stand still here and not in the live tables: where they were tried again. */
  private final Set<Halt.Key> mended = new HashSet<>();

  private final Deque<Applied> applied = new ArrayDeque<>();
  private long entries;
  private Map<Integer, Long> livePositions = new HashMap<>();
  private long lookedAt;
  private long givesWaySince;
  private boolean liveIsBehind;

  private record Applied(long nanos, long entries) {}

  private record Missed(int partition, Halt.Key key) {}

  /** What a build is made of. */
  record Parts(
      Database live,
      Store liveStore,
      List<View<?>> views,
      Log log,
      Skips skips,
      Clients clients,
      int batchEvents,
      int cachedItems,
      int partitions) {}

  Build(Parts parts, Database next) {
    this.live = parts.live();
    this.next = next;
    this.liveStore = parts.liveStore();
    this.skips = parts.skips();
    this.batchEvents = parts.batchEvents();
    this.partitions = IntStream.range(0, parts.partitions()).boxed().toList();
    HaltedTable halted = new HaltedTable(next);
    Store store = new Store(next, halted, parts.views(), parts.log());
    skips.refresh();
    this.writer =
        new BatchWriter(store, new Batch(parts.views(), parts.log(), skips, parts.cachedItems()));
    writer.build(store.build());
    writer.positions().putAll(store.positions(partitions));
    // What an earlier instance halted is in the table.
    writer.halts().any(true);
    this.catchUp =
        new CatchUp(
            store,
            halted,
            parts.views(),
            parts.cachedItems(),
            skips,
            new Retries(next),
            parts.clients()::reader);
    this.consumer = parts.clients().reader();
    consumer.assign(partitions.stream().map(Build::topic).toList());
    writer.positions().forEach((partition, at) -> consumer.seek(topic(partition), at));
    applied.add(new Applied(System.nanoTime(), 0));
  }

  /**
   * Negotiations that something was applied of since they were last {@linkplain #untouch taken}.
   */
  Set<String> touched() {
    return touched;
  }

  /** From here on, what is applied is noted anew. */
  Set<String> untouch() {
    Set<String> taken = new HashSet<>(touched);
    touched.clear();
    return taken;
  }

  /** Entries a second, over the last minute, or null. */
  @Nullable Double rate() {
    long now = System.nanoTime();
    while (applied.size() > 1 && now - applied.getFirst().nanos() > RATED_NANOS) {
      applied.removeFirst();
    }
    Applied oldest = applied.getFirst();
    long nanos = now - oldest.nanos();
    applied.add(new Applied(now, entries));
    return nanos < 100_000_000 ? null : (entries - oldest.entries()) * 1e9 / nanos;
  }

  /** Records, by offsets, that the live tables have and these have not. */
  long behind() {
    look();
    return partitions.stream()
        .mapToLong(partition -> Math.max(0, live(partition) - own(partition)))
        .sum();
  }

  /** Why it cannot have what the live tables have, or null. */
  @Nullable String hopeless() {
    for (FaultyEvent fault : faults.values()) {
      if (live(fault.partition()) > fault.offset()) {
        return "the live tables have what the log does not give any more: " + Halt.reason(fault);
      }
    }
    return null;
  }

  /** Applies what there is, a batch at most; gives way to the live projection while that lags. */
  void step() {
    look();
    if (givesWay()) {
      return;
    }
    List<Entry> read = new ArrayList<>();
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    for (TopicPartition partition : polled.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
        try {
          read.add(Entry.read(record.partition(), record.offset(), record.value()));
        } catch (RuntimeException e) {
          fault(
              new FaultyEvent(
                  record.partition(), record.offset(), "it cannot be read: " + Halt.reason(e), e));
          break;
        }
      }
    }
    if (!read.isEmpty()) {
      writer.apply(read).forEach(this::fault);
      entries += read.size();
      read.forEach(entry -> touched.add(entry.negotiation()));
    }
  }

  private void fault(FaultyEvent fault) {
    LOG.error("the build stops a partition before a faulty event", fault);
    faults.put(fault.partition(), fault);
    consumer.pause(List.of(topic(fault.partition())));
    consumer.seek(topic(fault.partition()), fault.offset());
  }

  /** Whether the live projection is behind and getting on, for a second at most. */
  private boolean givesWay() {
    if (!liveIsBehind) {
      givesWaySince = 0;
      return false;
    }
    long now = System.nanoTime();
    if (givesWaySince == 0) {
      givesWaySince = now;
    }
    if (now - givesWaySince > GIVE_WAY_NANOS) {
      // One batch, so that it ends some day.
      givesWaySince = 0;
      return false;
    }
    return true;
  }

  boolean isGivingWay() {
    return givesWaySince != 0;
  }

  /** Looks where the live projection is, now and then. */
  private void look() {
    long now = System.nanoTime();
    if (lookedAt != 0 && now - lookedAt < LOOK_EVERY) {
      return;
    }
    Map<Integer, Long> before = livePositions;
    livePositions = liveStore.positions(partitions);
    Map<TopicPartition, Long> ends =
        consumer.endOffsets(partitions.stream().map(Build::topic).toList(), WITHIN);
    liveIsBehind = false;
    ends.forEach(
        (partition, end) -> {
          long at = live(partition.partition());
          boolean moves = at > before.getOrDefault(partition.partition(), at);
          liveIsBehind |= moves && end - at > batchEvents;
        });
    lookedAt = now;
  }

  /** Looks anew, however short ago it looked. */
  void lookAgain() {
    lookedAt = 0;
    look();
  }

  /**
   * Tries again what stands still here and not in the live tables: there it was mended or passed
   * over meanwhile. Each once.
   */
  void mend() {
    skips.refresh();
    List<Missed> missed =
        next.query(
                "select n.partition, n.view, n.negotiation from {schema}.halted n"
                    + " where not exists (select 1 from "
                    + live.schema()
                    + ".halted o where o.view = n.view and o.negotiation = n.negotiation"
                    + " and o.sequence = n.sequence) limit 1000",
                row ->
                    new Missed(
                        row.get(0, Integer.class),
                        new Halt.Key(row.get(1, String.class), row.get(2, String.class))),
                List.of())
            .collectList()
            .blockOptional(WITHIN)
            .orElse(List.of());
    for (Missed each : missed) {
      if (mended.add(each.key())) {
        catchUp.ask(each.partition(), Set.of(each.key()));
        touched.add(each.key().negotiation());
      }
    }
    while (catchUp.isActive()) {
      if (catchUp.step(writer.build(), writer.positions())) {
        writer.forget();
      }
    }
  }

  private long live(int partition) {
    return livePositions.getOrDefault(partition, 0L);
  }

  private long own(int partition) {
    return writer.positions().getOrDefault(partition, 0L);
  }

  private static TopicPartition topic(int partition) {
    return new TopicPartition(Topics.TIMELINE, partition);
  }

  @Override
  public void close() {
    catchUp.close();
    consumer.close();
  }
}
