package io.parley.projection.audit.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.projection.audit.export.OfflineVerification.Noted;
import io.parley.projection.restricted.RestrictedHead;
import io.parley.projection.timeline.Forged;
import io.parley.schemas.TimelineEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever alters an export is found, without any service, and told where. */
class TamperingTest {
  private static final String N = "handed-out";
  private static final int EVENTS = 40;
  private static final String EVENTS_FILE = "events/0000000001.avro";
  private static final String RESTRICTED_FILE = "restricted/announcement/0000000001.avro";
  private static final String CHAIN_FILE = "chain/0000000001.tsv";

  private static Recorded recorded;
  private static byte[] zip;

  @TempDir private Path directory;

  @BeforeAll
  static void record() {
    recorded = new Recorded();
    recorded.settle(N, EVENTS);
    recorded.restrict(N, "announcement", "secret", 1, Recorded.recordedAt(3));
    recorded.restrict(N, "announcement", "secret", 2, Recorded.recordedAt(4));
    zip = recorded.zip(N, null, true);
  }

  @AfterAll
  static void close() {
    recorded.close();
  }

  @Test
  void whatIsWholeIsVerifiedWithAnyHeadThatWasNoted() throws Exception {
    OfflineVerification.Verified verified = verify(zip, null);
    assertThat(verified.length()).isEqualTo(EVENTS);
    RestrictedHead end = Objects.requireNonNull(verified.restricted().get("announcement"));
    assertThat(end.events()).isEqualTo(2);
    assertThat(verify(zip, hash(17)).notedAt()).contains(new Noted("", 17));
    assertThat(verify(zip, verified.headHash()).notedAt()).contains(new Noted("", EVENTS));
    assertThat(verify(zip, end.hash()).notedAt()).contains(new Noted("announcement", 2));
    // The same files packed anew by this packing are the same: what follows can be told apart.
    assertThat(Repacked.zip(Repacked.files(zip))).isEqualTo(zip);
    assertThat(Repacked.sealed(Repacked.files(zip))).isEqualTo(zip);
  }

  @Test
  void anAlteredEventIsFoundWithTheChecksumsMadeAnewToo() {
    Consumer<List<TimelineEntry>> alter =
        entries -> entries.set(6, Forged.withOtherBytes(entries.get(6)));
    assertFound(EVENTS_FILE, 7, "digest", altered(alter, false), false);
    assertFound(EVENTS_FILE, 7, "digest", altered(alter, true), true);
  }

  @Test
  void aRemovedOrInsertedOrMovedEventIsFound() {
    assertFound(EVENTS_FILE, 9, "sequence", altered(entries -> entries.remove(8), true), true);
    assertFound(
        EVENTS_FILE,
        6,
        "sequence",
        altered(entries -> entries.add(5, Forged.copy(entries.get(4))), true),
        true);
    assertFound(
        EVENTS_FILE,
        12,
        "sequence",
        altered(entries -> entries.add(11, entries.remove(12)), true),
        true);
  }

  @Test
  void everyFieldOfAnEntryThatTheChainBindsIsHeldAgainstIt() {
    Map<String, Consumer<TimelineEntry>> fields = new LinkedHashMap<>();
    fields.put("hash", entry -> entry.recordedAt(entry.recordedAt().plusMillis(1)));
    fields.put("negotiation", entry -> entry.negotiation("ankara-2025"));
    fields.put("aggregate", entry -> entry.aggregate("meeting:other"));
    fields.put("version", entry -> entry.version(99));
    fields.put("sourceTopic", entry -> entry.sourceTopic("elsewhere.events"));
    fields.forEach(
        (field, alter) ->
            assertFound(
                EVENTS_FILE,
                20,
                field,
                altered(
                    entries -> {
                      TimelineEntry entry = Forged.copy(entries.get(19));
                      alter.accept(entry);
                      entries.set(19, entry);
                    },
                    true),
                true));
  }

  /** Everything made anew from there on: only the hash that somebody wrote down tells. */
  @Test
  void aRewrittenOrCutRecordIsFoundByTheHeadThatWasNoted() throws Exception {
    Map<String, byte[]> cut = rewritten(entries -> entries.subList(EVENTS - 2, EVENTS).clear());
    assertThat(verify(Repacked.sealed(cut), null).length()).isEqualTo(EVENTS - 2);
    assertThat(verify(Repacked.sealed(cut), hash(EVENTS - 2)).notedAt())
        .contains(new Noted("", EVENTS - 2));
    assertThatThrownBy(() -> verify(Repacked.sealed(cut), hash(EVENTS)))
        .isInstanceOf(DiffersException.class)
        .hasMessageContaining("noted head");
    Map<String, byte[]> forged =
        rewritten(
            entries -> {
              entries.set(6, Forged.withOtherBytes(entries.get(6)));
              Forged.chain(entries);
            });
    assertThat(verify(Repacked.sealed(forged), null).length()).isEqualTo(EVENTS);
    assertThatThrownBy(() -> verify(Repacked.sealed(forged), hash(EVENTS)))
        .hasMessageContaining("noted head");
  }

