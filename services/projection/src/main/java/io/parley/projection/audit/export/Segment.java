package io.parley.projection.audit.export;

import io.parley.projection.shape.Sha256;
import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Events on their way into one Avro Object Container File. In memory, in bounds: which schemas
 * stand in the file's header is known with its last event.
 */
final class Segment {
  /** What the types in a schema are called, and what each is, by the id of the schema. */
  private static final Map<Integer, Map<String, String>> TYPES = new ConcurrentHashMap<>();

  /** An event, and what stands before it. */
  static final class Item {
    private final byte[] head;
    private final byte[] framed;

    /**
     * An event that was not added yet.
     *
     * @param framed the event as it was published; nothing where it was erased
     */
    Item(byte[] head, byte[] framed) {
      this.head = head;
      this.framed = framed;
    }
  }

  private final Shape shape;
  private final List<Item> items = new ArrayList<>();
  private final Map<Integer, Schema> writers = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();
  private int bytes;

  Segment(Shape shape) {
    this.shape = shape;
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /**
   * Whether an event may stand here: there is room, and no name in its schema stands for something
   * else in another's, since a file has one meaning for each name.
   */
  boolean takes(Item item) {
    if (items.isEmpty()) {
      return true;
    }
    if (items.size() == Format.MOST_EVENTS
        || bytes + item.head.length + item.framed.length > Format.MOST_BYTES) {
      return false;
    }
    byte[] framed = item.framed;
    if (framed.length == 0 || writers.containsKey(Wire.schemaId(framed))) {
      return true;
    }
    return types(writer(framed)).entrySet().stream()
        .allMatch(
            type -> types.getOrDefault(type.getKey(), type.getValue()).equals(type.getValue()));
  }

  /** Adds an event. */
  void add(Item item) {
    byte[] framed = item.framed;
    if (framed.length > 0) {
      int id = Wire.schemaId(framed);
      if (!writers.containsKey(id)) {
        Schema writer = writer(framed);
        writers.put(id, writer);
        types.putAll(types(writer));
      }
    }
    items.add(item);
    bytes += item.head.length + framed.length;
  }

  /** The schemas that its events were written with. */
  Collection<Schema> writers() {
    return writers.values();
  }

  /** The file, which says nothing but what the events and its name say. */
  byte[] file(String name) {
    List<Schema> union = Shape.sorted(writers.values());
    Map<Integer, byte[]> branches = new HashMap<>();
    for (int i = 0; i < union.size(); i++) {
      branches.put(SchemaCatalog.id(union.get(i)), branch(i + 1));
    }
    Schema schema = shape.schema(union);
    ByteArrayOutputStream file = new ByteArrayOutputStream(bytes + (64 << 10));
    try (DataFileWriter<Object> out = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      out.create(schema, file, sync(name, items.getFirst().head));
      for (Item item : items) {
        out.appendEncoded(datum(item, branches));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return file.toByteArray();
  }

  private static ByteBuffer datum(Item item, Map<Integer, byte[]> branches) {
    if (item.framed.length == 0) {
      return joined(item.head, branch(0), item.framed, 0);
    }
    byte[] branch = branches.get(Wire.schemaId(item.framed));
    if (branch == null) {
      throw new IllegalStateException("each event's schema was noted when it was added");
    }
    // As it stands and not encoded anew: the digest is over these bytes.
    return joined(item.head, branch, item.framed, Wire.FRAMING_BYTES);
  }

  private static ByteBuffer joined(byte[] head, byte[] branch, byte[] framed, int from) {
    return ByteBuffer.allocate(head.length + branch.length + framed.length - from)
        .put(head)
        .put(branch)
        .put(framed, from, framed.length - from)
        .flip();
  }

  /** What stands between the file's blocks, at random as far as anybody could have guessed. */
  static byte[] sync(String name, byte[] firstHead) {
    MessageDigest sha = Sha256.begin();
    sha.update(name.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(sha.digest(firstHead), DataFileConstants.SYNC_SIZE);
  }

  private static byte[] branch(int index) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(2);
    try {
      BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(encoded, null);
      out.writeIndex(index);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return encoded.toByteArray();
  }

  private static Schema writer(byte[] framed) {
    int id = Wire.schemaId(framed);
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
