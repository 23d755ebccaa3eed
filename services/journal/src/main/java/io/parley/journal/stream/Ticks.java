package io.parley.journal.stream;

import io.parley.schemas.Tick;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.Record;

/**
 * When to send a tick to the own partition of the commands topic: about when something falls due.
 * That is a guess from the broker's clock as it was last heard and the time that went by since;
 * what falls due goes by the append time of the tick alone (ADR 7). A guess that is early is
 * repeated, one that is late is late.
 */
final class Ticks {
  /** A tick that was early, or was lost with its transaction, is followed by another. */
  private static final long AGAIN_MILLIS = 500;

  /** The time that went by is not counted while a machine sleeps: ask the broker now and then. */
  private static final long ASK_MILLIS = 30_000;

  private final LongSupplier nanos;
  private boolean heard;
  private boolean sent;
  private long brokerMillis;
  private long heardNanos;
  private long sentNanos;

  /**
   * Nothing is heard yet.
   *
   * @param nanos time that goes by, as {@link System#nanoTime} tells it
   */
  Ticks(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The broker's clock said so, just now. */
  void heard(long millis) {
    heard = true;
    brokerMillis = millis;
    heardNanos = nanos.getAsLong();
  }

  /** The broker's clock by now; this host's where it was not heard yet. */
  long brokerMillis(long hostMillis) {
    return heard ? brokerMillis + since(heardNanos) : hostMillis;
  }

  /** Whether to send one now. */
  boolean isTime(OptionalLong nextDue) {
    if (nextDue.isEmpty() || (sent && since(sentNanos) < AGAIN_MILLIS)) {
      return false;
    }
    return !heard
        || brokerMillis + since(heardNanos) >= nextDue.getAsLong()
        || since(heardNanos) >= ASK_MILLIS;
  }

  /** A tick for a partition; its key says where it goes. */
  Record<byte[], byte[]> tick(int partition, long nowMillis) {
    sent = true;
    sentNanos = nanos.getAsLong();
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(partition).array();
    byte[] value = Wire.encode(new Tick().sentAt(Instant.ofEpochMilli(nowMillis)));
    return new Record<>(key, value, Math.max(0, nowMillis));
  }

  /** The partition that a tick goes to. */
  static int partition(byte[] key) {
    return ByteBuffer.wrap(key).getInt();
  }

  private long since(long then) {
    return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - then);
  }
}
