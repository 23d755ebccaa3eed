package io.parley.projection.audit.export;

import io.parley.projection.timeline.Chain;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** The two kinds of records in an export's segments: what stands before the event in each. */
final class Shape {
  private static final String NAMESPACE = "io.parley.export";

  /** Room for most heads; there may be longer ones. */
  private static final int HEAD_BYTES = 320;

  /** Of the timeline: the fields of a {@link TimelineEntry}, and the event itself for its bytes. */
  static final Shape TIMELINE =
      new Shape("TimelineEntry", "One event in the one settled order of its negotiation.", open());

  /** Of a restricted topic: where it stands, its hash, and the event. */
  static final Shape RESTRICTED = restricted(true);

  /** The same before there were hashes. */
  static final Shape UNCHAINED = restricted(false);

  private static final int ENTRY = SchemaCatalog.id(TimelineEntry.SCHEMA$);

  private final String name;
  private final String doc;
  private final List<Field> fields;

  private Shape(String name, String doc, List<Field> fields) {
    this.name = name;
    this.doc = doc;
    this.fields = fields;
  }

  private static Shape restricted(boolean chained) {
    Stream<Field> place =
        Stream.of(
            new Field("topic", Schema.create(Schema.Type.STRING), "Topic."),
            new Field("partition", Schema.create(Schema.Type.INT), "Partition of that topic."),
            new Field("offset", Schema.create(Schema.Type.LONG), "Offset in that partition."));
    Stream<Field> link =
        Stream.of(
            new Field(
                "recordedAt",
                Schema.create(Schema.Type.LONG),
                "When it was recorded, in milliseconds since 1970."),
            new Field(
                "hash",
                Schema.create(Schema.Type.BYTES),
                "SHA-256 over the hash of the aggregate's event before, recordedAt, type and event."));
    return new Shape(
        "RestrictedEvent",
        "One event of a restricted topic.",
        (chained ? Stream.concat(place, link) : place).toList());
  }

  private static List<Field> open() {
    Schema entry =
        SchemaCatalog.builtIn()
            .byId(SchemaCatalog.id(TimelineEntry.SCHEMA$))
            .orElse(TimelineEntry.SCHEMA$);
    return entry.getFields().subList(0, entry.getFields().size() - 1);
  }

  /** The schemas of a union, in its order. */
  static List<Schema> sorted(Collection<Schema> writers) {
    return writers.stream().sorted(Comparator.comparing(Schema::getFullName)).toList();
  }

  /** The schema of a segment in which events of these schemas stand, each as it was written. */
  Schema schema(Collection<Schema> writers) {
    List<Field> all = new ArrayList<>();
    fields.forEach(field -> all.add(new Field(field, field.schema())));
    List<Schema> union =
        Stream.concat(Stream.of(Schema.create(Schema.Type.NULL)), sorted(writers).stream())
            .toList();
    all.add(
        new Field(
            "event",
            Schema.createUnion(union),
            "The event, byte for byte as it was published; null where it was erased."));
    return Schema.createRecord(name, doc, NAMESPACE, false, all);
  }

  /**
   * A timeline's entry without its event: as it stands in its record, where that is of this schema.
   * What was read has no other encoding.
   */
  static ByteBuffer head(byte[] framed, TimelineEntry entry) {
    if (Wire.schemaId(framed) != ENTRY) {
      return head(entry);
    }
    int event = entry.event().remaining();
    int end = framed.length - event - lengthBytes(event);
    return ByteBuffer.wrap(framed, Wire.FRAMING_BYTES, end - Wire.FRAMING_BYTES);
  }

  /** How many bytes say a length: seven bits in each, one of them for the sign. */
  private static int lengthBytes(int length) {
    return (Integer.SIZE - Integer.numberOfLeadingZeros(2 * length | 1) + 6) / 7;
  }

  /** A timeline's entry without its event. */
  static ByteBuffer head(TimelineEntry entry) {
    return encoded(
        out -> {
          out.writeLong(entry.sequence());
          out.writeLong(entry.recordedAt().toEpochMilli());
          out.writeString(entry.negotiation());
          out.writeString(entry.service());
          out.writeString(entry.type());
          out.writeString(entry.aggregate());
          out.writeLong(entry.version());
          out.writeString(entry.sourceTopic());
          out.writeInt(entry.sourcePartition());
          out.writeLong(entry.sourceOffset());
          out.writeBytes(entry.previousHash().duplicate());
          out.writeBytes(entry.hash().duplicate());
          out.writeBytes(entry.digest().duplicate());
          out.writeBytes(entry.salt().duplicate());
        });
  }

  /** The same, read: an entry that still lacks its event. */
  static TimelineEntry entry(Cursor in) throws Malformed {
    return new TimelineEntry()
        .sequence(in.number())
        .recordedAt(Instant.ofEpochMilli(in.number()))
        .negotiation(in.text())
        .service(in.text())
        .type(in.text())
        .aggregate(in.text())
        .version(in.number())
        .sourceTopic(in.text())
        .sourcePartition(in.integer())
        .sourceOffset(in.number())
        .previousHash(in.bytes(Chain.HASH_BYTES))
        .hash(in.bytes(Chain.HASH_BYTES))
        .digest(in.bytes(Chain.HASH_BYTES))
        .salt(in.bytes(Chain.SALT_BYTES));
  }

  /**
   * Where a restricted event stands.
   *
   * @param recordedMillis when it was recorded, in milliseconds since 1970
   * @param hash that of its item's chain, in hexadecimal; empty before there were hashes
   */
  record Place(String topic, int partition, long offset, long recordedMillis, String hash) {
    ByteBuffer encode() {
      return encoded(
          out -> {
            out.writeString(topic);
            out.writeInt(partition);
            out.writeLong(offset);
            if (!hash.isEmpty()) {
              out.writeLong(recordedMillis);
              out.writeBytes(HexFormat.of().parseHex(hash));
            }
          });
    }

    static Place read(Cursor in, boolean chained) throws Malformed {
      String topic = in.text();
      int partition = in.integer();
      long offset = in.number();
      return chained
          ? new Place(topic, partition, offset, in.number(), Format.hex(in.bytes(Chain.HASH_BYTES)))
          : new Place(topic, partition, offset, 0, "");
    }
  }

  private interface Fields {
    void write(BinaryEncoder out) throws IOException;
  }

  private static ByteBuffer encoded(Fields fields) {
    Bytes bytes = new Bytes(HEAD_BYTES);
    try {
      BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.all();
  }
}
