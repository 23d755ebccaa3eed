package io.parley.projection.timeline;

import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Entries as somebody would make them who rewrites a record. */
public final class Forged {
  private Forged() {}

  /** The same with another author in its event, and nothing else made anew. */
  public static TimelineEntry withOtherBytes(TimelineEntry entry) {
    Event event = event(entry);
    event.header().author("somebody.else@example.org");
    return copy(entry)
        .event(ByteBuffer.wrap(Wire.encode((org.apache.avro.specific.SpecificRecord) event)));
  }

  /** The same, said to be from where there is nothing. */
  public static TimelineEntry elsewhere(TimelineEntry entry) {
    return copy(entry).sourceOffset(entry.sourceOffset() + 1_000_000);
  }

  /** The same with its event blanked as one that was erased; its chain holds. */
  public static TimelineEntry erased(TimelineEntry entry) {
    return copy(entry).event(ByteBuffer.allocate(0)).salt(ByteBuffer.allocate(0));
  }

  /** The same, said to be settled just before another. */
  public static TimelineEntry before(TimelineEntry other, TimelineEntry entry) {
    return copy(entry).recordedAt(other.recordedAt().minusMillis(1));
  }

  /** Another instance with the same content. */
  public static TimelineEntry copy(TimelineEntry entry) {
    return Wire.decode(Wire.encode(entry), TimelineEntry.class);
  }

  /** Numbers and chains entries as if they had been settled in this order. */
  public static void chain(List<TimelineEntry> entries) {
    chain(entries, head -> head);
  }

  /** The same, each settled when it says, also where that is before the one in front of it. */
  public static void chainAsTimed(List<TimelineEntry> entries) {
    chain(entries, head -> new Head(head.sequence(), Instant.EPOCH, head.hash()));
  }

  private static void chain(List<TimelineEntry> entries, UnaryOperator<Head> before) {
    Head head = Head.START;
    for (int i = 0; i < entries.size(); i++) {
      TimelineEntry entry = entries.get(i);
      byte[] framed = bytes(entry.event());
      TimelineEntry forged =
          Chain.next(
              before.apply(head),
              new Chain.Source(entry.service(), entry.sourcePartition(), entry.sourceOffset()),
              framed,
              event(entry),
              entry.recordedAt(),
              bytes(entry.salt()));
      entries.set(i, forged);
      head = Head.after(forged);
    }
  }

  private static Event event(TimelineEntry entry) {
    return (Event) Wire.decode(bytes(entry.event()));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
