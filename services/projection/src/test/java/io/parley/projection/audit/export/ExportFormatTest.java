package io.parley.projection.audit.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.projection.read.AsOf;
import io.parley.projection.restricted.RestrictedHead;
import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an export holds: the same bytes for the same record and moment, and all of the record. */
class ExportFormatTest {
  private static final String N = "exported";

  private static Recorded recorded;

  @TempDir private Path directory;

  @BeforeAll
  static void record() {
    recorded = new Recorded();
    recorded.settle("another", 50);
    recorded.settle(N, 20);
    recorded.settle(N, "to be erased", Recorded::erased);
    recorded.settle(N, 20);
    recorded.settle("another", 50);
  }

  @AfterAll
  static void close() {
    recorded.close();
  }

  @Test
  void theSameRecordIsTheSameBytesWhateverTheMachine() {
    byte[] zip = recorded.zip(N, null, true);
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertThat(recorded.zip(N, null, true)).isEqualTo(zip);
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void aMomentIsTheBytesOfThen() throws Exception {
    recorded.settle("grows", 5);
    byte[] then = recorded.zip("grows", null, false);
    recorded.settle("grows", 4);
    assertThat(recorded.zip("grows", null, false)).isNotEqualTo(then);
    assertThat(recorded.zip("grows", "5", false)).isEqualTo(then);
    assertThat(recorded.zip("grows", Recorded.recordedAt(5).toString(), false)).isEqualTo(then);
    assertThat(recorded.zip("grows", Recorded.recordedAt(6).minusMillis(1).toString(), false))
        .isEqualTo(then);
    assertThat(recorded.zip("grows", "1000", false)).isEqualTo(recorded.zip("grows", null, false));
    assertNothing("grows", AsOf.parse("0"));
    assertNothing("grows", AsOf.parse("2025-05-14T08:00:59Z"));
    assertNothing("nobody-knows", null);
  }

  private static void assertNothing(String negotiation, @Nullable AsOf asOf) throws Exception {
    try (Spool spool = Recorded.spool()) {
      assertThat(recorded.export(negotiation).read(asOf, true, spool)).isEmpty();
    }
  }

  @Test
  void rule32_theOpenPartTellsNothingOfARestrictedOne() {
    recorded.settle("restricts", 10);
    byte[] open = recorded.zip("restricts", null, false);
    byte[] without = recorded.zip("restricts", null, true);
    recorded.restrict("restricts", "announcement", "secret", 1, Recorded.recordedAt(3));
    recorded.restrict("restricts", "delegation", "ru", 1, Recorded.recordedAt(5));
    recorded.restrict("restricts", "announcement", "secret", 2, Recorded.recordedAt(7));
    byte[] whole = recorded.zip("restricts", null, true);
    assertThat(recorded.zip("restricts", null, false)).isEqualTo(open);
    // Up to the ZIP's own directory the bytes are the same, and then the restricted part begins.
    int end = Arrays.mismatch(open, whole);
    assertThat(new String(open, end - 2, 4, StandardCharsets.ISO_8859_1)).isEqualTo("PK\1\2");
    assertThat(Arrays.mismatch(open, without)).isEqualTo(end);
    assertThat(Repacked.files(open).keySet()).noneMatch(name -> name.contains("restricted"));
    assertThat(new String(open, StandardCharsets.ISO_8859_1))
        .doesNotContain("secret", "DelegationComposed");
    assertThat(restricted(whole))
        .containsExactly(
            "restricted/delegation/0000000001.avro",
            "restricted/announcement/0000000001.avro",
            "restricted/schemas/" + schema("announcement.AnnouncementPublished"),
            "restricted/schemas/" + schema("delegation.DelegationComposed"),
            "restricted/manifest.json",
            "restricted/SHA256SUMS");
    assertThat(restrictedEvents(whole)).isEqualTo(3);
    // As of a moment what was decided by then.
    assertThat(restrictedEvents(recorded.zip("restricts", "5", true))).isEqualTo(2);
    assertThat(restrictedEvents(recorded.zip("restricts", "4", true))).isEqualTo(1);
    String moment = Recorded.recordedAt(2).toString();
    assertThat(restrictedEvents(recorded.zip("restricts", moment, true))).isEqualTo(0);
    assertThat(verified(open).restricted()).isEmpty();
  }

  private long restrictedEvents(byte[] zip) {
    return verified(zip).restricted().values().stream().mapToLong(RestrictedHead::events).sum();
  }

  private static String schema(String name) {
    return Set.copyOf(SchemaCatalog.builtIn().versions("io.parley.schemas." + name)).stream()
        .map(schema -> Format.schema(schema).substring("schemas/".length()))
        .toList()
        .getFirst();
  }

  private static List<String> restricted(byte[] zip) {
    return Repacked.files(zip).keySet().stream()
        .filter(name -> name.startsWith("restricted/"))
        .toList();
  }

  @Test
  void everyEventIsThereByteForByteAndAnyAvroReaderReadsIt() throws Exception {
    Map<String, byte[]> files = Repacked.files(recorded.zip(N, null, false));
    byte[] segment = files.getOrDefault("events/0000000001.avro", new byte[0]);
    long sequence = 0;
    try (var events =
        new DataFileStream<GenericRecord>(
            new ByteArrayInputStream(segment), new GenericDatumReader<>())) {
      for (GenericRecord entry : events) {
        sequence++;
        assertThat(entry.get("sequence")).isEqualTo(sequence);
        if (sequence == 21) {
          assertThat(entry.get("event")).isNull();
        } else {
          GenericRecord header = (GenericRecord) ((GenericRecord) entry.get("event")).get("header");
          assertThat(header.get("negotiation").toString()).isEqualTo(N);
          assertThat(((GenericRecord) entry.get("event")).getSchema().getName())
              .isEqualTo(entry.get("type").toString());
        }
      }
    }
    assertThat(sequence).isEqualTo(41);
    Repacked.entries("events/0000000001.avro", segment).stream()
        .filter(entry -> entry.event().hasRemaining())
        .forEach(
            entry -> {
              byte[] framed = new byte[entry.event().remaining()];
              entry.event().duplicate().get(framed);
              assertThat(Wire.encode(Wire.decode(framed))).isEqualTo(framed);
            });
    assertThat(verified(recorded.zip(N, null, true)).length()).isEqualTo(41);
  }

  @Test
  void manyEventsAndLargeOnesAreManySegments() {
    recorded.settle("many", 20_001);
    assertThat(segments("many"))
        .containsExactly(
            "events/0000000001.avro", "events/0000010001.avro", "events/0000020001.avro");
    // Three of these fill a segment; by turns, each third event has no words.
    String words = "w".repeat(3 << 20);
    for (int i = 0; i < 6; i++) {
      recorded.settle("large", words, entry -> entry);
    }
    assertThat(segments("large"))
        .containsExactly("events/0000000001.avro", "events/0000000004.avro");
    assertThat(verified(recorded.zip("large", null, true)).length()).isEqualTo(6);
    assertThat(verified(recorded.zip("many", null, true)).length()).isEqualTo(20_001);
  }

  private static List<String> segments(String negotiation) {
    return Repacked.files(recorded.zip(negotiation, null, false)).keySet().stream()
        .filter(name -> name.startsWith("events/"))
        .toList();
  }

  @Test
  void rule32_nothingIsHandedOutWhereARestrictedItemsChainDoesNotHold() {
    recorded.settle("unbound", 2);
    recorded.restrict("unbound", "announcement", "secret", 1, Recorded.recordedAt(1));
    assertThat(recorded.zip("unbound", null, true)).isNotEmpty();
    recorded.restrictUnbound("unbound", "secret", 2, Recorded.recordedAt(2));
    assertThatThrownBy(() -> recorded.zip("unbound", null, true))
        .isInstanceOf(Export.BrokenRecord.class)
        .hasMessageContaining("chain")
        .hasMessageNotContaining("secret");
    assertThat(recorded.zip("unbound", null, false)).isNotEmpty();
  }

  @Test
  void nothingIsHandedOutOfABrokenRecord() throws Exception {
    recorded.settle("broken", 3);
    recorded.settle("broken", "words", entry -> entry.version(entry.version() + 1));
    recorded.settle("broken", 3);
    assertThatThrownBy(() -> recorded.zip("broken", null, false))
        .isInstanceOf(Export.BrokenRecord.class)
        .hasMessageContaining("entry 4: version");
    assertThat(verified(recorded.zip("broken", "3", false)).length()).isEqualTo(3);
  }

  @Test
  void halfAZipIsNoExport() {
    byte[] whole = recorded.zip(N, "7", true);
    for (int length : new int[] {0, 30, whole.length / 2, whole.length - 1}) {
      assertThatThrownBy(() -> verified(Arrays.copyOf(whole, length)))
          .as("%d bytes", length)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatIsStoppedEnds() throws Exception {
    Export export = recorded.export(N);
    export.stop();
    try (Spool spool = Recorded.spool()) {
      assertThatThrownBy(() -> export.read(null, true, spool))
          .isInstanceOf(org.apache.kafka.common.errors.WakeupException.class);
    }
  }

  private OfflineVerification.Verified verified(byte[] zip) {
    try {
      Path file = Files.write(directory.resolve("verified.zip"), zip);
      return OfflineVerification.verify(file, null, done -> {});
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