  /** No hash tells: it is of the time that stands there. */
  @Test
  void anEntryThatWasSettledBeforeTheOneInFrontOfItIsFound() {
    Map<String, byte[]> files =
        rewritten(
            entries -> {
              entries.set(6, Forged.before(entries.get(5), entries.get(6)));
              Forged.chainAsTimed(entries);
            });
    assertFound(EVENTS_FILE, 7, "recordedAt", files, true);
  }

  @Test
  void aCutTailIsFoundByTheManifest() {
    Map<String, byte[]> files =
        altered(entries -> entries.subList(EVENTS - 2, EVENTS).clear(), true);
    assertFound("manifest.json", 0, "length", files, true);
  }

  @Test
  void aChainsLineIsHeldAgainstItsEntry() {
    Map<String, byte[]> files = Repacked.files(zip);
    edit(files, CHAIN_FILE, text -> text.replaceFirst("(?m)^(5\t\\d+)\\d\t", "$19\t"));
    edit(files, CHAIN_FILE, text -> text.replaceFirst("(?m)^(5\t\\d+\t\\w+\t)..", "$1zz"));
    assertFound(CHAIN_FILE, 5, "line 5", files, true);
  }

  @Test
  void everyFileIsHeldAgainstItsChecksum() {
    for (String name : Repacked.files(zip).keySet()) {
      Map<String, byte[]> files = Repacked.files(zip);
      if (name.endsWith("SHA256SUMS")) {
        edit(files, name, text -> text.replaceFirst("[0-9a-f]", "g"));
      } else if (name.endsWith(".avro")) {
        // The last byte but one of the file's last marker.
        byte[] file = files.getOrDefault(name, new byte[2]);
        file[file.length - 2] ^= 1;
      } else {
        edit(files, name, text -> text.replaceFirst("\n", " \n"));
      }
      assertThatThrownBy(() -> verify(Repacked.zip(files), null))
          .as(name)
          .isInstanceOf(DiffersException.class)
          .hasMessageContaining(name.endsWith("SHA256SUMS") ? "SHA-256" : name);
    }
  }

  @Test
  void whatIsMissingOrTooMuchIsFound() {
    for (String name : Repacked.files(zip).keySet()) {
      Map<String, byte[]> less = Repacked.files(zip);
      less.remove(name);
      if (!List.of("README.md", "manifest.json").contains(name)) {
        assertDiffers("without " + name, Repacked.sealed(less));
      }
      Map<String, byte[]> more = new LinkedHashMap<>();
      Repacked.files(zip)
          .forEach(
              (each, bytes) -> {
                more.put(each, bytes);
                if (each.equals(name)) {
                  more.put("more-behind-it", new byte[] {1});
                }
              });
      if (!name.equals("README.md")) {
        assertDiffers("more behind " + name, Repacked.zip(more));
        assertDiffers("more behind " + name, Repacked.sealed(more));
      }
    }
    // The open part alone is what may be handed on.
    Map<String, byte[]> open = Repacked.files(zip);
    open.keySet().removeIf(name -> name.startsWith("restricted/"));
    assertThat(Repacked.sealed(open)).isEqualTo(recorded.zip(N, null, false));
  }

  @Test
  void aZipThatIsCutAnywhereIsFound() {
    int step = 211;
    for (int length = 0; length < zip.length; length += step) {
      byte[] cut = Arrays.copyOf(zip, length);
      assertThatThrownBy(() -> verify(cut, null))
          .as("cut at %d", length)
          .isInstanceOfAny(DiffersException.class, NoExportException.class);
    }
    assertDiffers("one byte less", Arrays.copyOf(zip, zip.length - 1));
    assertDiffers("one byte more", Arrays.copyOf(zip, zip.length + 1));
  }

  /** Whatever bit it is: of an event, a header, a name in the ZIP's directory. */
  @Test
  void anyBitOfTheZipIsFound() {
    for (int at = 0; at < zip.length; at += 37) {
      byte[] other = zip.clone();
      other[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> verify(other, null))
          .as("byte %d", at)
          .isInstanceOfAny(DiffersException.class, NoExportException.class);
    }
  }

