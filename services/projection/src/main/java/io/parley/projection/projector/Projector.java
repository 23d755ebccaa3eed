package io.parley.projection.projector;

import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import io.parley.projection.ProjectionProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
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
  private static final Duration BACK_OFF = Duration.ofMillis(500);

  private final Clients clients;
  private final ProjectionProperties properties;
  private final Store store;
  private final Tables tables;
  private final Progress progress;
  private final List<View<?>> views;
  private final Log log;
  private final Traces traces;
  private volatile CountDownLatch ending = new CountDownLatch(0);
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  Projector(
      Clients clients,
      ProjectionProperties properties,
      Store store,
      Tables tables,
      Progress progress,
      List<View<?>> views,
      Log log,
      Traces traces) {
    this.clients = clients;
    this.properties = properties;
    this.store = store;
    this.tables = tables;
    this.progress = progress;
    this.views = List.copyOf(views);
    this.log = log;
    this.traces = traces;
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
        if (properties.createTables()) {
          store.create();
        }
        project();
      } catch (WakeupException e) {
        LOG.debug("woken to end");
      } catch (RuntimeException e) {
        LOG.warn("the projection starts again", e);
        progress.failed(Halt.reason(e));
        pause();
      }
    }
  }

  private void project() {
    BatchWriter writer =
        new BatchWriter(store, new Batch(views, log, tables.skips(), properties.cachedItems()));
    try (Consumer<byte[], byte[]> opened = new KafkaConsumer<>(settings());
        CatchUp catchUp =
            new CatchUp(
                store,
                tables.halted(),
                views,
                properties.cachedItems(),
                tables.skips(),
                tables.retries(),
                clients::reader)) {
      consumer = opened;
      Consumption consumption =
          new Consumption(opened, catchUp, writer, store, tables, progress, this::pause, traces);
      opened.subscribe(List.of(Topics.TIMELINE), consumption);
      while (!ending()) {
        consumption.turn();
      }
    } finally {
      consumer = null;
    }
  }

  private void pause() {
    try {
      ending.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(clients.reading());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, "parley." + properties.schema());
    settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    return settings;
  }
}
