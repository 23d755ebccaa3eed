package io.parley.projection.audit.export;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.avro.Schema;

/**
 * What the files of an export are called, and how large they may be. The open files stand in this
 * order: README.md, manifest.json, each segment of the events with its part of the chain, the
 * schemas, SHA256SUMS; behind them, if they are there, the restricted ones.
 */
final class Format {
  /** Version of the format, which the manifest names: older ones are read too. */
  static final int VERSION = 2;

  /** From this version on the restricted part has its chains; the open part is as before. */
  static final int CHAINED = 2;

  static final String README = "README.md";
  static final String MANIFEST = "manifest.json";
  static final String SUMS = "SHA256SUMS";

  /** Folder of the restricted part. */
  static final String RESTRICTED = "restricted/";

  /** Most events of a segment. */
  static final int MOST_EVENTS = 10_000;

  /** Most bytes of a segment's events; one that has more by itself is a segment of its own. */
  static final int MOST_BYTES = 8 << 20;

  /** Most bytes of a file: a segment with its schemas and framing, with room. */
  static final int MOST_FILE_BYTES = 32 << 20;

  /** Most files of an export. */
  static final int MOST_FILES = 100_000;

  /** Most bytes of a file's name. */
  static final int MOST_NAME_BYTES = 300;

  private Format() {}

  /** The segment of the events that begins with this sequence number. */
  static String events(long first) {
    return "events/%010d.avro".formatted(first);
  }

  /** The part of the chain that belongs to it. */
  static String chain(long first) {
    return "chain/%010d.tsv".formatted(first);
  }

  /** The segment of a service's restricted events that begins with its first, second, … event. */
  static String restricted(String service, long first) {
    return RESTRICTED + service + "/%010d.avro".formatted(first);
  }

  /** A writer's schema, by its registry id. */
  static String schema(Schema schema) {
    return "schemas/" + schema.getFullName() + "-" + SchemaCatalog.id(schema) + ".avsc";
  }

  /** How to check an export by hand: the same words in every export. */
  static byte[] readme() {
    try (InputStream file = Format.class.getResourceAsStream("README.md")) {
      return Objects.requireNonNull(file, "README.md of the export").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the export's README.md", e);
    }
  }

  /** Whether these are the words of some version, this one or one before. */
  static boolean isReadme(byte[] found) {
    String sum = HexFormat.of().formatHex(Sha256.begin().digest(found));
    try (InputStream file = Format.class.getResourceAsStream("README.sha256")) {
      String known = new String(Objects.requireNonNull(file).readAllBytes(), US_ASCII);
      return known.lines().anyMatch(sum::equals);
    } catch (IOException e) {
      throw new UncheckedIOException("reading the checksums of the export's README.md", e);
    }
  }

  static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }
}
