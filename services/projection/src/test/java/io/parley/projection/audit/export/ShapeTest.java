package io.parley.projection.audit.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before an event, taken from its record or written anew. */
class ShapeTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576})
  void theHeadIsTheSameAsItStandsInTheRecord(int eventBytes) {
    TimelineEntry entry =
        new TimelineEntry()
            .sequence(70_000)
            .recordedAt(Instant.parse("2025-05-16T10:00:00.123Z"))
            .negotiation("istanbul-2025")
            .service("announcement")
            .type("AnnouncementPublished")
            .aggregate("announcement:t\u00fcrkiye")
            .version(3)
            .sourceTopic("announcement.events")
            .sourcePartition(4)
            .sourceOffset(1L << 40)
            .previousHash(bytes(32))
            .hash(bytes(32))
            .digest(bytes(32))
            .salt(bytes(16))
            .event(bytes(eventBytes));
    byte[] framed = Wire.encode(entry);
    assertThat(Shape.head(framed, Wire.decode(framed, TimelineEntry.class)))
        .isEqualTo(Shape.head(entry));
  }

  private static ByteBuffer bytes(int length) {
    return ByteBuffer.wrap("x".repeat(length).getBytes(StandardCharsets.UTF_8));
  }
}
