package io.parley.projection.projector;

import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a projector reads while it is a member of the group: the partitions that it gets, from where
 * PostgreSQL says, up to a fault of the log. For one thread.
 */
final class Consumption implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration OVERVIEW_EVERY = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final CatchUp catchUp;
  private final BatchWriter writer;
  private final Store store;
  private final Tables tables;
  private final Progress progress;
  private final Runnable pause;
  private final Traces traces;

  /** Not to be read before PostgreSQL was asked from where. */
  private final Set<Integer> unplaced = new HashSet<>();

  /** New here: what stands still in them is to be tried again. */
  private final Set<Integer> fresh = new HashSet<>();

  /** Before a faulty record. */
  private final Map<Integer, FaultyEvent> stopped = new HashMap<>();

  /** Of these, what the table does not say yet. */
  private final Set<Integer> untold = new HashSet<>();

  private long overviewAt;

  /**
   * What a consumer reads from when it subscribes with this as its listener.
   *
   * @param pause waits a moment, where something is away
   */
  Consumption(
      Consumer<byte[], byte[]> consumer,
      CatchUp catchUp,
      BatchWriter writer,
      Store store,
      Tables tables,
      Progress progress,
      Runnable pause,
      Traces traces) {
    this.consumer = consumer;
    this.catchUp = catchUp;
    this.writer = writer;
    this.store = store;
    this.tables = tables;
    this.progress = progress;
    this.pause = pause;
    this.traces = traces;
  }

  /** Reads and applies what there is, a batch at most. */
  void turn() {
    if (tables.live().build() != writer.build() && writer.build() != 0) {
      LOG.info("the tables were built anew: the positions are read again");
      replace(writer.positions().keySet());
    }
    place();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(catchUp.isActive() ? AT_ONCE : POLL);
    if (!records.isEmpty()) {
      apply(records);
    }
    if (catchUp.isActive()) {
      catchUp();
    }
    report();
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    // Held until the loop has asked PostgreSQL, which may be away just now.
    consumer.pause(assigned);
    for (TopicPartition partition : assigned) {
      unplaced.add(partition.partition());
      fresh.add(partition.partition());
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    List<Integer> gone = revoked.stream().map(TopicPartition::partition).toList();
    writer.revoked(gone);
    unplaced.removeAll(gone);
    fresh.removeAll(gone);
    stopped.keySet().removeAll(gone);
    untold.removeAll(gone);
    catchUp.revoked(gone);
    progress.revoked(gone);
  }

  /** Reads on where PostgreSQL says, for partitions that are new here or were lost to another. */
  private void place() {
    if (unplaced.isEmpty()) {
      return;
    }
    try {
      // Before the positions: if the tables are others by then, nothing of it is written.
      long build = store.build();
      Map<Integer, Long> placed = store.positions(unplaced);
      writer.build(build);
      tables.live().build(build);
      writer.positions().putAll(placed);
      // After the positions: what stood still before them is seen, and what was passed over since.
      tables.skips().refresh();
      overview();
      placed.forEach(
          (partition, position) -> {
            consumer.seek(topic(partition), position);
            consumer.resume(List.of(topic(partition)));
            stopped.remove(partition);
            if (fresh.remove(partition)) {
              catchUp.begin(partition, position);
            }
          });
      // Not all: a retry may have been found just now.
      unplaced.removeAll(placed.keySet());
    } catch (RuntimeException e) {
      LOG.warn("the positions cannot be read", e);
      progress.retrying(unplaced, Halt.reason(e));
      pause.run();
    }
  }

  private void overview() {
    HaltedTable.Overview overview = tables.halted().overview(writer.positions().keySet());
    writer.halts().any(!overview.views().isEmpty());
    progress.halted(overview);
    overviewAt = System.nanoTime();
    if (writer.halts().any() || !stopped.isEmpty()) {
      tell();
      Retries.Asked asked = tables.retries().in(writer.positions().keySet());
      if (!asked.views().isEmpty()) {
        tables.skips().refresh();
        asked.views().forEach(catchUp::ask);
      }
      for (int partition : asked.partitions()) {
        tables.retries().done(partition, List.of(new Halt.Key(Retries.PARTITION, "")));
        LOG.info("partition {} is read again", partition);
        unplaced.add(partition);
      }
    }
  }

  /** Says in the table what stopped, so that every instance can tell. */
  private void tell() {
    for (FaultyEvent fault : stopped.values()) {
      if (untold.contains(fault.partition())) {
        tables.stopped().stand(fault.partition(), fault.offset(), Halt.reason(fault));
        untold.remove(fault.partition());
      }
    }
  }

  private void apply(ConsumerRecords<byte[], byte[]> records) {
    BatchSteps steps = BatchSteps.begin(traces, records);
    try {
      traces.during(steps.work(), () -> apply(records, steps));
    } finally {
      steps.end();
    }
  }

  private void apply(ConsumerRecords<byte[], byte[]> records, BatchSteps steps) {
    List<Entry> entries = new ArrayList<>();
    Map<Integer, FaultyEvent> faults = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      if (!unplaced.contains(partition.partition())) {
        read(records.records(partition), entries, faults);
      }
    }
    Set<Integer> partitions = new HashSet<>(entries.stream().map(Entry::partition).toList());
    try {
      writer.apply(entries).forEach(fault -> faults.put(fault.partition(), fault));
      faults.values().forEach(fault -> stop(fault));
    } catch (Fenced e) {
      steps.fail();
      LOG.info("another instance is ahead of {}: reading the positions again", partitions);
      replace(partitions);
    } catch (RuntimeException e) {
      steps.fail();
      LOG.warn("a batch of {} cannot be written, it will be tried again", entries.size(), e);
      progress.retrying(partitions, Halt.reason(e));
      replace(partitions);
      pause.run();
    }
  }

  /** Reads records of a partition, up to one that is faulty. */
  private void read(
      List<ConsumerRecord<byte[], byte[]>> records,
      List<Entry> entries,
      Map<Integer, FaultyEvent> faults) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      int partition = record.partition();
      try {
        requireNext(record);
        entries.add(Entry.read(partition, record.offset(), record.value()));
      } catch (RuntimeException e) {
        String why = "it cannot be read: " + Halt.reason(e);
        faults.put(partition, new FaultyEvent(partition, record.offset(), why, e));
        return;
      }
    }
  }

  private void requireNext(ConsumerRecord<byte[], byte[]> record) {
    long position = writer.positions().getOrDefault(record.partition(), 0L);
    if (record.offset() < position) {
      throw new IllegalStateException(
          "the log begins anew: everything before " + position + " is applied already");
    }
  }

  /** Goes on with what stood still; where that fails, it stands still for longer, and no more. */
  private void catchUp() {
    Map<Integer, Long> placed = new HashMap<>(writer.positions());
    placed.keySet().removeAll(unplaced);
    try {
      if (catchUp.step(writer.build(), placed)) {
        // Nothing of a view that was halted before the assignment is in memory. Of one that came to
        // be halted since, and is tried on demand, what it was before would be.
        writer.forget();
        overview();
      }
    } catch (RuntimeException e) {
      LOG.warn("a halted view cannot be tried again just now", e);
      // It may have ended before that.
      writer.forget();
      pause.run();
    }
  }

  private void stop(FaultyEvent fault) {
    LOG.error("the projection stops before a faulty event", fault);
    stopped.put(fault.partition(), fault);
    untold.add(fault.partition());
    // To be told at once.
    overviewAt = System.nanoTime() - OVERVIEW_EVERY.toNanos() - 1;
    consumer.pause(List.of(topic(fault.partition())));
    consumer.seek(topic(fault.partition()), fault.offset());
    progress.stopped(fault.partition(), fault.offset(), Halt.reason(fault));
  }

  private void replace(Collection<Integer> partitions) {
    writer.forget();
    consumer.pause(partitions.stream().map(Consumption::topic).toList());
    unplaced.addAll(partitions);
  }

  private void report() {
    for (Map.Entry<Integer, Long> each : writer.positions().entrySet()) {
      int partition = each.getKey();
      if (!stopped.containsKey(partition) && !unplaced.contains(partition)) {
        OptionalLong lag = consumer.currentLag(topic(partition));
        progress.running(
            partition, each.getValue(), lag.isPresent() ? (Long) lag.getAsLong() : null);
      }
    }
    if ((writer.halts().any() || !stopped.isEmpty())
        && System.nanoTime() - overviewAt > OVERVIEW_EVERY.toNanos()) {
      try {
        overview();
      } catch (RuntimeException e) {
        LOG.warn("what stands still cannot be read", e);
        overviewAt = System.nanoTime();
      }
    }
  }

  private static TopicPartition topic(int partition) {
    return new TopicPartition(Topics.TIMELINE, partition);
  }
}
