package io.parley.projection.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Messages as they go over the wire: one chunk of HTTP/1.1's chunked coding (RFC 9112), framing and
 * all, so that a buffer is written to every connection as it is.
 */
final class Chunk {
  /** Bytes before the content: its length in eight digits, and a line's end. */
  private static final int HEAD = 10;

  private static final int TAIL = 2;
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] ID = ascii("id: ");
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] DIGITS = ascii("0123456789abcdef");

  private final ByteBuf bytes;

  /** An empty one, with room for this many bytes before it must grow. */
  Chunk(int expectedBytes) {
    bytes = ByteBufAllocator.DEFAULT.directBuffer(HEAD + expectedBytes + TAIL);
    bytes.writeZero(HEAD);
  }

  /** How long an event's message is, at most. */
  static int length(int cursorBytes, StreamEvent.Content content) {
    return cursorBytes + content.json().length + content.type().length() + 32;
  }

  int length() {
    return bytes.writerIndex() - HEAD;
  }

  /**
   * An event (WHATWG HTML, server-sent events).
   *
   * @param named whether it names its type, so that only listeners of that name hear it
   */
  Chunk event(byte[] cursor, boolean named, StreamEvent.Content content) {
    String name = content.isFault() ? "fault" : named ? content.type() : null;
    return message(cursor, name, content.json());
  }

  Chunk message(byte[] cursor, @Nullable String name, byte[] json) {
    bytes.writeBytes(ID).writeBytes(cursor).writeByte('\n');
    if (name != null) {
      bytes.writeBytes(EVENT).writeBytes(ascii(name)).writeByte('\n');
    }
    bytes.writeBytes(DATA).writeBytes(json).writeByte('\n').writeByte('\n');
    return this;
  }

  /** A block with only an id: keeps the line open and the cursor fresh. */
  Chunk heartbeat(byte[] cursor) {
    bytes.writeBytes(ID).writeBytes(cursor).writeByte('\n').writeByte('\n');
    return this;
  }

  /** How long to wait before coming back. */
  Chunk retry(long millis) {
    bytes.writeBytes(ascii("retry: " + millis + "\n\n"));
    return this;
  }

  /** A line of NDJSON. */
  Chunk line(byte[] json) {
    bytes.writeBytes(json).writeByte('\n');
    return this;
  }

  /** Whole, with its framing. The caller releases it. */
  ByteBuf end() {
    int length = length();
    for (int i = 0; i < 8; i++) {
      bytes.setByte(i, DIGITS[length >>> (4 * (7 - i)) & 0xf]);
    }
    bytes.setBytes(HEAD - LINE_END.length, LINE_END);
    return bytes.writeBytes(LINE_END);
  }

  /** What is in one, for a client that knows no chunks (HTTP/1.0); another reference to it. */
  static ByteBuf bare(ByteBuf chunk) {
    return chunk.retainedSlice(chunk.readerIndex() + HEAD, chunk.readableBytes() - HEAD - TAIL);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
