package io.parley.schemas.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of the released versions, oldest first: data that was written with them stays
 * readable. They are in this module's jar as they are in its folder {@code released}: {@code
 * LATEST} names the newest version, and the list of each version its files.
 */
final class Releases {
  private static final String AVRO = ".avsc";

  private Releases() {}

  /** Those in this build. */
  static List<Schema> builtIn() {
    return in(Releases::resource);
  }

  /**
   * Those that a place holds.
   *
   * @param place the text of a file by its name, null where there is none
   */
  static List<Schema> in(Function<String, @Nullable String> place) {
    List<Schema> schemas = new ArrayList<>();
    for (int version = 1; version <= latest(required(place, "released/LATEST")); version++) {
      // Lines of sha256sum: the checksum, two spaces, the file's name.
      required(place, "released/v" + version + "/SHA256SUMS")
          .lines()
          .map(line -> line.substring(line.indexOf("  ") + 2))
          .filter(name -> name.endsWith(AVRO))
          .map(name -> new Schema.Parser().parse(required(place, name)))
          .forEach(schemas::add);
    }
    return schemas;
  }

  private static int latest(String said) {
    String version = said.strip().split(" ", 2)[0];
    return version.equals("none") ? 0 : Integer.parseInt(version.substring(1));
  }

  private static String required(Function<String, @Nullable String> place, String name) {
    String text = place.apply(name);
    if (text == null) {
      throw new IllegalStateException(name + " is not in this build");
    }
    return text;
  }

  private static @Nullable String resource(String name) {
    try (InputStream file = Releases.class.getResourceAsStream("/" + name)) {
      return file == null ? null : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name, e);
    }
  }
}
