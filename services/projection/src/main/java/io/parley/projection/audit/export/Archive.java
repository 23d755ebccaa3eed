package io.parley.projection.audit.export;

import io.parley.schemas.wire.Sha256;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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

  private static final int PIECE_BYTES = 1 << 16;

  private final ZipOutputStream out;
  private final StringBuilder sums = new StringBuilder();
  private final byte[] piece = new byte[PIECE_BYTES];
  private String folder = "";
  private int files;

  /** Writes to a stream, which is not closed. */
  Archive(OutputStream out) {
    this.out = new ZipOutputStream(out, StandardCharsets.UTF_8);
  }

  /**
   * A file before its bytes.
   *
   * @param crc its CRC-32
   * @param sum its {@linkplain Archive#sum checksum}
   */
  record Head(String name, int bytes, long crc, String sum) {
    static Head of(String name, ByteBuffer content) {
      CRC32 crc = new CRC32();
      crc.update(content.duplicate());
      return new Head(name, content.remaining(), crc.getValue(), Archive.sum(content));
    }
  }

  /** Adds a file. */
  void put(String name, byte[] bytes) throws IOException {
    put(Head.of(name, ByteBuffer.wrap(bytes)), new ByteArrayInputStream(bytes));
  }

  /** Adds a file whose bytes are the next ones of a stream: a few of them at once in memory. */
  void put(Head file, InputStream content) throws IOException {
    String name = file.name();
    sums.append(file.sum()).append("  ").append(name, folder.length(), name.length()).append('\n');
    store(file, content);
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
    byte[] bytes = sums().getBytes(StandardCharsets.UTF_8);
    store(Head.of(folder + Format.SUMS, ByteBuffer.wrap(bytes)), new ByteArrayInputStream(bytes));
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

  private void store(Head file, InputStream content) throws IOException {
    if (++files > Format.MOST_FILES) {
      throw new IOException("an export has at most " + Format.MOST_FILES + " files");
    }
    if (file.bytes() > Format.MOST_FILE_BYTES) {
      throw new IOException(
          file.name() + " has " + file.bytes() + " bytes, of at most " + Format.MOST_FILE_BYTES);
    }
    ZipEntry entry = new ZipEntry(file.name());
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(file.bytes());
    entry.setCompressedSize(file.bytes());
    entry.setCrc(file.crc());
    entry.setTimeLocal(TIME);
    out.putNextEntry(entry);
    int left = file.bytes();
    while (left > 0) {
      int read = content.read(piece, 0, Math.min(left, piece.length));
      if (read < 0) {
        throw new EOFException(file.name() + " lacks " + left + " bytes");
      }
      out.write(piece, 0, read);
      left -= read;
    }
    out.closeEntry();
    out.flush();
  }
}
