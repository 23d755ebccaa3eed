package io.parley.projection.timeline;

import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Sha256;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

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
   * Something of an entry that is not as it must be.
   *
   * @param what field of the entry, or what else it is
   * @param expected what it must be; bytes in hexadecimal
   * @param found what it is
   */
  public record Fault(String what, String expected, String found) {}

  /**
   * Checks an entry against the head before it.
   *
   * @return the first difference, for a person; empty where the entry is whole
   */
  public static Optional<String> verify(Head head, TimelineEntry entry) {
    return check(head, entry)
        .map(fault -> "sequence " + entry.sequence() + ": " + fault.what() + " differs");
  }

  /**
   * Checks an entry against the head before it.
   *
   * @return the first difference; empty where the entry is whole
   */
  public static Optional<Fault> check(Head head, TimelineEntry entry) {
    return follows(head, entry).or(() -> Optional.ofNullable(itself(entry).fault()));
  }

  /** Whether it follows on the head, whatever it says itself; empty where it does. */
  public static Optional<Fault> follows(Head head, TimelineEntry entry) {
    return differs("sequence", head.sequence() + 1, entry.sequence())
        .or(() -> differs("previousHash", head.hash(), entry.previousHash()))
        .or(
            () ->
                entry.recordedAt().isBefore(head.recordedAt())
                    ? differs("recordedAt", "not before " + head.recordedAt(), entry.recordedAt())
                    : Optional.empty());
  }

  /**
   * What an entry is by itself: its event where it is whole and not erased.
   *
   * @param fault the first difference; null where there is none
   */
  public record Checked(@Nullable Fault fault, @Nullable Event event) {}

  /**
   * Holds an entry against what it says itself: its hash, its digest, its event's bytes. Its event
   * is read only once.
   */
  public static Checked itself(TimelineEntry entry) {
    Event[] read = new Event[1];
    Fault fault =
        differs("hash", hash(entry), entry.hash())
            .or(() -> isErased(entry) ? Optional.empty() : payload(entry, event -> read[0] = event))
            .orElse(null);
    return new Checked(fault, fault == null ? read[0] : null);
  }

  /** That its payload is what the digest is of, and its copies are of what the payload says. */
  private static Optional<Fault> payload(TimelineEntry entry, Consumer<Event> read) {
    if (entry.event().remaining() < Wire.FRAMING_BYTES) {
      return differs("event", "an event", entry.event().remaining() + " bytes");
    }
    return differs("digest", digest(entry.salt(), entry.event()), entry.digest())
        .or(
            () -> {
              SpecificRecord decoded;
              try {
                decoded = Wire.decode(entry.event());
              } catch (RuntimeException unreadable) {
                // Damaged framing shows as any of several exceptions of the decoder.
                return differs("event", "an event", "what cannot be read");
              }
              if (decoded instanceof Event event) {
                read.accept(event);
                return copies(entry, event);
              }
              return differs("event", "an event", decoded.getSchema().getFullName());
            });
  }

  private static Optional<Fault> copies(TimelineEntry entry, Event event) {
    EventHeader header = event.header();
    return differs("type", event.type(), entry.type())
        .or(() -> differs("negotiation", header.negotiation(), entry.negotiation()))
        .or(() -> differs("aggregate", header.aggregate(), entry.aggregate()))
        .or(() -> differs("version", header.version(), entry.version()))
        .or(() -> differs("service", service(event), entry.service()))
        .or(() -> differs("sourceTopic", Topics.events(entry.service()), entry.sourceTopic()));
  }

  private static Optional<Fault> differs(String what, Object expected, Object found) {
    return expected.equals(found)
        ? Optional.empty()
        : Optional.of(new Fault(what, shown(expected), shown(found)));
  }

  private static String shown(Object value) {
    return value instanceof ByteBuffer bytes ? hex(bytes) : value.toString();
  }

  private static String hex(ByteBuffer buffer) {
    return HexFormat.of().formatHex(bytes(buffer));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** The service whose language the event belongs to: the last part of its namespace. */
  static String service(Event event) {
    String namespace = event.getSchema().getNamespace();
    return namespace.substring(namespace.lastIndexOf('.') + 1);
  }

  private static ByteBuffer digest(ByteBuffer salt, ByteBuffer framed) {
    MessageDigest sha = Sha256.begin();
    sha.update(salt.duplicate());
    sha.update(
        framed.slice(
            framed.position() + Wire.FRAMING_BYTES, framed.remaining() - Wire.FRAMING_BYTES));
    return ByteBuffer.wrap(sha.digest());
  }

  private static ByteBuffer hash(TimelineEntry entry) {
    byte[] type = entry.type().getBytes(StandardCharsets.UTF_8);
    MessageDigest sha = Sha256.begin();
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
}
