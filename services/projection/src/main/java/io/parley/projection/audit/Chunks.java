package io.parley.projection.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Hands large writes on in pieces, so that what waits for a slow client is a few of these and not
 * the whole. Knows how long the client has taken nothing.
 */
final class Chunks extends OutputStream {
  /** Bytes of a piece. */
  static final int BYTES = 16 << 10;

  private static final long NOT_WAITING = Long.MIN_VALUE;

  private final OutputStream out;
  private volatile long waitingSince = NOT_WAITING;

  Chunks(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    for (int at = 0; at < length; at += BYTES) {
      waitingSince = System.nanoTime();
      out.write(bytes, from + at, Math.min(BYTES, length - at));
    }
    waitingSince = NOT_WAITING;
  }

  @Override
  public void flush() {
    // What is written goes on by itself; a piece for each small file would be many.
  }

  /** Whether the client has taken nothing for this long, though there was something to take. */
  boolean isStalled(Duration time) {
    long since = waitingSince;
    return since != NOT_WAITING && System.nanoTime() - since > time.toNanos();
  }
}
