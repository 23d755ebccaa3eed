package io.parley.schemas.avro;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;

/**
 * Avro's binary encoding, as the generated records read it, and whoever looks at bytes that anybody
 * may have made (ADR 20). Trusts no length that it reads: nothing is longer than what is there, or
 * deeper than {@value #MOST_DEEP} records. A record has one encoding: its numbers are as short as
 * they can be, its texts are UTF-8; lists alone may come in several blocks. Whatever is not so is
 * an {@link AvroRuntimeException}. For one thread.
 */
public final class AvroBytes {
  /** Records in records; those of the language go six deep, but for places in places. */
  static final int MOST_DEEP = 100;

  /** What stands in a text for bytes that are no UTF-8; it may be written too. */
  private static final char REPLACED = '\ufffd';

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  /** A long's last bit is the first of a tenth byte. */
  private static final int LAST_SHIFT = 63;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int deep;

  /** All of these. */
  public AvroBytes(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** The bytes from one index (inclusive) to another (exclusive). */
  public AvroBytes(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** How many are left. */
  public int remaining() {
    return end - at;
  }

  /** A {@code long}. */
  public long number() {
    int next = next();
    long zigzag = next & ~MORE;
    for (int shift = BITS; (next & MORE) != 0; shift += BITS) {
      next = next();
      zigzag |= (next & (long) ~MORE) << shift;
      if (next == 0 || (shift == LAST_SHIFT && next > 1)) {
        throw new AvroRuntimeException("a number of more bytes, or bits, than one needs");
      }
    }
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** An {@code int}. */
  public int integer() {
    long number = number();
    if (number != (int) number) {
      throw new AvroRuntimeException("a number of more than 32 bits: " + number);
    }
    return (int) number;
  }

  /** A {@code boolean}. */
  public boolean truth() {
    int truth = next();
    if (truth > 1) {
      throw new AvroRuntimeException("neither true nor false: " + truth);
    }
    return truth == 1;
  }

  /** A {@code long} of milliseconds since 1970. */
  public Instant instant() {
    return Instant.ofEpochMilli(number());
  }

  /** A {@code string}. */
  public String text() {
    int length = length();
    int from = at;
    at += length;
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACED) >= 0 && !isWrittenAs(text, from)) {
      throw new AvroRuntimeException("a text that is not in UTF-8");
    }
    return text;
  }

  private boolean isWrittenAs(String text, int from) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(utf8, 0, utf8.length, bytes, from, at);
  }

  /** {@code bytes}, of their own. */
  public ByteBuffer bytes() {
    int length = length();
    at += length;
    return ByteBuffer.wrap(Arrays.copyOfRange(bytes, at - length, at));
  }

  /** All that are left, which stay the next ones. */
  public ByteBuffer rest() {
    return ByteBuffer.wrap(bytes, at, remaining()).slice();
  }

  /** The next bytes, as they stand. */
  public ByteBuffer slice(int length) {
    ByteBuffer slice = ByteBuffer.wrap(bytes, at, within(length)).slice();
    at += length;
    return slice;
  }

  /** The next bytes, to be read as these are. */
  public AvroBytes part(int length) {
    at += within(length);
    return new AvroBytes(bytes, at - length, at);
  }

  /** The length of something that is not longer than what is there. */
  public int length() {
    return within(integer());
  }

  /** Which branch of a union of null and something: true for the latter. */
  public boolean isThere() {
    int branch = integer();
    if (branch != 0 && branch != 1) {
      throw new AvroRuntimeException("a union of two has no branch " + branch);
    }
    return branch == 1;
  }

  /** A constant of an enum, of these. */
  public <E> E constant(E[] all) {
    int index = integer();
    if (index < 0 || index >= all.length) {
      throw new AvroRuntimeException(
          all.getClass().getComponentType().getName() + " has no constant " + index);
    }
    return all[index];
  }

  /** A record, into an empty one. */
  public <R extends AvroRecord> R record(R empty) {
    if (deep == MOST_DEEP) {
      throw new AvroRuntimeException("records in more than " + MOST_DEEP + " others");
    }
    deep++;
    empty.read(this);
    deep--;
    return empty;
  }

  /** An {@code array}, of whatever blocks. */
  public <T> List<T> list(Supplier<T> item) {
    List<T> list = new ArrayList<>();
    for (long count = number(); count != 0; count = number()) {
      long items = count;
      if (count < 0) {
        items = -count;
        // The block's length, for those who pass over it.
        number();
      }
      if (items < 0) {
        throw cutOff(items);
      }
      for (long i = 0; i < items; i++) {
        list.add(item.get());
      }
    }
    return list;
  }

  private int next() {
    if (at == end) {
      throw cutOff(1);
    }
    return bytes[at++] & 0xff;
  }

  private int within(int length) {
    if (length < 0 || length > remaining()) {
      throw cutOff(length);
    }
    return length;
  }

  private AvroRuntimeException cutOff(long wanted) {
    return new AvroRuntimeException(wanted + " more where " + remaining() + " bytes are left");
  }
}
