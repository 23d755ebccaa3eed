package io.parley.schemas.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Breaks each rule of the gate on purpose: what it says must name the file, the record or the
 * field.
 */
class ReleaseGateTest {
  private static final String MOVED =
      """
      {"type": "record", "name": "Moved", "namespace": "x", "fields": [
        {"name": "to", "type": "string"},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "default": "OTHER",
          "symbols": ["CITY", "VENUE", "OTHER"]}},
        {"name": "via", "type": {"type": "array", "items": {"type": "record", "name": "Stop",
          "fields": [{"name": "name", "type": "string"}]}}},
        {"name": "note", "type": ["null", "string"], "default": null}]}
      """;
  private static final String SEEN =
      """
      {"type": "record", "name": "Seen", "namespace": "x", "fields": [{"name": "by", "type": "string"}]}
      """;

  @TempDir Path base;

  @BeforeEach
  void nothingIsReleased() throws IOException {
    Files.createDirectories(base.resolve("released"));
    Files.writeString(base.resolve("released/LATEST"), "none\n");
  }

  @Test
  void withNothingReleasedThereIsNothingToBreak() throws IOException {
    assertThat(problems(MOVED)).isEmpty();
  }

  @Test
  void whatWasReleasedPassesUnchanged() throws IOException {
    release();
    assertThat(problems(MOVED, SEEN)).isEmpty();
  }

  @Test
  void aFieldWithADefaultMayBeAdded() throws IOException {
    release();
    assertThat(
            problems(
                with(
                    "\"fields\": [",
                    "\"fields\": [{\"name\": \"n\", \"type\": \"int\", \"default\": 7},"),
                SEEN))
        .isEmpty();
  }

  @Test
  void aSymbolMayBeAdded() throws IOException {
    release();
    assertThat(problems(with("\"CITY\",", "\"CITY\", \"ROOM\","), SEEN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"fields\": [ | \"fields\": [{\"name\": \"n\", \"type\": \"int\"}, | cannot read released data: READER_FIELD_MISSING_DEFAULT_VALUE at Moved.n",
        "{\"name\": \"to\", \"type\": \"string\"}, | `` | the released schema cannot read today's data: READER_FIELD_MISSING_DEFAULT_VALUE at Moved.to",
        "\"name\": \"note\" | \"name\": \"remark\" | Moved.note was removed",
        "{\"name\": \"to\", \"type\": \"string\"} | {\"name\": \"to\", \"type\": \"int\"} | TYPE_MISMATCH at Moved.to",
        "{\"name\": \"to\", \"type\": \"string\"} | {\"name\": \"to\", \"type\": \"bytes\"} | Moved.to was string and is bytes",
        "timestamp-millis | timestamp-micros | Moved.at was long timestamp-millis and is long timestamp-micros",
        "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"} | \"double\" | Moved.at was long timestamp-millis and is double",
        "\"VENUE\", | `` | Moved.kind has lost the symbol VENUE",
        "\"Kind\" | \"Sort\" | NAME_MISMATCH at Moved.kind",
        "{\"name\": \"name\", \"type\": \"string\"} | {\"name\": \"name\", \"type\": \"long\"} | TYPE_MISMATCH at Moved.via.name",
        "[\"null\", \"string\"] | [\"null\", \"long\"] | MISSING_UNION_BRANCH at Moved.note",
        "[\"null\", \"string\"] | \"null\" | Moved.note was union and is null",
        "\"name\": \"Moved\" | \"name\": \"Shifted\" | v1 x.Moved was removed",
      })
  void anIncompatibleChangeIsRefused(String from, String to, String expected) throws IOException {
    release();
    assertThat(problems(with(from, to == null ? "" : to), SEEN))
        .anySatisfy(problem -> assertThat(problem).contains("v1 x.Moved").contains(expected));
  }

  @Test
  void everyReleasedVersionCounts() throws IOException {
    release();
    String added =
        with("\"fields\": [", "\"fields\": [{\"name\": \"n\", \"type\": \"int\", \"default\": 7},");
    assertThat(CutRelease.cut(base, parse(added, SEEN))).isEqualTo(2);
    assertThat(problems(added, SEEN)).isEmpty();
    // Fine with v2, which has the field, and with v1 only while it has the default.
    assertThat(problems(added.replace(", \"default\": 7", ""), SEEN))
        .contains(
            "v1 x.Moved: today's schema cannot read released data:"
                + " READER_FIELD_MISSING_DEFAULT_VALUE at Moved.n (n)")
        .allSatisfy(problem -> assertThat(problem).contains("v1").doesNotContain("v2"));
  }

  @Test
  void anEditedFileIsNoticed() throws IOException {
    release();
    edit("released/v1/x.Moved.avsc", "\"to\"", "\"towards\"");
    assertThat(problems(MOVED, SEEN))
        .containsExactly(
            "released/v1/x.Moved.avsc was edited after it was released (see released/v1/SHA256SUMS)");
  }

  @Test
  void editedGoldenBytesAreNoticed() throws IOException {
    release();
    Files.write(base.resolve("golden/v1/x.Seen.bin"), new byte[] {0});
    assertThat(problems(MOVED, SEEN))
        .singleElement()
        .asString()
        .startsWith("golden/v1/x.Seen.bin was edited");
  }

