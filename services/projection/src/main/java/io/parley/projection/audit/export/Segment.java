package io.parley.projection.audit.export;

import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Sha256;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;

/**
 * Events on their way into one Avro Object Container File. In memory, in bounds: which schemas
 * stand in the file's header is known with its last event. Used again for the segment that follows:
 * what is as long as a segment is made once.
 */
final class Segment {
  /** What the types in a schema are called, and what each is, by the id of the schema. */
  private static final Map<Integer, Map<String, String>> TYPES = new ConcurrentHashMap<>();

  /** The index of an event's schema in the file's union is one byte: Avro's for 0 to 63. */
  private static final int MOST_SCHEMAS = 63;

  /** In place of the id of a schema, which is none. */
  private static final int ERASED = -1;

  /**
   * An event, and what stands before it.
   *
   * @param framed the event as it was published; nothing where it was erased
   */
  record Item(ByteBuffer head, ByteBuffer framed) {
    int bytes() {
      return head.remaining() + framed.remaining();
    }
  }

  private final Shape shape;
  private final Map<Integer, Schema> writers = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();

  /** One after the other: head, a byte for the schema's index, the event without its framing. */
  private final Bytes events = new Bytes(1 << 16);

  private int[] indexAt = new int[64];
  private int[] endsAt = new int[64];
  private int[] schemas = new int[64];
  private int count;
  private int bytes;
  private ByteBuffer firstHead = ByteBuffer.allocate(0);

  Segment(Shape shape) {
    this.shape = shape;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Whether an event may stand here: there is room, and no name in its schema stands for something
   * else in another's, since a file has one meaning for each name.
   */
  boolean takes(Item item) {
    if (isEmpty()) {
      return true;
    }
    if (count == Format.MOST_EVENTS || bytes + item.bytes() > Format.MOST_BYTES) {
      return false;
    }
    int id = id(item);
    if (id == ERASED || writers.containsKey(id)) {
      return true;
    }
    return writers.size() < MOST_SCHEMAS
        && types(writer(id)).entrySet().stream()
            .allMatch(
                type -> types.getOrDefault(type.getKey(), type.getValue()).equals(type.getValue()));
  }

  /** Adds an event. */
  void add(Item item) {
    int id = id(item);
    if (id != ERASED && !writers.containsKey(id)) {
      Schema writer = writer(id);
      writers.put(id, writer);
      types.putAll(types(writer));
    }
    if (isEmpty()) {
      firstHead = item.head;
    }
    if (count == schemas.length) {
      indexAt = Arrays.copyOf(indexAt, 2 * count);
      endsAt = Arrays.copyOf(endsAt, 2 * count);
      schemas = Arrays.copyOf(schemas, 2 * count);
    }
    schemas[count] = id;
    events.add(item.head);
    indexAt[count] = events.size();
    events.write(0);
    if (id != ERASED) {
      // As it stands and not encoded anew: the digest is over these bytes.
      events.add(item.framed, Wire.FRAMING_BYTES);
    }
    endsAt[count] = events.size();
    count++;
    bytes += item.bytes();
  }

  /** Forgets its events. */
  void clear() {
    events.reset();
    writers.clear();
    types.clear();
    count = 0;
    bytes = 0;
  }

  /** The schemas that its events were written with. */
  Collection<Schema> writers() {
    return writers.values();
  }

  /** Writes the file, which says nothing but what the events and its name say. */
  void write(String name, Bytes file) {
    List<Schema> union = Shape.sorted(writers.values());
    Map<Integer, Integer> indices = new HashMap<>();
    indices.put(ERASED, 0);
    for (int i = 0; i < union.size(); i++) {
      indices.put(SchemaCatalog.id(union.get(i)), i + 1);
    }
    Schema schema = shape.schema(union);
    try (DataFileWriter<Object> out = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      out.create(schema, file, sync(name, firstHead));
      int from = 0;
      for (int i = 0; i < count; i++) {
        events.set(indexAt[i], zigzag(Objects.requireNonNull(indices.get(schemas[i]))));
        out.appendEncoded(events.part(from, endsAt[i]));
        from = endsAt[i];
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static byte zigzag(int index) {
    return (byte) (index << 1);
  }

  /** What stands between the file's blocks, at random as far as anybody could have guessed. */
  static byte[] sync(String name, ByteBuffer firstHead) {
    MessageDigest sha = Sha256.begin();
    sha.update(name.getBytes(StandardCharsets.UTF_8));
    sha.update(firstHead.duplicate());
    return Arrays.copyOf(sha.digest(), DataFileConstants.SYNC_SIZE);
  }

  private static int id(Item item) {
    return item.framed.hasRemaining() ? Wire.schemaId(item.framed) : ERASED;
  }

  private static Schema writer(int id) {
    return SchemaCatalog.builtIn()
        .byId(id)
        .orElseThrow(() -> new IllegalArgumentException("no schema of this build has id " + id));
  }

  private static Map<String, String> types(Schema writer) {
    return TYPES.computeIfAbsent(
        SchemaCatalog.id(writer),
        id -> {
          Map<String, String> found = new HashMap<>();
          collect(writer, found);
          return Map.copyOf(found);
        });
  }

  private static void collect(Schema schema, Map<String, String> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.put(schema.getFullName(), SchemaNormalization.toParsingForm(schema)) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM, FIXED ->
          found.put(schema.getFullName(), SchemaNormalization.toParsingForm(schema));
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, found));
      case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
    }
  }
}
