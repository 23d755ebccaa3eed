package io.parley.journal.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Cuts a stream of bytes into lines, holding one line at most. A line past the limit is told as
 * such, not kept.
 */
final class LineSplitter {
  private final int maxBytes;
  private final ByteArrayOutputStream current = new ByteArrayOutputStream();
  private boolean tooLong;
  private long number;

  LineSplitter(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * A line.
   *
   * @param number the first is 1; empty lines count, but are not handed on
   * @param tooLong true where the line passes the limit; its bytes are not here then
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
  record Line(long number, byte[] bytes, boolean tooLong) {}

  /** The lines that end in this buffer, which is released. */
  List<Line> feed(DataBuffer buffer) {
    List<Line> lines = new ArrayList<>();
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        keep(bytes, start, i);
        end(lines);
        start = i + 1;
      }
    }
    keep(bytes, start, bytes.length);
    return lines;
  }

  /** The last line, where the stream does not end in a line feed. */
  List<Line> rest() {
    List<Line> lines = new ArrayList<>();
    if (current.size() > 0 || tooLong) {
      end(lines);
    }
    return lines;
  }

  private void keep(byte[] bytes, int from, int to) {
    if (current.size() + (to - from) > maxBytes) {
      tooLong = true;
      current.reset();
    } else if (!tooLong) {
      current.write(bytes, from, to - from);
    }
  }

  private void end(List<Line> lines) {
    number++;
    byte[] line = current.toByteArray();
    if (tooLong || !isBlank(line)) {
      lines.add(new Line(number, line, tooLong));
    }
    current.reset();
    tooLong = false;
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
