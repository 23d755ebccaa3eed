package io.parley.projection.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.parley.projection.projector.Bodies;
import io.parley.projection.stream.Subscription.Format;
import io.parley.projection.stream.Subscription.Reset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection. It reads older events step by step as its client takes them, then walks through
 * the newest ones that the hub still has, and joins the others of its class when it has exactly
 * what they have. Everything here happens on its event loop.
 */
final class Subscriber extends ChannelInboundHandlerAdapter {
  /** What a message costs in a channel's queue beside its bytes, as Netty counts it. */
  private static final int QUEUED_OVERHEAD_BYTES = 96;

  private static final int WALK_BYTES = 64 << 10;

  /** Room for a step of a replay that waits to be written while the next one is made. */
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(128 << 10, 384 << 10);

  private final Streams streams;
  private final Channel channel;
  private final ChannelHandlerContext wire;
  private final boolean bare;
  private final Subscription subscription;
  private final Runnable finish;
  private final Fanout fanout;
  private final long endsNanos;
  private @Nullable Replay replay;
  private @Nullable Lane lane;

  /** What it has received; null while it has what all live ones of its loop have. */
  private @Nullable Position at;

  private int place = -1;
  private boolean caughtUp;
  private boolean busy;
  private boolean ended;
  private boolean gone;
  private long sentNanos;
  private long queuedBytes;
  private long takenBytes;
  private long tookNanos;

  /**
   * A connection whose header is on its way.
   *
   * @param wire writes bytes below the HTTP codec
   * @param bare whether the client knows no chunks
   * @param finish ends the answer
   */
  Subscriber(
      Streams streams,
      ChannelHandlerContext wire,
      boolean bare,
      Subscription subscription,
      Runnable finish) {
    this.streams = streams;
    this.channel = wire.channel();
    this.wire = wire;
    this.bare = bare;
    this.subscription = subscription;
    this.finish = finish;
    this.fanout = streams.hub().attach(channel.eventLoop());
    this.at = subscription.at() == null ? fanout.position().copy() : subscription.at().copy();
    long now = System.nanoTime();
    this.tookNanos = now;
    long age = streams.properties().maxAge().toNanos();
    this.endsNanos = now + age - ThreadLocalRandom.current().nextLong(age / 5 + 1);
  }

  /** Begins: the first block at once, then what there is. */
  void begin() {
    channel.config().setWriteBufferWaterMark(WAITING);
    fanout.add(this);
    streams.metrics().opened();
    if (isSse()) {
      if (subscription.reset() == null) {
        heartbeat();
      }
    }
    if (subscription.reset() != null) {
      tell(subscription.reset());
    }
    wire.flush();
    goOn();
  }

  FilterClass type() {
    return subscription.type();
  }

  /** Its place among the live ones of its class; -1 where it is not live. */
  int place() {
    return place;
  }

  void place(int moved) {
    place = moved;
  }

  /** Sends what all of its class are sent. */
  void deliver(Batch.Delivery delivery) {
    long waiting = waitingBytes();
    // A single batch may be larger than the bound: a client that keeps up gets it all the same.
    if (waiting > 0 && waiting + delivery.bytes() > streams.properties().queuedBytes()) {
      end(Ending.SLOW);
      return;
    }
    for (ByteBuf chunk : delivery.chunks()) {
      write(chunk.retainedDuplicate());
    }
    wire.flush();
  }

  /** Goes on with what it has not received yet, as far as its client takes it. */
  void goOn() {
    if (ended || busy || at == null) {
      return;
    }
    if (!channel.isWritable()) {
      rest();
      return;
    }
    if (subscription.format() == Format.NDJSON) {
      if (caughtUp) {
        end(Ending.DONE);
      } else {
        step();
      }
      return;
    }
    if (subscription.speed() > 0 && !caughtUp) {
      step();
      return;
    }
    Scope scope = type().scope();
    if (!at.covers(fanout.position(), scope)) {
      Recent.View recent = streams.hub().recent();
      if (!at.covers(recent.from(), scope)) {
        step();
        return;
      }
      walk(recent, at);
    }
    // Ahead of this loop, or of this instance: it waits until they meet.
    if (!ended && at != null && at.isAt(fanout.position(), scope)) {
      at = null;
      replay = null;
      fanout.join(this);
    }
  }

  /** Sends what this loop's live ones have received and this one has not. */
  private void walk(Recent.View recent, Position position) {
    Chunk out = null;
    Recent.Link link = recent.before();
    while (link != fanout.last()) {
      link = link.following();
      if (link == null || link.event() == null) {
        break;
      }
      StreamEvent event = link.event();
      if (!type().scope().has(event.partition()) || position.isPast(event)) {
        continue;
      }
      position.pass(event);
      if (subscription.wants(event)) {
        out = out == null ? new Chunk(WALK_BYTES) : out;
        byte[] cursor = Cursor.encode(fanout.epoch(), type().scope(), position);
        out.event(cursor, type().named(), event.content());
        if (out.length() >= WALK_BYTES) {
          write(out.end());
          wire.flush();
          out = null;
          if (!channel.isWritable()) {
            return;
          }
        }
      }
    }
    if (out != null) {
      write(out.end());
      wire.flush();
    }
    if (link == fanout.last()) {
      position.advance(fanout.position(), type().scope());
    }
  }

