package io.parley.projection.stream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of one event loop. Everything here happens on that loop, so nothing is locked: a
 * batch is handed to each in turn, and whoever joins does so between two batches.
 */
final class Fanout {
  /** Batches that may be on their way to a loop before the hub waits for it. */
  private static final int BATCHES = 4;

  private static final long TICK_MILLIS = 500;

  private static final long WAIT_MILLIS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Fanout.class);

  private final EventLoop loop;
  private final Hub hub;
  private final long epoch;
  private final Semaphore room = new Semaphore(BATCHES);
  private final StreamMetrics metrics;
  private final Map<FilterClass, List<Subscriber>> live = new HashMap<>();
  private final Set<Subscriber> all = new LinkedHashSet<>();
  private final Set<Subscriber> behind = new LinkedHashSet<>();
  private final Future<?> ticks;
  private Position position;
  private Recent.Link last;
  private long nowNanos = System.nanoTime();

  Fanout(
      EventLoop loop,
      Hub hub,
      StreamMetrics metrics,
      long epoch,
      Position position,
      Recent.Link last) {
    this.loop = loop;
    this.hub = hub;
    this.metrics = metrics;
    this.epoch = epoch;
    this.position = position;
    this.last = last;
    this.ticks =
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  Hub hub() {
    return hub;
  }

  long epoch() {
    return epoch;
  }

  /** What the subscribers of this loop that are live have received. Not to be changed. */
  Position position() {
    return position;
  }

  /** The last event of that; the start of a chain where there is none. */
  Recent.Link last() {
    return last;
  }

  /** The time, as of the batch or the tick that is handled. */
  long nowNanos() {
    return nowNanos;
  }

  /** Called by the hub under its lock, so that batches come in their order. */
  void take(Batch batch, Recent.Link newest) {
    try {
      loop.execute(() -> deliver(batch, newest));
    } catch (RejectedExecutionException e) {
      // The server is gone, and everybody with it.
      batch.release();
      room.release();
    }
  }

  /** Waits while the loop is far behind. */
  void awaitRoom(CountDownLatch ending) {
    try {
      while (ending.getCount() > 0 && !room.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("an event loop is behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(Batch batch, Recent.Link newest) {
    try {
      nowNanos = System.nanoTime();
      for (Map.Entry<FilterClass, Batch.Delivery> each : batch.deliveries().entrySet()) {
        List<Subscriber> subscribers = live.get(each.getKey());
        if (subscribers != null) {
          metrics.delivered((long) subscribers.size() * each.getValue().events());
          // From the end: one that is disconnected leaves the list, and the last takes its place.
          for (int i = subscribers.size() - 1; i >= 0; i--) {
            subscribers.get(i).deliver(each.getValue());
          }
        }
      }
      position = batch.after();
      last = newest;
      for (Subscriber subscriber : List.copyOf(behind)) {
        subscriber.goOn();
      }
    } finally {
      room.release();
      batch.release();
    }
  }

  private void tick() {
    nowNanos = System.nanoTime();
    List.copyOf(all).forEach(Subscriber::tick);
  }

  /** Ends all streams, later. */
  void end(Ending ending) {
    try {
      loop.execute(() -> List.copyOf(all).forEach(each -> each.end(ending)));
    } catch (RejectedExecutionException e) {
      LOG.debug("the server is gone, and its streams with it");
    }
  }

  void add(Subscriber subscriber) {
    all.add(subscriber);
    behind.add(subscriber);
  }

  /** It has all that the others of its class have, and is sent what they are from here on. */
  void join(Subscriber subscriber) {
    behind.remove(subscriber);
    List<Subscriber> subscribers =
        live.computeIfAbsent(subscriber.type(), any -> new ArrayList<>());
    subscriber.place(subscribers.size());
    subscribers.add(subscriber);
  }

  /** It is sent nothing any more. */
  void leave(Subscriber subscriber) {
    if (subscriber.place() < 0) {
      behind.remove(subscriber);
      return;
    }
    List<Subscriber> subscribers = live.getOrDefault(subscriber.type(), List.of());
    Subscriber moved = subscribers.removeLast();
    if (moved != subscriber) {
      subscribers.set(subscriber.place(), moved);
      moved.place(subscriber.place());
    }
    subscriber.place(-1);
    if (subscribers.isEmpty()) {
      live.remove(subscriber.type());
    }
  }

  /** It is gone. */
  void remove(Subscriber subscriber) {
    leave(subscriber);
    all.remove(subscriber);
    if (all.isEmpty()) {
      ticks.cancel(false);
      hub.detach(this);
    }
  }
}
