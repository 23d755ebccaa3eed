package io.parley.schemas.release;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes one record of any schema, always the same one. Values count up, so that two swapped fields
 * show.
 */
public final class Samples {
  private static final long FIRST_MILLIS = 1_747_303_200_000L;
  private static final Map<String, String> BY_FORMAT =
      Map.of(
          "edtf", "2025-05-15",
          "zone", "Europe/Istanbul",
          "url", "https://example.org/",
          "language", "en");

  private final boolean full;
  private final Deque<String> inside = new ArrayDeque<>();
  private int count;

  private Samples(boolean full) {
    this.full = full;
  }

  /** Every field is set, to something other than its default. */
  public static GenericRecord full(Schema schema) {
    return new Samples(true).record(schema);
  }

  /** Only what has no default is set. */
  public static GenericRecord required(Schema schema) {
    return new Samples(false).record(schema);
  }

  private GenericRecord record(Schema schema) {
    inside.push(schema.getFullName());
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      boolean set = full || !field.hasDefaultValue();
      record.put(
          field.pos(),
          set ? value(field.schema(), field) : GenericData.get().getDefaultValue(field));
    }
    inside.pop();
    return record;
  }

  private @Nullable Object value(Schema schema, Schema.Field field) {
    count++;
    return switch (schema.getType()) {
      case RECORD -> record(schema);
      case ENUM -> symbol(schema, field);
      case ARRAY ->
          nestsTooDeep(schema.getElementType())
              ? List.of()
              : List.of(
                  Objects.requireNonNull(value(schema.getElementType(), field)),
                  Objects.requireNonNull(value(schema.getElementType(), field)));
      case MAP ->
          Map.of("key" + count, Objects.requireNonNull(value(schema.getValueType(), field)));
      case UNION -> branch(schema, field);
      case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
      case STRING -> text(schema, field);
      case BYTES -> ByteBuffer.wrap(bytes(4));
      case INT -> count;
      case LONG ->
          schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? FIRST_MILLIS + count
              : (long) count;
      case FLOAT -> count + 0.5f;
      case DOUBLE -> count + 0.5;
      case BOOLEAN -> !(field.hasDefaultValue() && Boolean.TRUE.equals(field.defaultVal()));
      case NULL -> null;
    };
  }

  private @Nullable Object branch(Schema union, Schema.Field field) {
    for (Schema branch : union.getTypes()) {
      if (branch.getType() != Schema.Type.NULL && !nestsTooDeep(branch)) {
        return value(branch, field);
      }
    }
    return null;
  }

  /** A place lies within a place, which lies within no other. */
  private boolean nestsTooDeep(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && inside.stream().filter(schema.getFullName()::equals).count() > 1;
  }

  private Object symbol(Schema schema, Schema.Field field) {
    List<String> symbols =
        schema.getEnumSymbols().stream()
            .filter(s -> !s.equals(schema.getEnumDefault()))
            .filter(s -> !(field.hasDefaultValue() && s.equals(field.defaultVal())))
            .toList();
    String symbol =
        symbols.isEmpty()
            ? schema.getEnumSymbols().getFirst()
            : symbols.get(count % symbols.size());
    return new GenericData.EnumSymbol(schema, symbol);
  }

  private String text(Schema schema, Schema.Field field) {
    String known = BY_FORMAT.get(Objects.toString(schema.getObjectProp("format"), ""));
    return known != null ? known : field.name().toLowerCase(java.util.Locale.ROOT) + "-" + count;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (count + i);
    }
    return bytes;
  }
}
