package io.parley.projection.timeline;

import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * The hash chain of a negotiation's timeline (architecture 5). Pure: clock and salt come in.
 *
 * <p>{@code digest = SHA-256(salt[16] | payload)}, the payload being the event's bytes without the
 * framing; {@code hash = SHA-256(previousHash[32] | sequence | recordedAt | length of type | type |
 * digest[32])}, with sequence and recordedAt (milliseconds since 1970) in 8 bytes, the length in 4,
 * all big-endian, and the type in UTF-8. So a payload can be erased, with its salt, and the chain
 * still holds.
 *
 * <p>Negotiation, service, aggregate and version are copies of what the payload says, and are
 * compared with it. The source's partition and offset are a locator only: whoever has the topics
 * compares them there.
 */
public final class Chain {
  /** Length of a hash and of a digest. */
  public static final int HASH_BYTES = 32;

  /** Length of a salt. */
  public static final int SALT_BYTES = 16;

  private Chain() {}

  /**
   * Where an event was read from.
   *
   * @param service service that decided it
   */
  public record Source(String service, int partition, long offset) {}

  /**
   * The entry that settles an event behind this head.
   *
   * @param framed the event's bytes as they were published
   * @param event the same, decoded
   * @param wallClock now; a clock that goes back is held at the head's time
   * @param salt fresh random bytes
   */
  public static TimelineEntry next(
      Head head, Source source, byte[] framed, Event event, Instant wallClock, byte[] salt) {
    EventHeader header = event.header();
    Instant now = wallClock.truncatedTo(ChronoUnit.MILLIS);
    TimelineEntry entry =
        new TimelineEntry()
            .sequence(head.sequence() + 1)
            .recordedAt(now.isBefore(head.recordedAt()) ? head.recordedAt() : now)
            .negotiation(header.negotiation())
            .service(source.service())
            .type(event.type())
            .aggregate(header.aggregate())
            .version(header.version())
            .sourceTopic(Topics.events(source.service()))
            .sourcePartition(source.partition())
            .sourceOffset(source.offset())
            .previousHash(head.hash())
            .digest(digest(ByteBuffer.wrap(salt), ByteBuffer.wrap(framed)))
            .salt(ByteBuffer.wrap(salt))
            .event(ByteBuffer.wrap(framed));
    return entry.hash(hash(entry));
  }

  /** True where the payload was erased: the chain holds, what the event said cannot be checked. */
  public static boolean isErased(TimelineEntry entry) {
    return !entry.event().hasRemaining();
  }

  /**
   * Checks an entry against the head before it.
   *
   * @return the first difference, for a person; empty where the entry is whole
   */
  public static Optional<String> verify(Head head, TimelineEntry entry) {
    if (entry.sequence() != head.sequence() + 1) {
      return Optional.of("sequence " + entry.sequence() + " follows " + head.sequence());
    }
    if (!entry.previousHash().equals(head.hash())) {
      return differs(entry, "previousHash");
    }
    if (entry.recordedAt().isBefore(head.recordedAt())) {
      return differs(entry, "recordedAt goes back: it");
    }
    if (!entry.hash().equals(hash(entry))) {
      return differs(entry, "hash");
    }
    return isErased(entry) ? Optional.empty() : verifyEvent(entry);
  }

  private static Optional<String> verifyEvent(TimelineEntry entry) {
    if (entry.event().remaining() < Wire.FRAMING_BYTES
        || !entry.digest().equals(digest(entry.salt(), entry.event()))) {
      return differs(entry, "digest");
    }
    byte[] framed = new byte[entry.event().remaining()];
    entry.event().duplicate().get(framed);
    SpecificRecord decoded;
    try {
      decoded = Wire.decode(framed);
    } catch (RuntimeException unreadable) {
      // Damaged framing shows as any of several exceptions of the decoder.
      return differs(entry, "event cannot be read: its framing");
    }
    if (!(decoded instanceof Event event)) {
      return differs(entry, "framing");
    }
    EventHeader header = event.header();
    if (!entry.type().equals(event.type())) {
      return differs(entry, "type");
    }
    if (!entry.negotiation().equals(header.negotiation())) {
      return differs(entry, "negotiation");
    }
    if (!entry.aggregate().equals(header.aggregate())) {
      return differs(entry, "aggregate");
    }
    if (entry.version() != header.version()) {
      return differs(entry, "version");
    }
    if (!entry.service().equals(service(event))) {
      return differs(entry, "service");
    }
    return entry.sourceTopic().equals(Topics.events(entry.service()))
        ? Optional.empty()
        : differs(entry, "sourceTopic");
  }

  /** The service whose language the event belongs to: the last part of its namespace. */
  static String service(Event event) {
    String namespace = event.getSchema().getNamespace();
    return namespace.substring(namespace.lastIndexOf('.') + 1);
  }

  private static Optional<String> differs(TimelineEntry entry, String what) {
    return Optional.of("sequence " + entry.sequence() + ": " + what + " differs");
  }

  private static ByteBuffer digest(ByteBuffer salt, ByteBuffer framed) {
    MessageDigest sha = sha256();
    sha.update(salt.duplicate());
    sha.update(
        framed.slice(
            framed.position() + Wire.FRAMING_BYTES, framed.remaining() - Wire.FRAMING_BYTES));
    return ByteBuffer.wrap(sha.digest());
  }

  private static ByteBuffer hash(TimelineEntry entry) {
    byte[] type = entry.type().getBytes(StandardCharsets.UTF_8);
    MessageDigest sha = sha256();
    sha.update(entry.previousHash().duplicate());
    sha.update(
        ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
            .putLong(entry.sequence())
            .putLong(entry.recordedAt().toEpochMilli())
            .putInt(type.length)
            .flip());
    sha.update(type);
    sha.update(entry.digest().duplicate());
    return ByteBuffer.wrap(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
