package io.parley.projection.projector;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.ProjectionProperties;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Writes the read models from the timeline (architecture 6). The group only shares out the
 * partitions; where to read on stands in PostgreSQL, in the same transaction as the rows, so each
 * entry is applied once whatever dies. One thread does it all.
 */
@Component
public final class Projector implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration BACK_OFF = Duration.ofMillis(500);

  private final ParleyProperties.Kafka kafka;
  private final ProjectionProperties properties;
  private final Store store;
  private final Progress progress;
  private final Batch batch;
  private final Map<Integer, Long> positions = new HashMap<>();
  private final Set<Integer> unplaced = new HashSet<>();
  private final Set<Integer> stopped = new HashSet<>();
  private volatile CountDownLatch ending = new CountDownLatch(0);
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  Projector(
      ParleyProperties parley,
      ProjectionProperties properties,
      Store store,
      Progress progress,
      List<View<?>> views,
      Log log) {
    this.kafka = parley.kafka();
    this.properties = properties;
    this.store = store;
    this.progress = progress;
    this.batch = new Batch(views, log, properties.cachedItems());
  }

  @Override
  public boolean isAutoStartup() {
    return properties.project();
  }

  @Override
  public synchronized void start() {
    ending = new CountDownLatch(1);
    thread = Thread.ofPlatform().name("projector").start(this::run);
  }

  @Override
  public synchronized void stop() {
    ending.countDown();
    Consumer<byte[], byte[]> running = consumer;
    if (running != null) {
      running.wakeup();
    }
    Thread ran = thread;
    thread = null;
    if (ran != null) {
      try {
        ran.join(Duration.ofSeconds(20));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return thread != null;
  }

  private boolean ending() {
    return ending.getCount() == 0;
  }

  private void run() {
    while (!ending()) {
      try {
        store.create();
        project();
      } catch (WakeupException e) {
        LOG.debug("woken to end");
      } catch (RuntimeException e) {
        LOG.warn("the projection starts again", e);
        progress.failed(reason(e));
        pause();
      }
    }
  }

  private void project() {
    batch.forget();
    try (Consumer<byte[], byte[]> opened = new KafkaConsumer<>(settings())) {
      consumer = opened;
      opened.subscribe(List.of(Topics.TIMELINE), new Assignment(opened));
      while (!ending()) {
        place(opened);
        ConsumerRecords<byte[], byte[]> records = opened.poll(POLL);
        if (!records.isEmpty()) {
          step(opened, records);
        }
        report(opened);
      }
    } finally {
      consumer = null;
    }
  }

  /** Reads on where PostgreSQL says, for partitions that are new here or were lost to another. */
  private void place(Consumer<byte[], byte[]> opened) {
    if (unplaced.isEmpty()) {
      return;
    }
    try {
      store
          .positions(unplaced)
          .forEach(
              (partition, position) -> {
                positions.put(partition, position);
                opened.seek(topic(partition), position);
                opened.resume(List.of(topic(partition)));
              });
      unplaced.clear();
    } catch (RuntimeException e) {
      LOG.warn("the positions cannot be read", e);
      progress.retrying(unplaced, reason(e));
      pause();
    }
  }

  private void step(Consumer<byte[], byte[]> opened, ConsumerRecords<byte[], byte[]> records) {
    List<Entry> entries = new ArrayList<>();
    List<FaultyEvent> faults = new ArrayList<>();
    Map<Integer, Long> ends = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      if (unplaced.contains(partition.partition())) {
        continue;
      }
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        try {
          requireNext(record);
          entries.add(Entry.read(partition.partition(), record.offset(), record.value()));
          ends.put(partition.partition(), record.offset() + 1);
        } catch (RuntimeException e) {
          faults.add(
              new FaultyEvent(
                  partition.partition(), record.offset(), "it cannot be read: " + reason(e), e));
          break;
        }
      }
    }
    try {
      apply(entries, ends, faults);
      faults.forEach(fault -> halt(opened, fault));
    } catch (Fenced e) {
      LOG.info("another instance is ahead of {}: reading the positions again", ends.keySet());
      replace(opened, ends.keySet());
    } catch (RuntimeException e) {
      LOG.warn("a batch of {} cannot be written, it will be tried again", entries.size(), e);
      progress.retrying(ends.keySet(), reason(e));
      replace(opened, ends.keySet());
      pause();
    }
  }

  private void requireNext(ConsumerRecord<byte[], byte[]> record) {
    long position = positions.getOrDefault(record.partition(), 0L);
    if (record.offset() < position) {
      throw new IllegalStateException(
          "the log begins anew: everything before " + position + " is applied already");
    }
  }

  /**
   * Applies entries; where one is faulty, those of its partition before it, and notes the fault.
   */
  private void apply(List<Entry> entries, Map<Integer, Long> ends, List<FaultyEvent> faults) {
    while (!entries.isEmpty()) {
      try {
        write(entries, ends);
        return;
      } catch (FaultyEvent fault) {
        entries = before(fault, entries, ends);
        faults.removeIf(other -> other.partition() == fault.partition());
        faults.add(fault);
      }
    }
  }

  /** What is still to be written: halving may have written some of it. */
  private List<Entry> before(FaultyEvent fault, List<Entry> entries, Map<Integer, Long> ends) {
    List<Entry> rest =
        entries.stream()
            .filter(
                entry -> entry.partition() != fault.partition() || entry.offset() < fault.offset())
            .filter(entry -> entry.offset() >= positions.getOrDefault(entry.partition(), 0L))
            .toList();
    ends.clear();
    rest.forEach(entry -> ends.merge(entry.partition(), entry.offset() + 1, Math::max));
    return rest;
  }

  private void write(List<Entry> entries, Map<Integer, Long> ends) {
    boolean written = false;
    try {
      store.load(batch, entries);
      batch.apply(entries);
      if (!store.write(batch, positions, ends)) {
        throw new Fenced();
      }
      batch.settle();
      positions.putAll(ends);
      written = true;
    } catch (R2dbcException e) {
      batch.discard();
      if (!isOfTheData(e)) {
        throw e;
      }
      halve(entries, e);
      written = true;
    } finally {
      if (!written) {
        batch.discard();
      }
    }
  }

  /** PostgreSQL refuses something in the batch: halving finds what. */
  private void halve(List<Entry> entries, R2dbcException refusal) {
    if (entries.size() == 1) {
      throw FaultyEvent.at(entries.getFirst(), refusal);
    }
    int middle = entries.size() / 2;
    for (List<Entry> half :
        List.of(entries.subList(0, middle), entries.subList(middle, entries.size()))) {
      Map<Integer, Long> ends = new HashMap<>();
      half.forEach(entry -> ends.merge(entry.partition(), entry.offset() + 1, Math::max));
      write(half, ends);
    }
  }

  /** Data exceptions, violated constraints, limits exceeded: trying again would not help. */
  private static boolean isOfTheData(R2dbcException error) {
    String state = error.getSqlState();
    return state != null
        && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  private void halt(Consumer<byte[], byte[]> opened, FaultyEvent fault) {
    LOG.error("the projection stops before a faulty event", fault);
    stopped.add(fault.partition());
    opened.pause(List.of(topic(fault.partition())));
    opened.seek(topic(fault.partition()), fault.offset());
    progress.stopped(fault.partition(), fault.offset(), reason(fault));
  }

  private void replace(Consumer<byte[], byte[]> opened, Collection<Integer> partitions) {
    batch.forget();
    opened.pause(partitions.stream().map(Projector::topic).toList());
    unplaced.addAll(partitions);
  }

  private void report(Consumer<byte[], byte[]> opened) {
    for (Map.Entry<Integer, Long> each : positions.entrySet()) {
      int partition = each.getKey();
      if (!stopped.contains(partition) && !unplaced.contains(partition)) {
        OptionalLong lag = opened.currentLag(topic(partition));
        progress.running(
            partition, each.getValue(), lag.isPresent() ? (Long) lag.getAsLong() : null);
      }
    }
  }

  private void pause() {
    try {
      ending.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(Throwable error) {
    return error.getMessage() == null ? error.getClass().getName() : error.getMessage();
  }

  private static TopicPartition topic(int partition) {
    return new TopicPartition(Topics.TIMELINE, partition);
  }

  private Map<String, Object> settings() {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        kafka.bootstrapServers(),
        ConsumerConfig.GROUP_ID_CONFIG,
        "parley." + properties.schema(),
        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
        "consumer",
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        // Positions come from PostgreSQL. The consumer looks for committed ones all the same, and
        // "none" would let it fail over their absence before we have said where to go. A log that
        // begins anew is found by its offsets.
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest",
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        properties.batchEvents(),
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class);
  }

  /** Another instance wrote in between. */
  private static final class Fenced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fenced() {
      super("fenced", null, false, false);
    }
  }

  /** What this instance gets and loses. */
  private final class Assignment implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> opened;

    Assignment(Consumer<byte[], byte[]> opened) {
      this.opened = opened;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      // Held until the loop has asked PostgreSQL, which may be away just now.
      opened.pause(assigned);
      for (TopicPartition partition : assigned) {
        unplaced.add(partition.partition());
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      List<Integer> gone = revoked.stream().map(TopicPartition::partition).toList();
      positions.keySet().removeAll(gone);
      unplaced.removeAll(gone);
      stopped.removeAll(gone);
      progress.revoked(gone);
      batch.forget();
    }
  }
}
