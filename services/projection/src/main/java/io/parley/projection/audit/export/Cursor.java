package io.parley.projection.audit.export;

import io.parley.schemas.avro.AvroBytes;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Reads a file of Avro that anybody may have made: what is none is {@link Malformed}. */
final class Cursor {
  private final AvroBytes in;

  Cursor(byte[] bytes) {
    this(new AvroBytes(bytes));
  }

  private Cursor(AvroBytes in) {
    this.in = in;
  }

  int remaining() {
    return in.remaining();
  }

  /** Avro's int or long. */
  long number() throws Malformed {
    return read("a number", AvroBytes::number);
  }

  int integer() throws Malformed {
    return read("a number", AvroBytes::integer);
  }

  String text() throws Malformed {
    return read("a text", AvroBytes::text);
  }

  /** Bytes of this length, or of none. */
  ByteBuffer bytes(int length) throws Malformed {
    int given = read("a length", AvroBytes::length);
    if (given != length && given != 0) {
      throw new Malformed("length", length, given);
    }
    return slice(given);
  }

  /** The next bytes. */
  ByteBuffer slice(int length) throws Malformed {
    return read("bytes", from -> from.slice(length));
  }

  /** A part of its own. */
  Cursor part(int length) throws Malformed {
    AvroBytes part = read("bytes", from -> from.part(length));
    return new Cursor(part);
  }

  /** A record of this schema, as it stands, behind the framing that it was published with. */
  ByteBuffer framed(Schema schema, int id) throws Malformed {
    ByteBuffer rest = in.rest();
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(rest.array(), rest.arrayOffset(), rest.remaining(), null);
    int length;
    try {
      GenericDatumReader.skip(schema, decoder);
      length = rest.remaining() - decoder.inputStream().available();
    } catch (IOException | RuntimeException e) {
      // Damaged bytes show as any of several exceptions of the decoder.
      throw new Malformed("event", "a record of " + schema.getFullName(), "other bytes");
    }
    return ByteBuffer.allocate(Wire.FRAMING_BYTES + length)
        .put((byte) 0)
        .putInt(id)
        .put(slice(length))
        .flip();
  }

  private <T> T read(String what, Function<AvroBytes, T> value) throws Malformed {
    try {
      return value.apply(in);
    } catch (AvroRuntimeException e) {
      throw new Malformed("Avro", what, String.valueOf(e.getMessage()));
    }
  }
}
