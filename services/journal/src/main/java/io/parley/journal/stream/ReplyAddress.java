package io.parley.journal.stream;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;

/**
 * Where an answer goes: the partition of the replies topic that an instance reads, and the number
 * of its request. It travels in a header of the command and is the key of the answer.
 */
public record ReplyAddress(int partition, long request) {
  private static final String HEADER = "parley_reply_to";

  /** Writes it to a command's headers. */
  public void to(Headers headers) {
    headers.add(HEADER, bytes());
  }

  /** Reads it from a command's headers; a command without one wants no answer. */
  static ReplyAddress of(Headers headers) {
    var header = headers.lastHeader(HEADER);
    return header == null ? new ReplyAddress(-1, 0) : parse(header.value());
  }

  /** Twelve bytes. */
  public byte[] bytes() {
    return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
        .putInt(partition)
        .putLong(request)
        .array();
  }

  /** Reads the twelve bytes. */
  public static ReplyAddress parse(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new ReplyAddress(buffer.getInt(), buffer.getLong());
  }

  boolean isWanted() {
    return partition >= 0;
  }
}
