package io.parley.projection.stream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's way through older events, step by step: those of all partitions merged by the
 * time at which they were settled. Whoever makes a step owns the position until it is made; nothing
 * but the position is kept from one step to the next.
 */
final class Replay {
  private static final int STEP_BYTES = 64 << 10;
  private static final int STEP_RECORDS = 20_000;
  private static final long STEP_NANOS = 20_000_000;
  private static final int LOOK_AT_CLOCK_EVERY = 64;

  private final Hub hub;
  private final Pages pages;
  private final Subscription subscription;
  private boolean begun;
  private long firstMillis;
  private long firstNanos;

  Replay(Hub hub, Pages pages, Subscription subscription) {
    this.hub = hub;
    this.pages = pages;
    this.subscription = subscription;
  }

  /**
   * What a step came to.
   *
   * @param chunk what is to be sent; the receiver releases it
   * @param at where the next step begins
   * @param complete whether all is read that was there
   * @param waitNanos time until the next event is due
   */
  record Step(@Nullable ByteBuf chunk, Position at, boolean complete, long waitNanos) {}

  /** Reads on from a position. */
  Step step(TimelineLogReader reader, Position from) {
    Hub.Place place = hub.place();
    Position target = subscription.end() == null ? place.position() : subscription.end();
    Merge merge = new Merge(reader, from.copy(), target);
    Chunk out = null;
    long began = System.nanoTime();
    for (int records = 1; ; records++) {
      StreamEvent event = merge.next();
      if (event == null) {
        return new Step(end(out), merge.at, true, 0);
      }
      if (subscription.wants(event)) {
        long wait = wait(event);
        if (wait > 0) {
          return new Step(end(out), merge.at, false, wait);
        }
        merge.pass(event);
        out = append(out == null ? new Chunk(STEP_BYTES) : out, place.epoch(), merge.at, event);
      } else {
        merge.pass(event);
      }
      if (records >= STEP_RECORDS
          || (out != null && out.length() >= STEP_BYTES)
          || (records % LOOK_AT_CLOCK_EVERY == 0 && System.nanoTime() - began > STEP_NANOS)) {
        return new Step(end(out), merge.at, false, 0);
      }
    }
  }

  private Chunk append(Chunk out, long epoch, Position at, StreamEvent event) {
    if (subscription.format() == Subscription.Format.NDJSON) {
      return out.line(event.content().json());
    }
    byte[] cursor = Cursor.encode(epoch, subscription.type().scope(), at);
    return out.event(cursor, subscription.type().named(), event.content());
  }

  private static @Nullable ByteBuf end(@Nullable Chunk out) {
    return out == null ? null : out.end();
  }

  /** How long it is until this event is due, at the speed that was asked for. */
  private long wait(StreamEvent event) {
    if (subscription.speed() == 0) {
      return 0;
    }
    long now = System.nanoTime();
    if (!begun) {
      begun = true;
      firstMillis = event.recordedMillis();
      firstNanos = now;
    }
    double after = (event.recordedMillis() - firstMillis) * 1e6 / subscription.speed();
    return firstNanos + (long) after - now;
  }

  /** The events of the partitions, the earliest first. */
  private final class Merge {
    private final TimelineLogReader reader;
    private final Position at;
    private final Position target;
    private final @Nullable Page[] page;
    private final int[] index;

    Merge(TimelineLogReader reader, Position at, Position target) {
      this.reader = reader;
      this.at = at;
      this.target = target;
      this.page = new Page[at.partitions()];
      this.index = new int[at.partitions()];
    }

    /** The next event; null where all is read. It stays the next one until it is passed. */
    @Nullable StreamEvent next() {
      StreamEvent earliest = null;
      for (int partition = 0; partition < at.partitions(); partition++) {
        if (subscription.type().scope().has(partition)) {
          StreamEvent head = head(partition);
          if (head != null
              && (earliest == null || head.recordedMillis() < earliest.recordedMillis())) {
            earliest = head;
          }
        }
      }
      return earliest;
    }

    void pass(StreamEvent event) {
      at.pass(event);
      index[event.partition()]++;
    }

    private @Nullable StreamEvent head(int partition) {
      while (at.of(partition) < target.of(partition)) {
        Page current = page[partition];
        if (current == null) {
          current = pages.get(reader, partition, at.of(partition), target.of(partition));
          page[partition] = current;
          index[partition] = current.indexOf(at.of(partition));
        }
        if (index[partition] < current.events().size()) {
          StreamEvent head = current.events().get(index[partition]);
          if (head.offset() < target.of(partition)) {
            return head;
          }
          at.put(partition, target.of(partition));
        } else {
          at.put(partition, Math.min(current.next(), target.of(partition)));
          page[partition] = null;
        }
      }
      return null;
    }
  }
}
