package io.parley.projection.restricted;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.projector.Entry;
import io.parley.projection.restricted.RestrictedFold.Unfoldable;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.wire.Wire;
import io.r2dbc.spi.R2dbcException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Writes the read model of what is restricted, from the restricted topics. As with the open read
 * models, where to read on stands in PostgreSQL beside the rows, so each event is applied once.
 * These are few: one event is one transaction. The log of this process tells nothing of them.
 *
 * <p>Whatever else fails, it starts again by itself. Only an event that cannot be applied stops its
 * partition, and no other; it is tried again, less and less often, since its cause may go.
 */
@Component
public final class RestrictedProjector implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RestrictedProjector.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration BACK_OFF = Duration.ofMillis(500);
  private static final List<String> TOPICS =
      Topics.RESTRICTING.stream().map(Topics::restricted).toList();

  private final ParleyProperties.Kafka kafka;
  private final ProjectionProperties properties;
  private final RestrictedStore store;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Set<TopicPartition> unplaced = new HashSet<>();
  private final Faults faults = new Faults();
  private volatile CountDownLatch ending = new CountDownLatch(0);
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  RestrictedProjector(
      ParleyProperties parley, ProjectionProperties properties, RestrictedStore store) {
    this.kafka = parley.kafka();
    this.properties = properties;
    this.store = store;
  }

  /** Whether an event cannot be applied, so that what follows it waits. */
  boolean isFaulty() {
    return faults.any();
  }

  /** Whether that is so on any instance. */
  public Mono<Boolean> isStopped() {
    return store.isStopped();
  }

  @Override
  public boolean isAutoStartup() {
    return properties.project();
  }

  @Override
  public synchronized void start() {
    Topics.create(kafka, TOPICS);
    ending = new CountDownLatch(1);
    thread = Thread.ofPlatform().name("restricted-projector").start(this::run);
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

  private void run() {
    while (ending.getCount() > 0) {
      try {
        if (properties.createTables()) {
          store.create();
        }
        project();
      } catch (WakeupException e) {
        LOG.debug("woken to end");
      } catch (RuntimeException e) {
        LOG.warn("the restricted projection starts again after {}", e.getClass().getName());
        pause();
      }
    }
  }

  private void project() {
    positions.clear();
    unplaced.clear();
    faults.clear();
    try (Consumer<byte[], byte[]> opened = new KafkaConsumer<>(settings())) {
      consumer = opened;
      opened.subscribe(TOPICS, new Assignment(opened));
      while (ending.getCount() > 0) {
        unplaced.addAll(faults.toTry());
        for (TopicPartition partition : List.copyOf(unplaced)) {
          place(opened, partition);
        }
        for (ConsumerRecord<byte[], byte[]> record : opened.poll(POLL)) {
          step(opened, record);
        }
      }
    } finally {
      consumer = null;
    }
  }

  private void place(Consumer<byte[], byte[]> opened, TopicPartition partition) {
    long position = store.position(partition);
    positions.put(partition, position);
    opened.seek(partition, position);
    opened.resume(List.of(partition));
    unplaced.remove(partition);
    applied(partition, position);
  }

  private void applied(TopicPartition partition, long position) {
    if (faults.applied(partition, position)) {
      LOG.info("the restricted projection goes on");
    }
  }

  private void step(Consumer<byte[], byte[]> opened, ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Long position = positions.get(partition);
    if (position == null || unplaced.contains(partition) || record.offset() < position) {
      return;
    }
    try {
      if (store.apply(partition, position, entry(record))) {
        positions.put(partition, record.offset() + 1);
        applied(partition, record.offset() + 1);
      } else {
        unplaced.add(partition);
      }
    } catch (RuntimeException e) {
      if (!isOfTheEvent(e)) {
        throw e;
      }
      opened.pause(List.of(partition));
      positions.remove(partition);
      if (faults.add(partition, record.offset())) {
        LOG.error("a restricted event cannot be applied: {}", e.getClass().getName());
        store.stand(partition, record.offset());
      }
    }
  }

  /** It cannot be read, does not follow from what stands, or the database refuses what it says. */
  static boolean isOfTheEvent(RuntimeException error) {
    if (error instanceof Unreadable || error instanceof Unfoldable) {
      return true;
    }
    String state = error instanceof R2dbcException refusal ? refusal.getSqlState() : null;
    return state != null
        && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  /**
   * Where nothing is settled the offset stands for the sequence, which is never shown, and the time
   * of the Kafka record says when it was recorded.
   */
  static Entry entry(ConsumerRecord<?, byte[]> record) {
    Event event = event(record.value());
    EventHeader header = event.header();
    return new Entry(
        record.partition(),
        record.offset(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        header.negotiation(),
        event.service(),
        event.type(),
        header.aggregate(),
        header.version(),
        "",
        "",
        ByteBuffer.wrap(record.value()),
        event);
  }

  private static Event event(byte[] value) {
    try {
      if (Wire.decode(value) instanceof Event event) {
        return event;
      }
    } catch (RuntimeException e) {
      throw new Unreadable(e);
    }
    throw new Unreadable(null);
  }

  /** A record that is no event. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(@Nullable Throwable cause) {
      super("a restricted topic holds something that is not an event", cause);
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
    return kafka
        .brokers()
        .settings(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                "parley." + properties.schema() + ".restricted",
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "consumer",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
  }

  /** What this instance gets and loses. */
  private final class Assignment implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> opened;

    Assignment(Consumer<byte[], byte[]> opened) {
      this.opened = opened;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      opened.pause(assigned);
      unplaced.addAll(assigned);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      positions.keySet().removeAll(revoked);
      unplaced.removeAll(revoked);
      faults.forget(revoked);
    }
  }
}
