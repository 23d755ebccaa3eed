package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final Instant AT = Instant.parse("2025-05-14T10:00:00.123456Z");
  private static final byte[] SALT = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final Event OPENED =
      Story.event("istanbul-2025", "schedule", "first", 1, List.of());

  /** Computed apart from this code, with Python's hashlib and struct. */
  @Test
  void hashesAreThoseOfTheDefinition() {
    byte[] framed = {0, 0, 0, 0, 7, 1, 2, 3, (byte) 250};
    TimelineEntry first = next(Head.START, framed, OPENED, AT);
    TimelineEntry second = next(Head.after(first), framed, OPENED, AT.plusMillis(1));
    assertThat(hex(first.digest()))
        .isEqualTo("562626066cb649ace998d4ceed21907134297bf297d7d720b7d6951c1e1b2cd2");
    assertThat(hex(first.hash()))
        .isEqualTo("69d1e07d42d7b880e869496918a403b1cedc0b0a4784bca558dd90aa2904659c");
    assertThat(hex(second.hash()))
        .isEqualTo("f0b534d1f0143faac6d0581ec0eebade6d8a6e818179fd2f3e5f54369f899129");
  }

  @Test
  void aClockThatGoesBackIsHeld() {
    TimelineEntry first = next(Head.START, Wire.encode(OPENED), OPENED, AT);
    TimelineEntry second =
        next(Head.after(first), Wire.encode(OPENED), OPENED, AT.minusSeconds(3600));
    assertThat(second.recordedAt()).isEqualTo(first.recordedAt());
    assertThat(Chain.verify(Head.after(first), second)).isEmpty();
  }

  @Test
  void anErasedPayloadLeavesTheChainWhole() {
    TimelineEntry entry = next(Head.START, Wire.encode(OPENED), OPENED, AT);
    entry.event(ByteBuffer.allocate(0)).salt(ByteBuffer.allocate(0));
    assertThat(Chain.isErased(entry)).isTrue();
    assertThat(Chain.verify(Head.START, entry)).isEmpty();
  }

  @Test
  void tamperingWithAnyFieldIsFound() {
    Map<String, Consumer<TimelineEntry>> tampering =
        Map.ofEntries(
            Map.entry("sequence", e -> e.sequence(3)),
            Map.entry("recordedAt", e -> e.recordedAt(e.recordedAt().plusMillis(1))),
            Map.entry("negotiation", e -> e.negotiation("ankara-2025")),
            Map.entry("service", e -> e.service("delegation").sourceTopic("delegation.events")),
            Map.entry("type", e -> e.type("MeetingConcluded")),
            Map.entry("aggregate", e -> e.aggregate("meeting:second")),
            Map.entry("version", e -> e.version(2)),
            Map.entry("sourceTopic", e -> e.sourceTopic("delegation.events")),
            Map.entry("previousHash", e -> e.previousHash(flipped(e.previousHash()))),
            Map.entry("hash", e -> e.hash(flipped(e.hash()))),
            Map.entry("digest", e -> e.digest(flipped(e.digest()))),
            Map.entry("salt", e -> e.salt(flipped(e.salt()))),
            Map.entry("event", e -> e.event(flipped(e.event()))));
    Set<String> locator = Set.of("sourcePartition", "sourceOffset");
    Set<String> fields = new TreeSet<>();
    TimelineEntry.SCHEMA$.getFields().stream()
        .map(Schema.Field::name)
        .filter(name -> !locator.contains(name))
        .forEach(fields::add);
    assertThat(tampering.keySet()).as("every field has its test").isEqualTo(fields);

    tampering.forEach(
        (field, tamper) -> {
          TimelineEntry entry = next(Head.START, Wire.encode(OPENED), OPENED, AT);
          assertThat(Chain.verify(Head.START, entry)).isEmpty();
          tamper.accept(entry);
          assertThat(Chain.verify(Head.START, entry)).as(field).isPresent();
        });
  }

  @Test
  void anyBitOfTheEventIsFound() {
    byte[] framed = Wire.encode(OPENED);
    Random random = new Random(11);
    for (int at = 0; at < framed.length; at++) {
      byte[] other = framed.clone();
      other[at] ^= (byte) (1 << random.nextInt(8));
      TimelineEntry entry = next(Head.START, framed, OPENED, AT).event(ByteBuffer.wrap(other));
      assertThat(Chain.verify(Head.START, entry)).as("byte " + at).isPresent();
    }
  }

  @Test
  void aForgerWhoRehashesOneEntryIsFoundAtTheNext() {
    TimelineEntry first = next(Head.START, Wire.encode(OPENED), OPENED, AT);
    TimelineEntry second = next(Head.after(first), Wire.encode(OPENED), OPENED, AT);
    TimelineEntry forged = next(Head.START, Wire.encode(OPENED), OPENED, AT.plusSeconds(1));
    assertThat(Chain.verify(Head.START, forged)).isEmpty();
    assertThat(Chain.verify(Head.after(forged), second)).isPresent();
  }

  private static TimelineEntry next(Head head, byte[] framed, Event event, Instant at) {
    return Chain.next(head, new Chain.Source("schedule", 2, 40), framed, event, at, SALT);
  }

  private static ByteBuffer flipped(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    copy[copy.length / 2] ^= 1;
    return ByteBuffer.wrap(copy);
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }
}
