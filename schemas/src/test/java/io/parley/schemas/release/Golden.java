package io.parley.schemas.release;

import io.parley.schemas.wire.SchemaCatalog;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Golden bytes: a sample record as it stands on a topic, and what it must decode to. */
final class Golden {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Golden() {}

  /** The record with its framing, written with its own schema. */
  static byte[] encode(GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int id = SchemaCatalog.id(record.getSchema());
    bytes.write(ByteBuffer.allocate(Wire.FRAMING_BYTES).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  /** What the record says, bytes as hex, timestamps as milliseconds. */
  static String json(GenericRecord record) {
    return pretty(tree(record).toString());
  }

  /** JSON on lines of their own, so that versions can be compared by eye. */
  static String pretty(String json) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json)) + "\n";
  }

  /** What is wrong with reading these bytes today, naming the field; null if nothing is. */
  static @Nullable String problem(byte[] bytes, String expected, Schema written, Schema read) {
    if (bytes.length < Wire.FRAMING_BYTES || Wire.schemaId(bytes) != SchemaCatalog.id(written)) {
      return "its framing does not name the released schema";
    }
    try {
      int length = bytes.length - Wire.FRAMING_BYTES;
      BinaryDecoder decoder =
          DecoderFactory.get().binaryDecoder(bytes, Wire.FRAMING_BYTES, length, null);
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(written, read).read(null, decoder);
      return decoder.isEnd()
          ? difference("", JSON.readTree(expected), tree(record))
          : "bytes are left over after it is decoded";
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      return "it does not decode: " + e;
    }
  }

  /** A field that is new today may be there beside what is expected; all else must be equal. */
  private static @Nullable String difference(
      String path, JsonNode expected, @Nullable JsonNode found) {
    if (expected instanceof ObjectNode object && found instanceof ObjectNode) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String problem =
            difference(path + "." + entry.getKey(), entry.getValue(), found.get(entry.getKey()));
        if (problem != null) {
          return problem;
        }
      }
      return null;
    }
    if (expected instanceof ArrayNode
        && found instanceof ArrayNode
        && expected.size() == found.size()) {
      for (int i = 0; i < expected.size(); i++) {
        String problem = difference(path + "[" + i + "]", expected.get(i), found.get(i));
        if (problem != null) {
          return problem;
        }
      }
      return null;
    }
    // Compared as text, since a small long comes back from JSON as an int.
    return found != null && expected.toString().equals(found.toString())
        ? null
        : "field " + path.substring(1) + " decodes to " + found + ", expected " + expected;
  }

  private static JsonNode tree(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case IndexedRecord record -> {
        ObjectNode object = NODES.objectNode();
        record
            .getSchema()
            .getFields()
            .forEach(f -> object.set(f.name(), tree(record.get(f.pos()))));
        yield object;
      }
      case Collection<?> items -> {
        ArrayNode array = NODES.arrayNode();
        List.copyOf(items).forEach(item -> array.add(tree(item)));
        yield array;
      }
      case Map<?, ?> map -> {
        ObjectNode object = NODES.objectNode();
        map.forEach((key, item) -> object.set(key.toString(), tree(item)));
        yield object;
      }
      case ByteBuffer bytes -> {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        yield NODES.stringNode(HexFormat.of().formatHex(copy));
      }
      case GenericFixed fixed -> NODES.stringNode(HexFormat.of().formatHex(fixed.bytes()));
      case Long number -> NODES.numberNode(number);
      case Integer number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case Float number -> NODES.numberNode(number);
      case Boolean truth -> NODES.booleanNode(truth);
      default -> NODES.stringNode(value.toString());
    };
  }
}
