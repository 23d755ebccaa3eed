package io.parley.projection.stream;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.apache.kafka.common.Uuid;

/**
 * A place in the log, exact and opaque: everything before it was received, nothing after. In
 * base64url: a version, the epoch, then the offset of one partition or those of all, and two bytes
 * that tell a mangled one.
 *
 * @param epoch which log: a timeline that was made anew is another one
 * @param scope what the offsets are of
 * @param position of one partition, only that one counts
 */
record Cursor(long epoch, Scope scope, Position position) {
  private static final int VERSION = 1;
  private static final int ONE = 0;
  private static final int SOME = 1;
  private static final int CHECK_BYTES = 2;
  private static final int MOST_CHARACTERS = 16_384;
  private static final int MOST_PARTITIONS = 1_000;
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  /** The epoch of a topic: its id in few enough bytes. */
  static long epoch(Uuid topic) {
    return topic.getMostSignificantBits() * 31 + topic.getLeastSignificantBits();
  }

  /** As it is sent: ASCII. */
  byte[] bytes() {
    return encode(epoch, scope, position);
  }

  static byte[] encode(long epoch, Scope scope, Position position) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 + 4 * position.partitions());
    out.write(VERSION);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      out.write((int) (epoch >>> shift));
    }
    if (scope.isWhole()) {
      out.write(SOME);
      number(out, position.partitions());
      for (int i = 0; i < position.partitions(); i++) {
        number(out, position.of(i));
      }
    } else {
      out.write(ONE);
      number(out, scope.partition());
      number(out, position.of(scope.partition()));
    }
    int check = check(out.toByteArray(), out.size());
    out.write(check >>> Byte.SIZE);
    out.write(check);
    return TEXT.encode(out.toByteArray());
  }

  @Override
  public String toString() {
    return new String(bytes(), StandardCharsets.US_ASCII);
  }

  /**
   * Reads a cursor.
   *
   * @throws IllegalArgumentException where it is none
   */
  static Cursor parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("not a cursor");
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      int body = bytes.length - CHECK_BYTES;
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (body < 0 || (in.getShort(body) & 0xffff) != check(bytes, body) || in.get() != VERSION) {
        throw new IllegalArgumentException("not a cursor");
      }
      long epoch = in.getLong();
      Cursor cursor =
          switch (in.get()) {
            case ONE -> one(epoch, in);
            case SOME -> all(epoch, in);
            default -> throw new IllegalArgumentException("not a cursor");
          };
      if (in.remaining() != CHECK_BYTES) {
        throw new IllegalArgumentException("not a cursor");
      }
      return cursor;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("not a cursor", e);
    }
  }

  private static Cursor one(long epoch, ByteBuffer in) {
    int partition = (int) number(in, MOST_PARTITIONS - 1);
    Position position = Position.beginning(partition + 1);
    return new Cursor(
        epoch, new Scope(partition), position.put(partition, number(in, Long.MAX_VALUE)));
  }

  private static Cursor all(long epoch, ByteBuffer in) {
    Position position = Position.beginning((int) number(in, MOST_PARTITIONS));
    for (int i = 0; i < position.partitions(); i++) {
      position.put(i, number(in, Long.MAX_VALUE));
    }
    return new Cursor(epoch, Scope.WHOLE, position);
  }

  private static int check(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) (crc.getValue() & 0xffff);
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static long number(ByteBuffer in, long most) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        if (value < 0 || value > most) {
          break;
        }
        return value;
      }
    }
    throw new IllegalArgumentException("not a cursor");
  }
}