  @Test
  void whatIsNoExportSaysSo() {
    assertThatThrownBy(() -> verify(new byte[0], null)).isInstanceOf(NoExportException.class);
    assertThatThrownBy(() -> verify("something".repeat(99).getBytes(StandardCharsets.UTF_8), null))
        .isInstanceOf(NoExportException.class);
    Map<String, byte[]> files = Repacked.files(zip);
    edit(files, "manifest.json", text -> text.replace("\"format\": 2", "\"format\": 3"));
    assertThatThrownBy(() -> verify(Repacked.sealed(files), null))
        .isInstanceOf(NoExportException.class)
        .hasMessageContaining("format 3");
    assertThatThrownBy(() -> verify(Repacked.zip(Map.of("a.txt", new byte[3])), null))
        .isInstanceOf(NoExportException.class);
  }

  @Test
  void rule32_aRestrictedEventIsBoundToTheOnesBeforeOfItsItem() {
    String file = RESTRICTED_FILE;
    String text = bytes(file);
    Map<String, byte[]> altered = Repacked.files(zip);
    int last = text.lastIndexOf("Under embargo");
    put(altered, file, text.substring(0, last) + "Under embargX" + text.substring(last + 13));
    assertFound(file, 2, "hash", altered, true);
    int first = text.indexOf("Under embargo");
    assertThat(first).isLessThan(last);
    put(altered, file, text.substring(0, first) + "Under embargX" + text.substring(first + 13));
    assertFound(file, 1, "hash", altered, true);
  }

  /** Somebody may do what it says: nobody vouches for other words, whatever checksum they have. */
  @Test
  void aReadmeOfNobodyIsNotVouchedFor() {
    Map<String, byte[]> files = Repacked.files(zip);
    edit(
        files,
        "README.md",
        text -> text.replace("sha256sum --quiet", "rm -r ~; sha256sum --quiet"));
    assertThatThrownBy(() -> verify(Repacked.sealed(files), null))
        .isInstanceOf(NoExportException.class)
        .hasMessageContaining("run none of its commands");
    assertFound("README.md", 0, "SHA-256", files, false);
  }

  @Test
  void whatWasErasedIsCounted() throws Exception {
    assertThat(verify(zip, null).erased()).isZero();
    Map<String, byte[]> files =
        altered(entries -> entries.set(6, Recorded.erased(entries.get(6))), true);
    assertThat(verify(Repacked.sealed(files), null).erased()).isEqualTo(1);
  }

  /** Of before restricted events were chained: the open part was the same. */
  @Test
  void anExportOfTheFirstFormatIsReadToo() throws Exception {
    Map<String, byte[]> files = Repacked.files(zip);
    for (String manifest : List.of("manifest.json", "restricted/manifest.json")) {
      edit(files, manifest, text -> text.replace("\"format\": 2", "\"format\": 1"));
    }
    assertFound(RESTRICTED_FILE, 1, "schema", files, true);
    files.put(RESTRICTED_FILE, unchained(bytesOf(RESTRICTED_FILE)));
    OfflineVerification.Verified verified = verify(Repacked.sealed(files), null);
    assertThat(verified.restricted()).containsEntry("announcement", new RestrictedHead(2, ""));
    files.keySet().removeIf(name -> name.startsWith("restricted/"));
    assertThat(verify(Repacked.sealed(files), null).restricted()).isEmpty();
  }

  private static byte[] unchained(byte[] file) throws Exception {
    Container container = new Container(RESTRICTED_FILE, file, Shape.RESTRICTED);
    Segment segment = new Segment(Shape.UNCHAINED);
    for (Cursor at = container.next(); at != null; at = container.next()) {
      Shape.Place place = Shape.Place.read(at, true);
      ByteBuffer head =
          new Shape.Place(place.topic(), place.partition(), place.offset(), 0, "").encode();
      segment.add(new Segment.Item(head, container.event(at)));
    }
    Bytes written = new Bytes(1 << 10);
    segment.write(RESTRICTED_FILE, written);
    ByteBuffer all = written.all();
    return Arrays.copyOfRange(all.array(), all.arrayOffset(), all.arrayOffset() + all.remaining());
  }

  private static byte[] bytesOf(String file) {
    return Repacked.files(zip).getOrDefault(file, new byte[0]);
  }

  private static String bytes(String file) {
    return new String(bytesOf(file), StandardCharsets.ISO_8859_1);
  }

