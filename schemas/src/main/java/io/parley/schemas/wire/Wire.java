package io.parley.schemas.wire;

import io.parley.schemas.Event;
import io.parley.schemas.avro.AvroBytes;
import io.parley.schemas.avro.AvroRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * The one wire format: a zero byte, four bytes of schema id, Avro binary. Kafka's tools and clients
 * of other makes read it with a schema registry; the desk serves the registry's read paths from
 * {@link SchemaCatalog} (ADR 3).
 */
public final class Wire {
  /** Bytes before the Avro payload: the zero byte and the schema id. */
  public static final int FRAMING_BYTES = 5;

  private static final Map<Schema, Format> WRITERS = new ConcurrentHashMap<>();
  private static final Map<Integer, Reader> READERS = new ConcurrentHashMap<>();

  private Wire() {}

  /**
   * Writes a record with its framing. A required field that is not set is an {@link
   * AvroRuntimeException}.
   */
  public static byte[] encode(SpecificRecord record) {
    Schema schema = record.getSchema();
    Format format = WRITERS.get(schema);
    if (format == null) {
      format = WRITERS.computeIfAbsent(schema, Format::of);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try {
      bytes.write(0);
      bytes.write(format.id >>> 24);
      bytes.write(format.id >>> 16);
      bytes.write(format.id >>> 8);
      bytes.write(format.id);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      format.writer.write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + schema.getFullName() + " to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a framed record of any schema in the catalog, as the class that this build has for it.
   * Bytes that are not framed, of an unknown schema, cut off, or more than the record, are an
   * {@link AvroRuntimeException} that says which.
   */
  public static SpecificRecord decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** The same of what remains in a buffer, which stays as it is. */
  public static SpecificRecord decode(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      return decode(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return decode(copy);
  }

  private static SpecificRecord decode(byte[] bytes, int from, int length) {
    int id = schemaId(bytes, from, length);
    Reader reader = READERS.get(id);
    if (reader == null) {
      reader = READERS.computeIfAbsent(id, Wire::reader);
    }
    try {
      return reader.read(bytes, from + FRAMING_BYTES, from + length);
    } catch (IOException | AvroRuntimeException e) {
      throw new AvroRuntimeException("a record of schema " + id + " is cut off or damaged", e);
    }
  }

  /** Reads a framed record that must be of this class. */
  public static <T extends SpecificRecord> T decode(byte[] bytes, Class<T> type) {
    SpecificRecord record = decode(bytes);
    if (!type.isInstance(record)) {
      throw new AvroRuntimeException(
          "expected " + type.getName() + ", found " + record.getSchema().getFullName());
    }
    return type.cast(record);
  }

  /** Reads a framed record that must be an event; the buffer stays as it is. */
  public static Event event(ByteBuffer bytes) {
    SpecificRecord record = decode(bytes);
    if (record instanceof Event event) {
      return event;
    }
    throw new AvroRuntimeException("expected an event, found " + record.getSchema().getFullName());
  }

  /** The schema id in a record's framing. */
  public static int schemaId(byte[] bytes) {
    return schemaId(bytes, 0, bytes.length);
  }

  /** The same of what remains in a buffer, which stays as it is. */
  public static int schemaId(ByteBuffer bytes) {
    byte[] framing = new byte[Math.min(FRAMING_BYTES, bytes.remaining())];
    bytes.get(bytes.position(), framing);
    return schemaId(framing);
  }

  private static int schemaId(byte[] bytes, int from, int length) {
    if (length < FRAMING_BYTES || bytes[from] != 0) {
      throw new AvroRuntimeException(
          "not framed: " + length + " bytes that do not begin with a zero byte and an id");
    }
    return (bytes[from + 1] & 0xff) << 24
        | (bytes[from + 2] & 0xff) << 16
        | (bytes[from + 3] & 0xff) << 8
        | (bytes[from + 4] & 0xff);
  }

  /** Reads a record from some index (inclusive) to another (exclusive), to the last byte. */
  private interface Reader {
    SpecificRecord read(byte[] bytes, int from, int end) throws IOException;
  }

  private static Reader reader(int id) {
    Schema written =
        SchemaCatalog.builtIn()
            .byId(id)
            .orElseThrow(() -> new AvroRuntimeException("no schema of this build has id " + id));
    Class<?> type = SpecificData.get().getClass(written);
    Schema read = SpecificData.get().getSchema(type);
    return SchemaCatalog.id(read) == id ? own(type, read) : older(type, read, written);
  }

  /** Of this build's own schema: the record reads itself (ADR 20). */
  private static Reader own(Class<?> type, Schema schema) {
    return (bytes, from, end) -> {
      AvroBytes in = new AvroBytes(bytes, from, end);
      AvroRecord record = in.record((AvroRecord) SpecificData.newInstance(type, schema));
      whole(in.remaining());
      return record;
    };
  }

  /** Of another: Avro finds what is where, and what has a default. */
  private static Reader older(Class<?> type, Schema schema, Schema written) {
    SpecificDatumReader<SpecificRecord> reader =
        new SpecificDatumReader<>(written, schema, SpecificData.getForClass(type));
    return (bytes, from, end) -> {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, from, end - from, null);
      SpecificRecord record = reader.read(null, decoder);
      whole(decoder.isEnd() ? 0 : decoder.inputStream().available());
      return record;
    };
  }

  /** What follows would be hashed and handed on as if it were of the record, and nobody read it. */
  private static void whole(int rest) {
    if (rest != 0) {
      throw new AvroRuntimeException(rest + " bytes follow behind it");
    }
  }

  private record Format(int id, SpecificDatumWriter<SpecificRecord> writer) {
    static Format of(Schema schema) {
      return new Format(
          SchemaCatalog.id(schema),
          new SpecificDatumWriter<>(schema, SpecificData.getForSchema(schema)));
    }
  }
}
