package io.parley.schemas.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * What was released can be read for ever, and says what it said (decision 11). Released versions
 * lie in {@code released/vN}, one .avsc per record of the catalog, and their golden bytes in {@code
 * golden/vN}. The gate holds today's schemas against every one of them.
 *
 * @param base the folder that holds {@code released} and {@code golden}
 * @param current today's records by full name
 */
record ReleaseGate(Path base, Map<String, Schema> current) {

  /** The gate before these records. */
  static ReleaseGate of(Path base, Collection<Schema> records) {
    Map<String, Schema> current = new TreeMap<>();
    records.forEach(schema -> current.put(schema.getFullName(), schema));
    return new ReleaseGate(base, current);
  }

  /**
   * One line for each thing that stands in the way of a build, naming the file, the record or the
   * field.
   */
  List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>(Checksums.problems(base));
    if (!problems.isEmpty()) {
      // Nothing can be held against files that are not what was released.
      return problems;
    }
    for (int version : Checksums.versions(base)) {
      for (Map.Entry<String, Schema> entry : released(version).entrySet()) {
        String name = entry.getKey();
        Schema today = current.get(name);
        if (today == null) {
          problems.add("v" + version + " " + name + " was removed");
        } else {
          Compatibility.problems(entry.getValue(), today)
              .forEach(problem -> problems.add("v" + version + " " + name + ": " + problem));
          golden(version, name, entry.getValue(), today, problems);
        }
      }
    }
    return problems;
  }

  /** The records of a version, by full name. */
  Map<String, Schema> released(int version) throws IOException {
    Map<String, Schema> schemas = new TreeMap<>();
    try (Stream<Path> files = Files.list(base.resolve("released/v" + version))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".avsc")).sorted().toList()) {
        Schema schema = new Schema.Parser().parse(Files.readString(file));
        schemas.put(schema.getFullName(), schema);
      }
    }
    return schemas;
  }

  private void golden(int version, String name, Schema written, Schema read, List<String> problems)
      throws IOException {
    Path bytes = base.resolve("golden/v" + version).resolve(name + ".bin");
    Path json = base.resolve("golden/v" + version).resolve(name + ".json");
    if (!Files.exists(bytes) || !Files.exists(json)) {
      problems.add("v" + version + " " + name + " has no golden bytes, or not what they say");
      return;
    }
    String problem =
        Golden.problem(Files.readAllBytes(bytes), Files.readString(json), written, read);
    if (problem != null) {
      problems.add("golden/v" + version + "/" + name + ".bin: " + problem);
    }
  }
}