  @Test
  void aMissingFileAndAnAddedOneAreNoticed() throws IOException {
    release();
    Files.move(base.resolve("released/v1/x.Seen.avsc"), base.resolve("released/v1/x.Heard.avsc"));
    assertThat(problems(MOVED, SEEN))
        .containsExactly(
            "released/v1/x.Heard.avsc was added to the released version v1",
            "released/v1/x.Seen.avsc was released and is missing");
  }

  @Test
  void aListThatWasMadeAgainIsNoticedByTheNextOne() throws IOException {
    release();
    CutRelease.cut(base, parse(with("\"CITY\",", "\"CITY\", \"ROOM\","), SEEN));
    String latest = Files.readString(base.resolve("released/LATEST"));
    edit("released/v1/x.Moved.avsc", "\"VENUE\", ", "");
    Checksums.seal(base, 1);
    Files.writeString(base.resolve("released/LATEST"), latest);
    assertThat(problems(MOVED, SEEN))
        .containsExactly(
            "released/v1/SHA256SUMS was edited after it was released (see released/v2/SHA256SUMS)");
  }

  @Test
  void theNewestListThatWasMadeAgainIsNoticedByLatest() throws IOException {
    release();
    String latest = Files.readString(base.resolve("released/LATEST"));
    edit("released/v1/x.Moved.avsc", "\"VENUE\"", "\"HALL\"");
    Checksums.seal(base, 1);
    Files.writeString(base.resolve("released/LATEST"), latest);
    assertThat(problems(MOVED, SEEN))
        .singleElement()
        .asString()
        .startsWith("released/LATEST pins \"" + latest.strip());
  }

  @Test
  void aVersionThatIsGoneIsNoticed() throws IOException {
    release();
    CutRelease.cut(base, parse(with("\"CITY\",", "\"CITY\", \"ROOM\","), SEEN));
    Files.move(base.resolve("released/v1"), base.resolve("old"));
    assertThat(problems(MOVED, SEEN)).containsExactly("released/v1 is missing");
    Files.move(base.resolve("released/v2"), base.resolve("older"));
    assertThat(problems(MOVED, SEEN)).singleElement().asString().contains("LATEST pins \"v2 ");
    Files.delete(base.resolve("released/LATEST"));
    assertThat(problems(MOVED, SEEN)).containsExactly("released/LATEST is missing");
  }

  @Test
  void goldenBytesMustDecodeToWhatTheySaid() throws IOException {
    release();
    edit("golden/v1/x.Moved.json", "\"to-1\"", "\"to-2\"");
    Checksums.seal(base, 1);
    assertThat(problems(MOVED, SEEN))
        .containsExactly("golden/v1/x.Moved.bin: field to decodes to \"to-1\", expected \"to-2\"");
  }

  @Test
  void goldenBytesMustDecodeAtAll() throws IOException {
    release();
    Path file = base.resolve("golden/v1/x.Moved.bin");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
    Checksums.seal(base, 1);
    assertThat(problems(MOVED, SEEN))
        .singleElement()
        .asString()
        .startsWith("golden/v1/x.Moved.bin: it does not decode");
  }

  @Test
  void goldenBytesAreFramedWithTheReleasedSchema() throws IOException {
    release();
    Files.copy(
        base.resolve("golden/v1/x.Seen.bin"),
        base.resolve("golden/v1/x.Moved.bin"),
        StandardCopyOption.REPLACE_EXISTING);
    Checksums.seal(base, 1);
    assertThat(problems(MOVED, SEEN))
        .containsExactly("golden/v1/x.Moved.bin: its framing does not name the released schema");
  }

  @Test
  void aReleaseIsRefusedWhereNothingChangedOrSomethingBroke() throws IOException {
    release();
    assertThatThrownBy(() -> CutRelease.cut(base, parse(MOVED, SEEN)))
        .hasMessage("nothing changed since v1");
    assertThatThrownBy(() -> CutRelease.cut(base, parse(MOVED)))
        .hasMessageContaining("v1 x.Seen was removed");
  }

  @Test
  void docsAndEnumDefaultsAreAskedFor() {
    Schema moved = new Schema.Parser().parse(MOVED.replace(" \"default\": \"OTHER\",", ""));
    assertThat(Docs.missing(List.of(moved, moved.getField("kind").schema())))
        .contains("x.Moved has no doc", "x.Moved.at has no doc", "x.Kind has no doc")
        .contains("x.Kind is an enum without a default");
    Schema documented =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "R", "doc": "It.", "fields": [
                  {"name": "f", "type": "int", "doc": "It."}]}
                """);
    assertThat(Docs.missing(List.of(documented))).isEmpty();
  }

  private void release() throws IOException {
    assertThat(CutRelease.cut(base, parse(MOVED, SEEN))).isEqualTo(1);
  }

  private List<String> problems(String... schemas) throws IOException {
    return ReleaseGate.of(base, parse(schemas)).problems();
  }

  private static List<Schema> parse(String... schemas) {
    return Arrays.stream(schemas).map(s -> new Schema.Parser().parse(s)).toList();
  }

  private static String with(String from, String to) {
    assertThat(MOVED).contains(from);
    return MOVED.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to));
  }

  private void edit(String file, String from, String to) throws IOException {
    String text = Files.readString(base.resolve(file));
    assertThat(text).contains(from);
    Files.writeString(base.resolve(file), text.replace(from, to));
  }
}
