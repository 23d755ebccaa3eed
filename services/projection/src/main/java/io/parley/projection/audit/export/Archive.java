package io.parley.projection.audit.export;

import io.parley.schemas.wire.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The ZIP as it is written: files that are stored and not deflated, with size and checksum before
 * their bytes, one fixed time and nothing else, so that the same files are the same bytes (ADR 13).
 * The checksums of the files of a folder are noted until it is {@linkplain #seal() sealed}.
 */
final class Archive {
  /**
   * The time of every file, whatever the zone: any but the first moment of 1980, which Java's
   * library takes for an older one and writes with the zone of the machine.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final ZipOutputStream out;
  private final StringBuilder sums = new StringBuilder();
  private String folder = "";
  private int files;

  /** Writes to a stream, which is not closed. */
  Archive(OutputStream out) {
    this.out = new ZipOutputStream(out, StandardCharsets.UTF_8);
  }

  /** Adds a file. */
  void put(String name, byte[] bytes) throws IOException {
    put(name, sum(ByteBuffer.wrap(bytes)), bytes);
  }

  /** Adds a file whose {@linkplain #sum checksum} is known. */
  void put(String name, String sum, byte[] bytes) throws IOException {
    sums.append(sum).append("  ").append(name, folder.length(), name.length()).append('\n');
    store(name, bytes);
  }

  /** A file's checksum: SHA-256 in hexadecimal. */
  static String sum(ByteBuffer bytes) {
    MessageDigest sha = Sha256.begin();
    sha.update(bytes.duplicate());
    return HexFormat.of().formatHex(sha.digest());
  }

  /** The checksums of the files since the last seal, in the format of sha256sum. */
  String sums() {
    return sums.toString();
  }

  /** Adds the folder's SHA256SUMS. */
  void seal() throws IOException {
    store(folder + Format.SUMS, sums().getBytes(StandardCharsets.UTF_8));
    sums.setLength(0);
  }

  /** What follows is in a folder of its own. */
  void open(String name) {
    folder = name;
  }

  /** Adds the ZIP's own directory, which ends it. */
  void finish() throws IOException {
    out.finish();
    out.flush();
  }

  private void store(String name, byte[] bytes) throws IOException {
    if (++files > Format.MOST_FILES) {
      throw new IOException("an export has at most " + Format.MOST_FILES + " files");
    }
    if (bytes.length > Format.MOST_FILE_BYTES) {
      throw new IOException(
          name + " has " + bytes.length + " bytes, of at most " + Format.MOST_FILE_BYTES);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(TIME);
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
    out.flush();
  }
}
