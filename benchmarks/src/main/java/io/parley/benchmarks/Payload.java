package io.parley.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Records of the baselines: of the size of ours, over as many keys. */
final class Payload {
  static final int KEYS = 100;
  static final int COMMAND_BYTES = 320;
  static final int EVENT_BYTES = 420;
  static final int REPLY_BYTES = 220;

  private Payload() {}

  static byte[] key(long number) {
    return ("bench-" + number % KEYS).getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes that begin with a number. */
  static byte[] of(long number, int size) {
    return ByteBuffer.allocate(size).putLong(number).array();
  }

  static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
