package io.parley.journal.stream;

import io.opentelemetry.api.trace.SpanContext;
import io.parley.journal.reading.Traces;
import io.parley.schemas.Command;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A command on its way to being decided.
 *
 * @param offset of the command in its partition: its place in the order
 * @param arrivedMillis when the broker appended it, milliseconds since the epoch
 * @param trace the step that sent it
 */
record Waiting(
    long offset, long arrivedMillis, ReplyAddress replyTo, Command command, SpanContext trace) {
  private static final int ADDRESS_BYTES = Integer.BYTES + Long.BYTES;

  byte[] write() {
    byte[] framed = Wire.encode(command);
    byte[] step = Traces.text(trace).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES + ADDRESS_BYTES + 1 + step.length + framed.length)
            .putLong(arrivedMillis)
            .put(replyTo.bytes());
    if (step.length > 0) {
      // A framed command begins with 0, so one that was parked without a trace is told from this.
      buffer.put((byte) step.length).put(step);
    }
    buffer.put(framed).flip();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  static Waiting read(long offset, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long arrivedMillis = buffer.getLong();
    byte[] address = new byte[ADDRESS_BYTES];
    buffer.get(address);
    byte[] step = new byte[buffer.get(buffer.position())];
    if (step.length > 0) {
      buffer.get();
      buffer.get(step);
    }
    byte[] framed = new byte[buffer.remaining()];
    buffer.get(framed);
    return new Waiting(
        offset,
        arrivedMillis,
        ReplyAddress.parse(address),
        (Command) Wire.decode(framed),
        Traces.parse(new String(step, StandardCharsets.US_ASCII)));
  }
}
