package io.parley.projection.audit.export;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ZIP as it is read: file by file, in order. What was read is written once more by {@link
 * Archive}, beside the ZIP, and must be the ZIP byte for byte. So nothing is in it that was not
 * looked at: not between files, not before or behind them, not under another name in its directory.
 */
final class Unpacked implements AutoCloseable {
  /** What stands for the ZIP itself where a file is named. */
  static final String ITSELF = "the ZIP";

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int HEADER_BYTES = 30;
  private static final int FILE = 0x04034b50;
  private static final int DIRECTORY = 0x02014b50;

  private final InputStream in;
  private final Mirror mirror;
  private final Archive again;
  private final LongConsumer progress;
  private @Nullable String name;
  private int size;
  private boolean atDirectory;
  private long at;
  private int files;

  /** The file under way was read, and not yet held against what it should be. */
  private byte @Nullable [] pending;

  private Unpacked(Path file, LongConsumer progress) throws IOException {
    this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    this.mirror = new Mirror(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
    this.again = new Archive(new BufferedOutputStream(mirror, BUFFER_BYTES));
    this.progress = progress;
  }

  static Unpacked open(Path file, LongConsumer progress) throws IOException {
    return new Unpacked(file, progress);
  }

  /** Name of the next file, which is not read yet; null where there is none. */
  @Nullable String peek() throws IOException, Difference {
    accept();
    if (name == null && !atDirectory) {
      header();
    }
    return name;
  }

  /** The bytes of the next file, which must have this name. */
  byte[] take(String expected) throws IOException, Difference {
    String found = peek();
    if (found == null) {
      throw new Difference(expected, Difference.WHOLE, "file", "to be there", "none");
    }
    if (!found.equals(expected)) {
      throw new Difference(found, Difference.WHOLE, "file in this place", expected, found);
    }
    byte[] bytes = in.readNBytes(size);
    at += bytes.length;
    if (bytes.length < size) {
      throw new Difference(found, Difference.WHOLE, "length", size, bytes.length);
    }
    pending = bytes;
    progress.accept(at);
    return bytes;
  }

  /** The checksums of the files that were taken before this one, as they should stand in it. */
  String sums() {
    return again.sums();
  }

  /** Takes the checksums, which were held against what they should be. */
  void seal(String file) throws IOException, Difference {
    if (pending == null) {
      throw new IllegalStateException("the checksums are taken first");
    }
    pending = null;
    again(file, again::seal);
    name = null;
  }

  /** What follows is in a folder of its own. */
  void open(String folder) {
    again.open(folder);
  }

  /** Checks that nothing follows but the ZIP's own directory. */
  void finish() throws IOException, Difference {
    String more = peek();
    if (more != null) {
      throw new Difference(more, Difference.WHOLE, "file", "no more files", more);
    }
    again(ITSELF, again::finish);
    if (mirror.in.read() >= 0) {
      throw new Difference(ITSELF, Difference.WHOLE, "length", mirror.at, "more");
    }
  }

  private void accept() throws IOException, Difference {
    byte[] taken = pending;
    String file = name;
    if (taken != null && file != null) {
      again(file, () -> again.put(file, taken));
      pending = null;
      name = null;
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void again(String file, Step step) throws IOException, Difference {
    try {
      step.run();
    } catch (Mirror.Other e) {
      throw new Difference(file, Difference.WHOLE, "packing at byte " + e.at, e.expected, e.found);
    }
  }

  private void header() throws IOException, Difference {
    byte[] bytes = in.readNBytes(HEADER_BYTES);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length >= Integer.BYTES && header.getInt(0) == DIRECTORY) {
      atDirectory = true;
      return;
    }
    if (bytes.length < HEADER_BYTES || header.getInt(0) != FILE) {
      String found = bytes.length < HEADER_BYTES ? "the end" : hex(bytes, Integer.BYTES);
      throw new Difference(ITSELF, Difference.WHOLE, "at byte " + at, "a file", found);
    }
    long length = Integer.toUnsignedLong(header.getInt(18));
    int nameLength = Short.toUnsignedInt(header.getShort(26));
    if (nameLength > Format.MOST_NAME_BYTES) {
      throw new Difference(
          ITSELF, Difference.WHOLE, "length of a name", Format.MOST_NAME_BYTES, nameLength);
    }
    byte[] text = in.readNBytes(nameLength);
    String found = new String(text, StandardCharsets.UTF_8);
    at += HEADER_BYTES + text.length;
    if (length > Format.MOST_FILE_BYTES) {
      throw new Difference(
          found, Difference.WHOLE, "length", "at most " + Format.MOST_FILE_BYTES, length);
    }
    if (++files > Format.MOST_FILES) {
      throw new Difference(found, Difference.WHOLE, "files", Format.MOST_FILES, "more");
    }
    int method = Short.toUnsignedInt(header.getShort(8));
    if (method != 0) {
      throw new Difference(found, Difference.WHOLE, "packing", "stored", "method " + method);
    }
    name = found;
    size = (int) length;
  }

  private static String hex(byte[] bytes, int length) {
    return HexFormat.of().formatHex(bytes, 0, length);
  }

  @Override
  public void close() throws IOException {
    try (in) {
      mirror.in.close();
    }
  }

  /** Takes bytes and holds them against those of the ZIP. */
  private static final class Mirror extends OutputStream {
    private final InputStream in;
    private long at;

    Mirror(InputStream in) {
      this.in = in;
    }

    /** Other bytes than those of the ZIP were written. */
    private static final class Other extends EOFException {
      private static final long serialVersionUID = 1L;

      private final long at;
      private final String expected;
      private final String found;

      Other(long at, String expected, String found) {
        this.at = at;
        this.expected = expected;
        this.found = found;
      }
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      byte[] there = in.readNBytes(length);
      for (int i = 0; i < length; i++) {
        if (i == there.length) {
          throw new Other(at + i, "more bytes", "the end");
        }
        if (bytes[from + i] != there[i]) {
          HexFormat hex = HexFormat.of();
          throw new Other(at + i, hex.toHexDigits(bytes[from + i]), hex.toHexDigits(there[i]));
        }
      }
      at += length;
    }
  }
}
