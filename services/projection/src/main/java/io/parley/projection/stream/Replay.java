package io.parley.projection.stream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's way through older events, step by step: those of all partitions merged by the
 * time at which they were settled. Whoever makes a step owns it until the step is made.
 */
final class Replay {
  private static final int STEP_BYTES = 128 << 10;
  private static final int STEP_RECORDS = 20_000;
  private static final long STEP_NANOS = 20_000_000;
  private static final int LOOK_AT_CLOCK_EVERY = 64;

  private final Hub hub;
  private final Pages pages;
  private final Subscription subscription;
  private @Nullable Merge merge;
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
    Merge events = merge;
    // Its subscriber may have walked on with the newest events since the step before.
    if (events == null || !events.at().equals(from)) {
      events = new Merge(pages, subscription, from);
      merge = events;
    }
    Chunk out = null;
    long began = System.nanoTime();
    for (int records = 1; ; records++) {
      StreamEvent event = events.next(reader, target);
      if (event == null) {
        return step(out, events, true, 0);
      }
      if (subscription.wants(event)) {
        long wait = wait(event);
        if (wait > 0) {
          return step(out, events, false, wait);
        }
        events.pass(event);
        out = append(out == null ? new Chunk(STEP_BYTES) : out, place.epoch(), events.at(), event);
      } else {
        events.pass(event);
      }
      if (records >= STEP_RECORDS
          || (out != null && out.length() >= STEP_BYTES)
          || (records % LOOK_AT_CLOCK_EVERY == 0 && System.nanoTime() - began > STEP_NANOS)) {
        return step(out, events, false, 0);
      }
    }
  }

  private static Step step(@Nullable Chunk out, Merge events, boolean complete, long waitNanos) {
    return new Step(out == null ? null : out.end(), events.at().copy(), complete, waitNanos);
  }

  /**
   * Lets go of what it has read and not sent. Its client takes its time: meanwhile only the place
   * is kept.
   */
  void rest() {
    if (merge != null) {
      merge.rest();
    }
  }

  private Chunk append(Chunk out, long epoch, Position at, StreamEvent event) {
    if (subscription.format() == Subscription.Format.NDJSON) {
      return out.line(event.content().json());
    }
    byte[] cursor = Cursor.encode(epoch, subscription.type().scope(), at);
    return out.event(cursor, subscription.type().named(), event.content());
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
}
