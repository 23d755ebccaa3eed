package io.parley.schemas.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The checksums of released files, in the format of sha256sum. They form a chain: the list of a
 * version holds the checksum of the list before it, and the file LATEST that of the newest, so that
 * no list changes on its own.
 */
final class Checksums {
  static final String LIST = "SHA256SUMS";
  static final String NONE = "none";

  private Checksums() {}

  /** The versions that have a folder, oldest first. */
  static List<Integer> versions(Path base) throws IOException {
    Path released = base.resolve("released");
    if (!Files.isDirectory(released)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(released)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.matches("v[1-9][0-9]*"))
          .map(name -> Integer.parseInt(name.substring(1)))
          .sorted()
          .toList();
    }
  }

  /** Writes the list of a version whose other files are there, and makes it the latest. */
  static void seal(Path base, int version) throws IOException {
    StringBuilder list = new StringBuilder();
    for (Path file : covered(base, version)) {
      list.append(sum(file)).append("  ").append(name(base, file)).append('\n');
    }
    Path sums = list(base, version);
    Files.writeString(sums, list);
    Files.writeString(base.resolve("released/LATEST"), "v" + version + " " + sum(sums) + "\n");
  }

  /** One line for each released file that is not as it was released. */
  static List<String> problems(Path base) throws IOException {
    List<String> problems = new ArrayList<>();
    List<Integer> versions = versions(base);
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i) != i + 1) {
        problems.add("released/v" + (i + 1) + " is missing");
        return problems;
      }
      check(base, i + 1, problems);
    }
    Path latest = base.resolve("released/LATEST");
    if (!Files.exists(latest)) {
      problems.add("released/LATEST is missing");
      return problems;
    }
    String pinned = Files.readString(latest).strip();
    String expected = NONE;
    if (!versions.isEmpty()) {
      Path newest = list(base, versions.getLast());
      expected = "v" + versions.getLast() + " " + (Files.exists(newest) ? sum(newest) : "");
    }
    if (!pinned.equals(expected)) {
      problems.add(
          "released/LATEST pins \"" + pinned + "\", the newest list is \"" + expected + "\"");
    }
    return problems;
  }

  private static void check(Path base, int version, List<String> problems) throws IOException {
    Path sums = list(base, version);
    if (!Files.exists(sums)) {
      problems.add(name(base, sums) + " is missing");
      return;
    }
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(sums)) {
      if (!line.matches("[0-9a-f]{64}  .+")) {
        problems.add(name(base, sums) + " has a line that is no checksum: " + line);
        return;
      }
      listed.put(line.substring(66), line.substring(0, 64));
    }
    for (Path file : covered(base, version)) {
      String name = name(base, file);
      String sum = listed.remove(name);
      if (sum == null) {
        problems.add(name + " was added to the released version v" + version);
      } else if (!sum.equals(sum(file))) {
        problems.add(name + " was edited after it was released (see " + name(base, sums) + ")");
      }
    }
    listed.keySet().forEach(name -> problems.add(name + " was released and is missing"));
  }

  /** What the list of a version covers: its schemas, its golden files, the list before. */
  private static List<Path> covered(Path base, int version) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("golden/v" + version, "released/v" + version)) {
      if (Files.isDirectory(base.resolve(folder))) {
        try (Stream<Path> found = Files.walk(base.resolve(folder))) {
          found.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
      }
    }
    files.remove(list(base, version));
    if (version > 1 && Files.exists(list(base, version - 1))) {
      files.add(list(base, version - 1));
    }
    return files;
  }

  private static Path list(Path base, int version) {
    return base.resolve("released").resolve("v" + version).resolve(LIST);
  }

  private static String name(Path base, Path file) {
    return base.relativize(file).toString().replace('\\', '/');
  }

  private static String sum(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
