package io.parley.projection.projector;

import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.avro.AvroRuntimeException;

/**
 * One event of the timeline, as the views see it.
 *
 * @param partition partition of {@code parley.timeline}
 * @param offset offset in that partition
 * @param sequence position in the negotiation, from 1
 * @param recordedAt when it was settled, to the millisecond
 * @param aggregate aggregate that it changes, {@code KIND:ID}
 * @param version version of that aggregate after it
 * @param previousHash hash of the entry before, hexadecimal
 * @param hash its own hash, hexadecimal
 * @param framed the event's bytes as they were published
 */
public record Entry(
    int partition,
    long offset,
    long sequence,
    Instant recordedAt,
    String negotiation,
    String service,
    String type,
    String aggregate,
    long version,
    String previousHash,
    String hash,
    ByteBuffer framed,
    Event event) {

  /**
   * Reads a record of the timeline.
   *
   * @throws AvroRuntimeException where its bytes are damaged or of an unknown schema
   */
  public static Entry read(int partition, long offset, byte[] value) {
    TimelineEntry entry = Wire.decode(value, TimelineEntry.class);
    return of(partition, offset, entry, Wire.event(entry.event()));
  }

  /** What a record of the timeline says, of which the event was read already. */
  public static Entry of(int partition, long offset, TimelineEntry entry, Event event) {
    return new Entry(
        partition,
        offset,
        entry.sequence(),
        entry.recordedAt(),
        entry.negotiation(),
        entry.service(),
        entry.type(),
        entry.aggregate(),
        entry.version(),
        HexFormat.of().formatHex(bytes(entry.previousHash())),
        HexFormat.of().formatHex(bytes(entry.hash())),
        entry.event(),
        event);
  }

  /** What sort of aggregate it changes: {@code meeting}, say. */
  public String kind() {
    return aggregate.substring(0, aggregate.indexOf(':'));
  }

  /** The aggregate's id without its kind. */
  public String id() {
    return aggregate.substring(aggregate.indexOf(':') + 1);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
