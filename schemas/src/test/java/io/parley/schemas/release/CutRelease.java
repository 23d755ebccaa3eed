package io.parley.schemas.release;

import io.parley.schemas.wire.SchemaCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Releases today's schemas as the next version: writes {@code released/vN} and {@code golden/vN},
 * which nobody edits from then on. From the root of the repository, on JDK 25:
 *
 * <pre>{@code
 * mvn -q -pl schemas test-compile org.codehaus.mojo:exec-maven-plugin:3.6.2:java \
 *   -Dexec.classpathScope=test -Dexec.mainClass=io.parley.schemas.release.CutRelease -Dexec.args=schemas
 * }</pre>
 */
public final class CutRelease {
  private CutRelease() {}

  /** Takes the folder of the module, by default the current one. */
  public static void main(String[] args) throws IOException {
    Path base = Path.of(args.length > 0 ? args[0] : "");
    System.out.println("Released v" + cut(base, catalog()) + ". Commit released/ and golden/.");
  }

  /** Every record that may stand on a topic. */
  static List<Schema> catalog() {
    SchemaCatalog catalog = SchemaCatalog.builtIn();
    return catalog.subjects().stream().map(s -> catalog.versions(s).getLast()).toList();
  }

  /**
   * Writes the next version.
   *
   * @return its number
   * @throws IllegalStateException if the gate is not content, or nothing changed since the last
   *     version
   */
  static int cut(Path base, Collection<Schema> current) throws IOException {
    ReleaseGate gate = ReleaseGate.of(base, current);
    List<String> problems = gate.problems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException("not released:\n" + String.join("\n", problems));
    }
    int version = Checksums.versions(base).size() + 1;
    if (version > 1 && gate.released(version - 1).equals(gate.current())) {
      throw new IllegalStateException("nothing changed since v" + (version - 1));
    }
    Path released = Files.createDirectories(base.resolve("released/v" + version));
    Path golden = Files.createDirectories(base.resolve("golden/v" + version));
    for (Map.Entry<String, Schema> entry : gate.current().entrySet()) {
      Schema schema = entry.getValue();
      GenericRecord sample = Samples.full(schema);
      Files.writeString(
          released.resolve(entry.getKey() + ".avsc"), Golden.pretty(schema.toString()));
      Files.write(golden.resolve(entry.getKey() + ".bin"), Golden.encode(sample));
      Files.writeString(golden.resolve(entry.getKey() + ".json"), Golden.json(sample));
    }
    Checksums.seal(base, version);
    return version;
  }
}
