package io.parley.projection.timeline;

import io.parley.schemas.TimelineEntry;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The last entry of a negotiation's timeline, as far as the next one needs it.
 *
 * @param sequence position of that entry; 0 before the first
 * @param recordedAt when it was settled, in whole milliseconds
 * @param hash its hash, {@value Chain#HASH_BYTES} bytes
 */
public record Head(long sequence, Instant recordedAt, ByteBuffer hash) {
  /** Before the first entry: the chain begins with zeros. */
  public static final Head START =
      new Head(0, Instant.EPOCH, ByteBuffer.allocate(Chain.HASH_BYTES).asReadOnlyBuffer());

  private static final int ENCODED_BYTES = 2 * Long.BYTES + Chain.HASH_BYTES;

  /** The head once this entry is settled. */
  public static Head after(TimelineEntry entry) {
    return new Head(entry.sequence(), entry.recordedAt(), entry.hash());
  }

  byte[] encode() {
    return ByteBuffer.allocate(ENCODED_BYTES)
        .putLong(sequence)
        .putLong(recordedAt.toEpochMilli())
        .put(hash.duplicate())
        .array();
  }

  static Head decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Head(in.getLong(), Instant.ofEpochMilli(in.getLong()), in.slice());
  }
}
