package io.parley.journal.stream;

import io.parley.schemas.Command;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;

/**
 * A command on its way to being decided.
 *
 * @param offset of the command in its partition: its place in the order
 * @param arrivedMillis when the broker appended it, milliseconds since the epoch
 */
record Waiting(long offset, long arrivedMillis, ReplyAddress replyTo, Command command) {
  private static final int ADDRESS_BYTES = Integer.BYTES + Long.BYTES;

  byte[] write() {
    byte[] framed = Wire.encode(command);
    return ByteBuffer.allocate(Long.BYTES + ADDRESS_BYTES + framed.length)
        .putLong(arrivedMillis)
        .put(replyTo.bytes())
        .put(framed)
        .array();
  }

  static Waiting read(long offset, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long arrivedMillis = buffer.getLong();
    byte[] address = new byte[ADDRESS_BYTES];
    buffer.get(address);
    byte[] framed = new byte[buffer.remaining()];
    buffer.get(framed);
    return new Waiting(
        offset, arrivedMillis, ReplyAddress.parse(address), (Command) Wire.decode(framed));
  }
}
