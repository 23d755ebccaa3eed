package io.parley.projection.audit.export;

import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads Avro from bytes that anybody may have made, and knows where it is. Avro's own decoder takes
 * a length at its word and allocates as much; here nothing is longer than what is there.
 */
final class Cursor {
  private static final int MOST_VARINT_BYTES = 10;

  private final byte[] bytes;
  private final int end;
  private int at;

  Cursor(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Cursor(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  int remaining() {
    return end - at;
  }

  /** Avro's int or long. */
  long number() throws Malformed {
    long zigzag = 0;
    for (int i = 0; i < MOST_VARINT_BYTES; i++) {
      if (at == end) {
        throw cutOff();
      }
      byte next = bytes[at++];
      zigzag |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return zigzag >>> 1 ^ -(zigzag & 1);
      }
    }
    throw new Malformed("a number", "at most ten bytes", "more");
  }

  int integer() throws Malformed {
    long number = number();
    if (number != (int) number) {
      throw new Malformed("a number", "one of 32 bits", number);
    }
    return (int) number;
  }

  String text() throws Malformed {
    ByteBuffer text = slice(length());
    return StandardCharsets.UTF_8.decode(text).toString();
  }

  /** Bytes of this length, or of none. */
  ByteBuffer bytes(int length) throws Malformed {
    int given = length();
    if (given != length && given != 0) {
      throw new Malformed("length", length, given);
    }
    return slice(given);
  }

  /** The next bytes. */
  ByteBuffer slice(int length) throws Malformed {
    return ByteBuffer.wrap(bytes, from(length), length).slice();
  }

  /** A part of its own. */
  Cursor part(int length) throws Malformed {
    int from = from(length);
    return new Cursor(bytes, from, from + length);
  }

  /** A record of this schema, as it stands, behind the framing that it was published with. */
  ByteBuffer framed(Schema schema, int id) throws Malformed {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, at, end - at, null);
    int from = at;
    try {
      GenericDatumReader.skip(schema, decoder);
      at = end - decoder.inputStream().available();
    } catch (IOException | RuntimeException e) {
      // Damaged bytes show as any of several exceptions of the decoder.
      throw new Malformed("event", "a record of " + schema.getFullName(), "other bytes");
    }
    return ByteBuffer.allocate(Wire.FRAMING_BYTES + at - from)
        .put((byte) 0)
        .putInt(id)
        .put(bytes, from, at - from)
        .flip();
  }

  private int length() throws Malformed {
    return integer();
  }

  private int from(int length) throws Malformed {
    if (length < 0 || length > end - at) {
      throw cutOff();
    }
    int from = at;
    at += length;
    return from;
  }

  private static Malformed cutOff() {
    return new Malformed("length", "more bytes", "the end");
  }
}
