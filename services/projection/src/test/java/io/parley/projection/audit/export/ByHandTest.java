package io.parley.projection.audit.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.parley.projection.restricted.RestrictedHead;
import io.parley.projection.timeline.Forged;
import io.parley.schemas.TimelineEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An export as it is checked by hand, with tools that share no code with what wrote it: the
 * commands of its README are run as they stand there.
 */
class ByHandTest {
  private static final String N = "by-hand";
  private static final int EVENTS = 25;
  private static final String EVENTS_FILE = "events/0000000001.avro";

  private static Recorded recorded;
  private static byte[] zip;

  @TempDir private Path directory;

  /** What a command said. */
  private record Said(int code, String text) {}

  @BeforeAll
  static void record() {
    recorded = new Recorded();
    recorded.settle(N, EVENTS - 1);
    recorded.settle(N, "to be erased", Recorded::erased);
    recorded.restrict(N, "delegation", "ru", 1, Recorded.recordedAt(3));
    recorded.restrict(N, "delegation", "ru", 2, Recorded.recordedAt(4));
    zip = recorded.zip(N, null, true);
  }

  @AfterAll
  static void close() {
    recorded.close();
  }

  @Test
  void unzipAndPythonUnpackIt() throws Exception {
    Path file = Files.write(directory.resolve("export.zip"), zip);
    need("unzip", "-v");
    Said tested = run("unzip", "-t", file.toString());
    assertThat(tested.code).as(tested.text).isZero();
    assertThat(tested.text).contains("No errors detected");
    need("python3", "--version");
    assertThat(run("python3", "-m", "zipfile", "-t", file.toString()).text)
        .contains("Done testing")
        .doesNotContain("corrupt");
    assertThat(run("python3", "-m", "zipfile", "-e", file.toString(), "out").code).isZero();
    for (Map.Entry<String, byte[]> each : Repacked.files(zip).entrySet()) {
      assertThat(directory.resolve("out").resolve(each.getKey())).hasBinaryContent(each.getValue());
    }
  }

  @Test
  void theChecksumsOfBothPartsHold() throws Exception {
    need("sha256sum", "--version");
    unpack(zip);
    Said open = block(0);
    assertThat(open.code).as(open.text).isZero();
    Said restricted = run("sh", "-c", "cd restricted && sha256sum -c SHA256SUMS");
    assertThat(restricted.code).as(restricted.text).isZero();
    assertThat(restricted.text).contains("delegation/0000000001.avro: OK");
    Files.writeString(directory.resolve("manifest.json"), " ");
    assertThat(block(0).code).isEqualTo(1);
  }

  @Test
  void theChainHolds() throws Exception {
    need("basenc", "--version");
    unpack(zip);
    String head = verified().headHash();
    assertThat(block(1).text).isEqualTo("head " + head + "\n");
    Path chain = directory.resolve("chain/0000000001.tsv");
    String lines = Files.readString(chain);
    Files.writeString(
        chain,
        lines.replaceFirst("(?m)^7\t(\\d+)\\d\t", "7\t$19\t").replaceFirst("(?m)^9\t", "10\t"));
    assertThat(block(1).text).contains("entry 10 differs");
  }

  @Test
  void theEventsAreThoseOfTheChain() throws Exception {
    String python = pythonWithAvro();
    unpack(zip);
    assertThat(block(2, python).text).isEqualTo("entry " + EVENTS + " was erased\n");
    List<TimelineEntry> entries =
        new ArrayList<>(
            Repacked.entries(EVENTS_FILE, Files.readAllBytes(directory.resolve(EVENTS_FILE))));
    entries.set(6, Forged.withOtherBytes(entries.get(6)));
    Files.write(directory.resolve(EVENTS_FILE), Repacked.segment(EVENTS_FILE, entries));
    assertThat(block(2, python).text).contains("entry 7 differs\n");
  }

  @Test
  void rule32_theRestrictedItemsHaveChainsOfTheirOwn() throws Exception {
    String python = pythonWithAvro();
    unpack(zip);
    String heads = block(3, python).text;
    RestrictedHead head = Objects.requireNonNull(verified().restricted().get("delegation"));
    assertThat(heads).isEqualTo("restricted delegation 2 events, head " + head.hash() + "\n");
    Path segment = directory.resolve("restricted/delegation/0000000001.avro");
    String bytes = Files.readString(segment, StandardCharsets.ISO_8859_1);
    int second = bytes.lastIndexOf("secret-head");
    assertThat(bytes.indexOf("secret-head")).isLessThan(second);
    Files.writeString(
        segment,
        bytes.substring(0, second) + "secret-heXd" + bytes.substring(second + 11),
        StandardCharsets.ISO_8859_1);
    String altered = block(3, python).text;
    assertThat(altered)
        .startsWith("delegation restricted-delegation:ru differs at offset 1\n")
        .doesNotContain(heads);
  }

  private String pythonWithAvro() {
    need("python3", "--version");
    // Where another Python comes first, Debian's own has what Debian packs.
    String python =
        List.of("python3", "/usr/bin/python3").stream()
            .filter(each -> runs(each, "-c", "import avro.datafile"))
            .findFirst()
            .orElse("");
    if (python.isEmpty()) {
      abort("Apache Avro for Python (Debian: python3-avro) is not installed: it is not tried");
    }
    return python;
  }

  private void unpack(byte[] bytes) throws IOException {
    for (Map.Entry<String, byte[]> each : Repacked.files(bytes).entrySet()) {
      Path file = directory.resolve(each.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, each.getValue());
    }
  }

  private OfflineVerification.Verified verified() throws Exception {
    return OfflineVerification.verify(
        Files.write(directory.resolve("export.zip"), zip), null, done -> {});
  }

  private Said block(int number) throws Exception {
    return block(number, "python3");
  }

  /** Runs the README's commands of this number, counted from 0. */
  private Said block(int number, String python) throws Exception {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    for (String line : Files.readAllLines(directory.resolve("README.md"))) {
      if (line.startsWith("    ")) {
        block.append(line, 4, line.length()).append('\n');
      } else if (!block.isEmpty()) {
        blocks.add(block.toString());
        block.setLength(0);
      }
    }
    assertThat(blocks).hasSize(4);
    return run("bash", "-c", blocks.get(number).replace("python3 ", python + " "));
  }

  private void need(String... command) {
    if (!runs(command)) {
      abort(command[0] + " is not installed: it is not tried");
    }
  }

  private boolean runs(String... command) {
    try {
      return run(command).code == 0;
    } catch (IOException notInstalled) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Said run(String... command) throws IOException, InterruptedException {
    Path said = directory.resolveSibling(directory.getFileName() + ".said");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("%s ends", command[0]).isTrue();
      return new Said(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
      Files.delete(said);
    }
  }
}