  private void step() {
    if (replay == null) {
      replay = new Replay(streams.hub(), streams.pages(), subscription);
    }
    Replay own = replay;
    Position from = at == null ? fanout.position() : at;
    busy = true;
    lane = streams.history().lane(lane);
    lane.submit(
        reader -> own.step(reader, from),
        step -> onLoop(() -> stepped(step), step.chunk()),
        failure -> onLoop(() -> end(Ending.FAILED), null));
  }

  private void rest() {
    if (replay != null) {
      replay.rest();
    }
  }

  private void stepped(Replay.Step step) {
    if (ended) {
      if (step.chunk() != null) {
        step.chunk().release();
      }
      return;
    }
    at = step.at();
    caughtUp |= step.complete();
    if (step.chunk() != null) {
      write(step.chunk());
    }
    if (step.waitNanos() > 0) {
      rest();
      wire.flush();
      var _ =
          channel
              .eventLoop()
              .schedule(
                  () -> {
                    busy = false;
                    goOn();
                  },
                  step.waitNanos(),
                  TimeUnit.NANOSECONDS);
      return;
    }
    busy = false;
    // The next step is made while this one is written.
    goOn();
    wire.flush();
  }

  private void onLoop(Runnable task, @Nullable ByteBuf released) {
    try {
      channel.eventLoop().execute(task);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      // The server is gone, and this connection with it.
      if (released != null) {
        released.release();
      }
    }
  }

  /** Every half second: heartbeat, age, and whether the client still takes what it is sent. */
  void tick() {
    long now = fanout.nowNanos();
    long waiting = waitingBytes();
    long taken = queuedBytes - waiting + progress();
    if (waiting == 0 || taken != takenBytes) {
      takenBytes = taken;
      tookNanos = now;
    } else if (now - tookNanos > streams.properties().stalledAfter().toNanos()) {
      end(Ending.STALLED);
      var _ = channel.close();
      return;
    }
    if (ended) {
      return;
    }
    if (now - endsNanos > 0) {
      end(Ending.AGE);
    } else if (isSse()
        && waiting == 0
        && now - sentNanos >= streams.properties().heartbeat().toNanos()) {
      heartbeat();
      wire.flush();
    }
  }

  /** Ends the stream; the client may come back with the last cursor that it has. */
  void end(Ending ending) {
    if (ended) {
      return;
    }
    ended = true;
    streams.metrics().ended(ending);
    fanout.leave(this);
    if (isSse() && channel.isActive()) {
      write(new Chunk(32).retry(streams.properties().retry().toMillis()).end());
      wire.flush();
    }
    finish.run();
  }

  /** The answer is at its end, or was given up. */
  void leave() {
    end(Ending.GONE);
    if (!channel.isActive()) {
      close();
    }
  }

  private void close() {
    if (gone) {
      return;
    }
    gone = true;
    end(Ending.GONE);
    fanout.remove(this);
    streams.release(subscription);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    context.fireChannelWritabilityChanged();
    goOn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    close();
    context.fireChannelInactive();
  }

  private void tell(Reset reset) {
    Position position = at == null ? fanout.position() : at;
    byte[] cursor = Cursor.encode(fanout.epoch(), type().scope(), position);
    Map<String, Object> said =
        Map.of(
            "reason", reset.reason(),
            "detail", reset.detail(),
            "from", reset.from(),
            "cursor", new String(cursor, StandardCharsets.US_ASCII));
    if (isSse()) {
      write(new Chunk(512).message(cursor, "reset", json(said)).end());
    } else {
      write(new Chunk(512).line(json(Map.of("reset", said))).end());
    }
  }

  private static byte[] json(Map<String, ?> value) {
    return Bodies.JSON.writeValueAsBytes(value);
  }

  private void heartbeat() {
    Position position = at == null ? fanout.position() : at;
    byte[] cursor = Cursor.encode(fanout.epoch(), type().scope(), position);
    write(new Chunk(cursor.length + 8).heartbeat(cursor).end());
  }

  private void write(ByteBuf chunk) {
    ByteBuf bytes = chunk;
    if (bare) {
      bytes = Chunk.bare(chunk);
      chunk.release();
    }
    queuedBytes += bytes.readableBytes() + QUEUED_OVERHEAD_BYTES;
    sentNanos = fanout.nowNanos();
    // A failed write closes the channel; there is nobody else to tell of it.
    var _ = wire.write(bytes, channel.unsafe().voidPromise());
  }

  private long waitingBytes() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  private long progress() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.currentProgress();
  }

  private boolean isSse() {
    return subscription.format() == Format.SSE;
  }
}
