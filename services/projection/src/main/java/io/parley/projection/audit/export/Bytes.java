package io.parley.projection.audit.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Bytes in memory that are read, and changed, where they are. For one thread at a time. */
final class Bytes extends ByteArrayOutputStream {
  /** With room for this many before it grows. */
  Bytes(int room) {
    super(room);
  }

  /** Adds what remains in a buffer, which stays as it is. */
  void add(ByteBuffer added) {
    add(added, 0);
  }

  /** The same without the first bytes. */
  void add(ByteBuffer added, int without) {
    ByteBuffer rest = added.slice(added.position() + without, added.remaining() - without);
    if (rest.hasArray()) {
      write(rest.array(), rest.arrayOffset(), rest.remaining());
    } else {
      byte[] copy = new byte[rest.remaining()];
      rest.get(copy);
      writeBytes(copy);
    }
  }

  /** Changes a byte that was added. */
  void set(int at, byte value) {
    buf[at] = value;
  }

  /** Some of them, until they are changed or {@linkplain #reset() forgotten}. */
  ByteBuffer part(int from, int to) {
    return ByteBuffer.wrap(buf, from, to - from);
  }

  /** All of them, until they are changed or {@linkplain #reset() forgotten}. */
  ByteBuffer all() {
    return part(0, count);
  }
}