  private static void put(Map<String, byte[]> files, String file, String text) {
    files.put(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Nobody is accused of what this version cannot look at; but an altered byte is no version. */
  @Test
  void eventsOfALaterVersionCannotBeCheckedAndSaysOfWhichSchema() {
    Map<String, String> later =
        Map.of(
            EVENTS_FILE,
            "delegation.HeadAppointed",
            RESTRICTED_FILE,
            "announcement.AnnouncementPublished");
    later.forEach(
        (file, schema) -> {
          String name = schema.substring(schema.indexOf('.') + 1);
          Map<String, byte[]> files = Repacked.files(zip);
          String text = bytes(file);
          String other =
              text.replace("\"name\":\"" + name, "\"name\":\"" + name.replaceFirst(".$", "X"));
          assertThat(other).isNotEqualTo(text);
          put(files, file, other);
          assertThatThrownBy(() -> verify(Repacked.sealed(files), null))
              .isInstanceOf(NoExportException.class)
              .hasMessageContaining("io.parley.schemas." + schema.replaceFirst(".$", "X-"));
          assertFound(file, 0, "SHA-256", files, false);
        });
  }

  /** Sizes that are not there must not be believed. */
  @Test
  void absurdSizesCostNothing() {
    byte[] large = zip.clone();
    Arrays.fill(large, 18, 22, (byte) 0xff);
    assertThatThrownBy(() -> verify(large, null)).hasMessageContaining("at most");
    byte[] file = Repacked.files(zip).getOrDefault(EVENTS_FILE, new byte[0]);
    for (int at = 4; at < file.length - 6; at += 61) {
      Map<String, byte[]> files = Repacked.files(zip);
      byte[] absurd = file.clone();
      // The varint of 2^34: as a length or a count it is more than there is memory for.
      System.arraycopy(new byte[] {-128, -128, -128, -128, -128, 1}, 0, absurd, at, 6);
      files.put(EVENTS_FILE, absurd);
      assertDiffers("an absurd number at " + at, Repacked.sealed(files));
    }
  }

  private static Map<String, byte[]> altered(
      Consumer<List<TimelineEntry>> alter, boolean chainToo) {
    Map<String, byte[]> files = Repacked.files(zip);
    List<TimelineEntry> entries =
        new ArrayList<>(
            Repacked.entries(EVENTS_FILE, files.getOrDefault(EVENTS_FILE, new byte[0])));
    alter.accept(entries);
    files.put(EVENTS_FILE, Repacked.segment(EVENTS_FILE, entries));
    if (chainToo) {
      files.put(CHAIN_FILE, Repacked.chain(entries));
    }
    return files;
  }

  /** With a manifest that says what is there. */
  private static Map<String, byte[]> rewritten(Consumer<List<TimelineEntry>> alter) {
    Map<String, byte[]> files = altered(alter, true);
    List<TimelineEntry> entries =
        Repacked.entries(EVENTS_FILE, files.getOrDefault(EVENTS_FILE, new byte[0]));
    files.put(
        "manifest.json",
        new Manifest(
                Format.VERSION,
                N,
                entries.size(),
                entries.getFirst().recordedAt(),
                entries.getLast().recordedAt(),
                Format.hex(entries.getLast().hash()))
            .file());
    return files;
  }

  private static String hash(int sequence) {
    byte[] file = Repacked.files(zip).getOrDefault(EVENTS_FILE, new byte[0]);
    return Format.hex(Repacked.entries(EVENTS_FILE, file).get(sequence - 1).hash());
  }

  private static void edit(
      Map<String, byte[]> files, String name, java.util.function.UnaryOperator<String> edit) {
    String text = new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    String edited = edit.apply(text);
    assertThat(edited).as(name).isNotEqualTo(text);
    files.put(name, edited.getBytes(StandardCharsets.UTF_8));
  }

  private void assertFound(
      String file, long entry, String what, Map<String, byte[]> files, boolean sealed) {
    assertThatThrownBy(() -> verify(sealed ? Repacked.sealed(files) : Repacked.zip(files), null))
        .isInstanceOfSatisfying(
            DiffersException.class,
            difference -> {
              assertThat(difference.file()).as(difference.getMessage()).isEqualTo(file);
              assertThat(difference.entry()).as(difference.getMessage()).isEqualTo(entry);
              assertThat(difference.what()).as(difference.getMessage()).isEqualTo(what);
              assertThat(difference).hasMessageContaining("expected").hasMessageContaining("found");
            });
  }

  private void assertDiffers(String what, byte[] bytes) {
    assertThatThrownBy(() -> verify(bytes, null)).as(what).isInstanceOf(DiffersException.class);
  }

  private OfflineVerification.Verified verify(byte[] bytes, @Nullable String noted)
      throws Exception {
    Path file = Files.write(directory.resolve("some.zip"), bytes);
    return OfflineVerification.verify(file, noted, done -> {});
  }
}
