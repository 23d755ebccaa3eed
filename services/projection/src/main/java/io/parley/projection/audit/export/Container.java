package io.parley.projection.audit.export;

import io.parley.schemas.wire.SchemaCatalog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.file.DataFileConstants;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Segment}'s file block by block, each event's bytes as they stand. Holds every byte
 * of it against what a segment would write, but the words in its schemas, which a later version may
 * choose better.
 */
final class Container {
  private static final String MAGIC = HexFormat.of().formatHex(DataFileConstants.MAGIC);

  private final Cursor file;
  private final String name;
  private final ByteBuffer sync;
  private final List<Schema> writers = new ArrayList<>();

  /**
   * Their ids, in the same order: to make one from its schema takes longer than to read an event.
   */
  private final List<Integer> ids = new ArrayList<>();

  private final BitSet used = new BitSet();
  private @Nullable Cursor block;
  private long left;

  /** Events are of a schema that this build has not: of a later version, or of nobody. */
  static final class UnknownSchema extends Exception {
    private static final long serialVersionUID = 1L;

    private final String schema;

    UnknownSchema(String schema) {
      super(schema, null, false, false);
      this.schema = schema;
    }

    /** Its name and id. */
    String schema() {
      return schema;
    }
  }

  /** Opens a file: reads its header. */
  Container(String name, byte[] bytes, Shape shape) throws Malformed, UnknownSchema {
    this.file = new Cursor(bytes);
    this.name = name;
    same("magic", MAGIC, Format.hex(file.slice(DataFileConstants.MAGIC.length)));
    same("number of header entries", 1L, file.number());
    same("header entry", DataFileConstants.SCHEMA, file.text());
    schema(file.text(), shape);
    same("number of header entries", 0L, file.number());
    sync = file.slice(DataFileConstants.SYNC_SIZE);
  }

  private void schema(String text, Shape shape) throws Malformed, UnknownSchema {
    Schema found = parsed(text);
    Schema.Field event = found.getType() == Schema.Type.RECORD ? found.getField("event") : null;
    if (event == null || event.schema().getType() != Schema.Type.UNION) {
      throw new Malformed("schema", "a record with a union 'event'", found.getType());
    }
    for (Schema branch : event.schema().getTypes()) {
      if (branch.getType() != Schema.Type.NULL) {
        Schema writer = known(branch);
        writers.add(writer);
        ids.add(SchemaCatalog.id(writer));
      }
    }
    same(
        "schema",
        SchemaNormalization.toParsingForm(shape.schema(writers)),
        SchemaNormalization.toParsingForm(found));
  }

  /** The schema with this text. */
  static Schema parsed(String text) throws Malformed {
    try {
      return new Schema.Parser().parse(text);
    } catch (RuntimeException e) {
      throw new Malformed("schema", "an Avro schema", text);
    }
  }

  /** What this build knows by the schema's id, which is made from the schema itself. */
  private static Schema known(Schema schema) throws UnknownSchema {
    int id = SchemaCatalog.id(schema);
    return SchemaCatalog.builtIn()
        .byId(id)
        .orElseThrow(() -> new UnknownSchema(schema.getFullName() + "-" + id));
  }

  /** The schemas of its events, in the order of the union. */
  List<Schema> writers() {
    return writers;
  }

  /** Where the head of the next event can be read; null where there is no more. */
  @Nullable Cursor next() throws Malformed {
    Cursor current = block;
    if (current != null && left == 0) {
      same("bytes behind the last event of a block", 0, current.remaining());
      same("sync marker", Format.hex(sync), Format.hex(file.slice(DataFileConstants.SYNC_SIZE)));
      current = null;
    }
    if (current == null) {
      if (file.remaining() == 0) {
        same("schemas that events have", writers.size(), used.cardinality());
        return null;
      }
      left = file.number();
      if (left < 1) {
        throw new Malformed("events of a block", "1 or more", left);
      }
      current = file.part(file.integer());
      block = current;
    }
    left--;
    return current;
  }

  /** The event behind a head that was read, as it was published; empty where it was erased. */
  ByteBuffer event(Cursor behind) throws Malformed {
    int branch = behind.integer();
    if (branch == 0) {
      return ByteBuffer.allocate(0);
    }
    if (branch < 0 || branch > writers.size()) {
      throw new Malformed("branch of the union", "0 to " + writers.size(), branch);
    }
    used.set(branch);
    return behind.framed(writers.get(branch - 1), ids.get(branch - 1));
  }

  /** Checks the marker between the blocks, once the first head is known. */
  void checkSync(ByteBuffer firstHead) throws Malformed {
    same("sync marker", HexFormat.of().formatHex(Segment.sync(name, firstHead)), Format.hex(sync));
  }

  private static void same(String what, Object expected, Object found) throws Malformed {
    if (!expected.equals(found)) {
      throw new Malformed(what, expected, found);
    }
  }
}
