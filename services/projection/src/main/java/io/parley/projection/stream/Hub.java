package io.parley.projection.stream;

import io.netty.channel.EventLoop;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tails the timeline for all subscribers of this instance: one thread, one consumer, no group. An
 * event is decoded once, matched once for each {@link FilterClass}, encoded once, and handed to the
 * event loops, which hand it to their subscribers. While nobody listens it only keeps its place.
 */
@Component
public final class Hub implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration BACK_OFF = Duration.ofMillis(500);
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final long LOOK_FOR_ANOTHER_LOG_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ParleyProperties.Kafka kafka;
  private final StreamProperties properties;
  private final StreamMetrics metrics;
  private final Pages pages;
  private final Traces traces;
  private final Object lock = new Object();
  private final Classes classes = new Classes();
  private final Map<EventLoop, Fanout> fanouts = new ConcurrentHashMap<>();
  private Recent recent;
  private Position position = Position.beginning(0);
  private long epoch;
  private boolean ready;
  private volatile CountDownLatch ending = new CountDownLatch(0);
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
  private @Nullable Thread thread;

  Hub(
      ParleyProperties parley,
      StreamProperties properties,
      StreamMetrics metrics,
      Pages pages,
      Traces traces) {
    this.kafka = parley.kafka();
    this.traces = traces;
    this.metrics = metrics;
    this.pages = pages;
    this.properties = properties;
    this.recent = new Recent(properties.recentBytes(), position);
  }

  /**
   * Where the hub is.
   *
   * @param position next offset of each partition
   * @param recent everything from this position on is still at hand
   */
  record Place(long epoch, Position position, Position recent) {}

  /**
   * Where it is.
   *
   * @throws Problem 503 where it does not know yet
   */
  Place place() {
    synchronized (lock) {
      requireReady();
      return new Place(epoch, position.copy(), recent.view().from());
    }
  }

  private void requireReady() {
    if (!ready) {
      throw Problem.unavailable(
          "STREAMS_NOT_READY", "the streams are starting or stopping", Duration.ofSeconds(1));
    }
  }

  boolean isReady() {
    synchronized (lock) {
      return ready;
    }
  }

  /**
   * Takes a place in a class; from the next batch on it is matched.
   *
   * @throws Problem 429 where there are too many
   */
  void acquire(FilterClass type) {
    synchronized (lock) {
      requireReady();
      if (!classes.has(type) && classes.size() >= properties.classes()) {
        metrics.refused(StreamMetrics.Refusal.CLASSES);
        throw Problem.tooMany(
            "TOO_MANY_FILTERS",
            "there may be " + properties.classes() + " different filters at once",
            Duration.ofSeconds(5));
      }
      int before = classes.size();
      classes.acquire(type);
      metrics.classes(classes.size() - before);
    }
  }

  void release(FilterClass type) {
    synchronized (lock) {
      int before = classes.size();
      classes.release(type);
      metrics.classes(classes.size() - before);
    }
  }

  /** The newest events that are at hand. */
  Recent.View recent() {
    synchronized (lock) {
      return recent.view();
    }
  }

  /**
   * The part of the hub on this event loop, which is the caller. Batches that were published before
   * this returns and are not part of its position will come to it.
   */
  Fanout attach(EventLoop loop) {
    synchronized (lock) {
      return fanouts.computeIfAbsent(
          loop, each -> new Fanout(each, this, metrics, epoch, position.copy(), recent.newest()));
    }
  }

  /** The loop has no subscriber any more. */
  void detach(Fanout fanout) {
    synchronized (lock) {
      fanouts.remove(fanout.loop(), fanout);
      if (fanouts.isEmpty()) {
        recent.clear(position);
      }
    }
  }

  /** Ends all streams; on each loop, later. */
  private void end(Ending reason) {
    synchronized (lock) {
      fanouts.values().forEach(fanout -> fanout.end(reason));
    }
  }

  private void run() {
    while (!isEnding()) {
      try {
        tail();
      } catch (WakeupException e) {
        LOG.debug("woken to end");
      } catch (RuntimeException e) {
        LOG.warn("the streams' consumer starts again", e);
        pause();
      }
    }
  }

  private void tail() {
    try (Admin admin = Admin.create(kafka.brokers().settings());
        KafkaConsumer<String, byte[]> opened =
            new KafkaConsumer<>(
                TimelineLogReader.settings(kafka.brokers(), "none"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
      consumer = opened;
      List<TopicPartition> partitions = TimelineLogReader.partitions(kafka.partitions());
      opened.assign(partitions);
      place(opened, partitions, epochOf(admin));
      long looked = System.nanoTime();
      while (!isEnding()) {
        ConsumerRecords<String, byte[]> records = opened.poll(POLL);
        publish(records, positions(opened, partitions));
        if (System.nanoTime() - looked > LOOK_FOR_ANOTHER_LOG_NANOS) {
          looked = System.nanoTime();
          if (epochOf(admin) != epoch) {
            throw new IllegalStateException("the timeline was made anew");
          }
        }
      }
    } finally {
      consumer = null;
    }
  }

  /** Goes on where it was; in a log that is another one, at its end. */
  private void place(
      KafkaConsumer<String, byte[]> opened, List<TopicPartition> partitions, long found) {
    Position end = TimelineLogReader.positions(opened.endOffsets(partitions, WITHIN));
    boolean another;
    synchronized (lock) {
      another =
          ready
              && (found != epoch
                  || end.partitions() != position.partitions()
                  || !end.covers(position, Scope.WHOLE));
      if (another) {
        ready = false;
      }
    }
    if (another) {
      // They come back, and are told that their cursor is of another log.
      end(Ending.ANOTHER_LOG);
    }
    synchronized (lock) {
      if (!ready) {
        epoch = found;
        position = end;
        recent = new Recent(properties.recentBytes(), position);
        fanouts.clear();
        pages.clear();
        ready = true;
      }
      partitions.forEach(each -> opened.seek(each, position.of(each.partition())));
    }
  }

  private static Position positions(
      KafkaConsumer<String, byte[]> opened, List<TopicPartition> partitions) {
    Position positions = Position.beginning(partitions.size());
    partitions.forEach(each -> positions.put(each, opened.position(each)));
    return positions;
  }

  private static long epochOf(Admin admin) {
    try {
      return Cursor.epoch(
          Objects.requireNonNull(
                  admin
                      .describeTopics(List.of(Topics.TIMELINE))
                      .allTopicNames()
                      .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                      .get(Topics.TIMELINE),
                  "it was asked for")
              .topicId());
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the timeline's topic cannot be described", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WakeupException();
    }
  }

  private void publish(ConsumerRecords<String, byte[]> records, Position after) {
    synchronized (lock) {
      if (fanouts.isEmpty()) {
        position = after;
        recent.clear(after);
        return;
      }
      if (records.isEmpty() && position.equals(after)) {
        return;
      }
    }
    List<Span> steps = traces.isOn() ? steps(records) : List.of();
    List<Recent.Link> links = new ArrayList<>(records.count());
    Position reached = position.copy();
    for (ConsumerRecord<String, byte[]> record : records) {
      StreamEvent event = new StreamEvent(record);
      reached.pass(event);
      links.add(new Recent.Link(event, reached.copy()));
    }
    Batch batch = new Batch(epoch, links, after);
    batch.match(classes);
    List<Fanout> receivers;
    synchronized (lock) {
      // A class that came while the others were matched has seen none or some of it.
      classes.takeAdded().forEach(batch::match);
      links.forEach(recent::add);
      position = after;
      batch.encode();
      receivers = List.copyOf(fanouts.values());
      receivers.forEach(
          fanout -> {
            batch.retain();
            fanout.take(batch, recent.newest());
          });
    }
    steps.forEach(Span::end);
    metrics.published(links.size());
    batch.release();
    // Loops that lag behind hold the hub up, and not memory.
    receivers.forEach(fanout -> fanout.awaitRoom(ending));
  }

  /** One for each event, however many subscribers it goes to. */
  private List<Span> steps(ConsumerRecords<String, byte[]> records) {
    List<Span> steps = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      SpanContext settled = Traces.read(record.headers());
      if (settled.isSampled()) {
        steps.add(traces.begin("publish", SpanKind.PRODUCER, settled));
      }
    }
    return steps;
  }

  private boolean isEnding() {
    return ending.getCount() == 0;
  }

  private void pause() {
    try {
      ending.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void start() {
    ending = new CountDownLatch(1);
    thread = Thread.ofPlatform().name("stream-hub").start(this::run);
  }

  /** Before the web server: it would wait for every stream to end by itself. */
  @Override
  public synchronized void stop() {
    synchronized (lock) {
      ready = false;
    }
    ending.countDown();
    KafkaConsumer<String, byte[]> running = consumer;
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
    end(Ending.STOPPED);
  }

  @Override
  public synchronized boolean isRunning() {
    return thread != null;
  }
}
