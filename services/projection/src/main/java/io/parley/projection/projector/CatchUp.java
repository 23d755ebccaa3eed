package io.parley.projection.projector;

import io.parley.journal.reading.Topics;
import io.r2dbc.spi.R2dbcException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the halted views of partitions again (ADR 8): up to {@value #AT_ONCE} in one reading of the
 * partition from where the first of them stands, a batch at a time, so that meanwhile the
 * projection goes on. For one thread.
 */
final class CatchUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int AT_ONCE = 1_000;
  private static final int MOST_CACHED_ITEMS = 1_000;

  private final Store store;
  private final HaltedTable table;
  private final List<View<?>> views;
  private final int cachedItems;
  private final Skips skips;
  private final Retries retries;
  private final Supplier<Consumer<byte[], byte[]>> opening;

  /** Asked for one by one. */
  private final Map<Integer, Set<Halt.Key>> asked = new TreeMap<>();

  private final Map<Integer, Waiting> waiting = new TreeMap<>();
  private @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Pass pass;
  private Halt.@Nullable Key last;

  /** Those that the pass is for, where they were asked for; else empty. */
  private Set<Halt.Key> passing = Set.of();

  /**
   * A partition whose halted views are tried again.
   *
   * @param before those of entries before this offset: what came to stand still later was just
   *     tried
   * @param after of these, those after this one
   */
  private record Waiting(long before, Halt.@Nullable Key after) {}

  /**
   * A way to try again.
   *
   * @param opening makes a consumer that belongs to no group
   */
  CatchUp(
      Store store,
      HaltedTable table,
      List<View<?>> views,
      int cachedItems,
      Skips skips,
      Retries retries,
      Supplier<Consumer<byte[], byte[]>> opening) {
    this.store = store;
    this.table = table;
    this.views = views;
    this.cachedItems = Math.min(cachedItems, MOST_CACHED_ITEMS);
    this.skips = skips;
    this.retries = retries;
    this.opening = opening;
  }

  /** From the next step on, what stands still in a partition at its position is tried again. */
  void begin(int partition, long position) {
    waiting.put(partition, new Waiting(position, null));
  }

  /** From the next step on, these are tried again, and then crossed off what is asked for. */
  void ask(int partition, Set<Halt.Key> keys) {
    if (pass == null || pass.partition() != partition || !passing.containsAll(keys)) {
      asked.computeIfAbsent(partition, each -> new HashSet<>()).addAll(keys);
    }
  }

  /** These are not this instance's any more. */
  void revoked(Collection<Integer> partitions) {
    waiting.keySet().removeAll(partitions);
    asked.keySet().removeAll(partitions);
    if (pass != null && partitions.contains(pass.partition())) {
      pass = null;
    }
  }

  boolean isActive() {
    return !waiting.isEmpty() || !asked.isEmpty();
  }

  /**
   * Goes on by a batch of records at most.
   *
   * @param build of the tables
   * @param positions of the partitions that can be written
   * @return whether a view stands still no more, so that what is in memory of it is old
   * @throws Fenced where another instance has moved a position
   * @throws R2dbcException where the database is away; the next step goes on. After anything else
   *     the partition is not tried again before its next assignment
   */
  boolean step(long build, Map<Integer, Long> positions) {
    if (pass != null && pass.build() != build) {
      pass = null;
    }
    Pass current = pass == null ? open(build, positions) : pass;
    pass = current;
    Long position = current == null ? null : positions.get(current.partition());
    if (current == null || position == null) {
      return false;
    }
    try {
      return step(current, position);
    } catch (RuntimeException e) {
      // What is written is in the table, and it goes on from there.
      pass = null;
      if (e instanceof Fenced && !passing.isEmpty()) {
        // Whoever is ahead finds it in the table, also where that is this instance.
        asked.remove(current.partition());
      } else if (!(e instanceof R2dbcException)) {
        giveUp(current.partition());
      }
      throw e;
    }
  }

  private void giveUp(int partition) {
    if (passing.isEmpty()) {
      waiting.remove(partition);
    } else {
      crossOff(partition);
    }
  }

  private @Nullable Pass open(long build, Map<Integer, Long> positions) {
    for (Map.Entry<Integer, Set<Halt.Key>> each : List.copyOf(asked.entrySet())) {
      if (positions.containsKey(each.getKey())) {
        passing = Set.copyOf(each.getValue());
        List<Halt> halts = table.of(passing);
        if (!halts.isEmpty()) {
          return open(build, each.getKey(), halts);
        }
        crossOff(each.getKey());
      }
    }
    passing = Set.of();
    for (Map.Entry<Integer, Waiting> each : List.copyOf(waiting.entrySet())) {
      int partition = each.getKey();
      if (!positions.containsKey(partition)) {
        continue;
      }
      List<Halt> halts =
          table.before(partition, each.getValue().before(), each.getValue().after(), AT_ONCE);
      if (halts.isEmpty()) {
        waiting.remove(partition);
        continue;
      }
      last = halts.getLast().key();
      return open(build, partition, halts);
    }
    return null;
  }

  private Pass open(long build, int partition, List<Halt> halts) {
    LOG.info("partition {}: {} halted views are tried again", partition, halts.size());
    Pass opened = new Pass(store, table, views, cachedItems, skips, build, partition, halts);
    Consumer<byte[], byte[]> reader = consumer();
    reader.assign(List.of(topic(partition)));
    reader.seek(topic(partition), opened.from());
    return opened;
  }

  /** What was asked for was tried, in vain or not. */
  private void crossOff(int partition) {
    Set<Halt.Key> left = asked.get(partition);
    if (left != null) {
      retries.done(partition, passing);
      left.removeAll(passing);
      if (left.isEmpty()) {
        asked.remove(partition);
      }
    }
    passing = Set.of();
  }

  private boolean step(Pass current, long position) {
    Consumer<byte[], byte[]> reader = consumer();
    List<Entry> entries = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
      // The topic's key is the negotiation; what has none is looked into.
      if (record.offset() < position
          && (record.key() == null
              || current.wants(new String(record.key(), StandardCharsets.UTF_8)))) {
        entries.add(Entry.read(record.partition(), record.offset(), record.value()));
      }
    }
    if (!entries.isEmpty()) {
      current.apply(entries, position);
    }
    if (reader.position(topic(current.partition())) < position) {
      return false;
    }
    boolean done = current.end(position);
    pass = null;
    if (passing.isEmpty()) {
      waiting.computeIfPresent(
          current.partition(), (partition, before) -> new Waiting(before.before(), last));
    } else {
      crossOff(current.partition());
    }
    return done;
  }

  private Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> opened = consumer == null ? opening.get() : consumer;
    consumer = opened;
    return opened;
  }

  private static TopicPartition topic(int partition) {
    return new TopicPartition(Topics.TIMELINE, partition);
  }

  @Override
  public void close() {
    waiting.clear();
    asked.clear();
    pass = null;
    Consumer<byte[], byte[]> opened = consumer;
    consumer = null;
    if (opened != null) {
      opened.close();
    }
  }
}
