package io.parley.journal.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads JSON as a record of the language, by the record's schema: unknown and missing fields,
 * types, lengths and formats are checked as the IDL's annotations say (schemas/README.md), and each
 * fault is named with its place.
 */
final class SchemaReader {
  static final int MAX_LENGTH = 500;
  static final int MAX_ITEMS = 100;
  private static final int MAX_DEPTH = 8;
  static final String UNRECOGNIZED = "UNRECOGNIZED";

  private final Faults faults;
  private int depth;

  SchemaReader(Faults faults) {
    this.faults = faults;
  }

  /** Reads an object's fields into a new record; {@code skipped} fields are read elsewhere. */
  SpecificRecord fields(Schema schema, JsonNode node, String pointer, Set<String> skipped) {
    SpecificRecord record =
        (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
    for (String name : node.propertyNames()) {
      if (schema.getField(name) == null && !skipped.contains(name)) {
        faults.add(Faults.child(pointer, name), "there is no such field in " + schema.getName());
      }
    }
    for (Schema.Field field : schema.getFields()) {
      if (!skipped.contains(field.name())) {
        field(record, field, node.get(field.name()), Faults.child(pointer, field.name()));
      }
    }
    together(schema, node, pointer);
    return record;
  }

  /** Reads a member of the body that may be absent; null where it is, or where it is faulty. */
  @Nullable Object optional(Schema schema, JsonNode body, String name) {
    return body.hasNonNull(name) ? value(schema, body.get(name), "/" + name) : null;
  }

  private void field(
      SpecificRecord record, Schema.Field field, @Nullable JsonNode node, String pointer) {
    boolean given = node != null && !node.isNull();
    if (given) {
      Object value = value(field.schema(), Objects.requireNonNull(node), pointer);
      if (value != null) {
        record.put(field.pos(), value);
      }
    } else if (!field.hasDefaultValue()) {
      faults.add(pointer, "is missing");
    }
  }

  /** Checks what the fields must be together: at least one, or exactly one, of some. */
  private void together(Schema schema, JsonNode node, String pointer) {
    long any = given(schema, node, "atLeastOne");
    if (any == 0) {
      faults.add(pointer, "at least one of " + schema.getObjectProp("atLeastOne") + " is needed");
    }
    long one = given(schema, node, "exactlyOne");
    if (one != -1 && one != 1) {
      faults.add(pointer, "exactly one of " + schema.getObjectProp("exactlyOne") + " is needed");
    }
  }

  /** How many of the fields in this property are given; -1 where the schema does not ask. */
  private static long given(Schema schema, JsonNode node, String property) {
    return schema.getObjectProp(property) instanceof List<?> names
        ? names.stream().filter(name -> node.hasNonNull(name.toString())).count()
        : -1;
  }

  /** Reads a value; null where it is faulty. */
  private @Nullable Object value(Schema schema, JsonNode node, String pointer) {
    return switch (schema.getType()) {
      case UNION -> value(nonNull(schema), node, pointer);
      case RECORD -> record(schema, node, pointer);
      case ARRAY -> array(schema, node, pointer);
      case STRING -> string(schema, node, pointer);
      case ENUM -> symbol(schema, node, pointer);
      case BOOLEAN ->
          node.isBoolean() ? node.booleanValue() : fault(pointer, "must be true or false");
      case LONG ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? node.longValue()
              : fault(pointer, "must be a whole number");
      default ->
          throw new IllegalStateException(
              "no JSON form for " + schema.getType() + " at " + pointer);
    };
  }

  private @Nullable Object record(Schema schema, JsonNode node, String pointer) {
    if (depth == MAX_DEPTH) {
      return fault(pointer, "is nested more than " + MAX_DEPTH + " deep");
    }
    String bare = schema.getProp("bare");
    depth++;
    try {
      if (bare != null && isBare(schema, bare, node)) {
        return bare(schema, schema.getField(bare), node, pointer);
      }
      if (!node.isObject()) {
        return fault(pointer, bare == null ? "must be an object" : "must be an object or an id");
      }
      return fields(schema, node, pointer, Set.of());
    } finally {
      depth--;
    }
  }

  /**
   * A string stands for a record that says so; and what stands for its bare field, stands for it
   * too.
   */
  private static boolean isBare(Schema schema, String bare, JsonNode node) {
    Schema inner = schema.getField(bare).schema();
    return node.isString()
        || (node.isObject() && inner.getType() == Schema.Type.RECORD && !node.has(bare));
  }

  private SpecificRecord bare(Schema schema, Schema.Field field, JsonNode node, String pointer) {
    SpecificRecord record =
        (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
    if (field.schema().getType() == Schema.Type.ARRAY) {
      Object item = value(field.schema().getElementType(), node, pointer);
      record.put(field.pos(), item == null ? new ArrayList<>() : new ArrayList<>(List.of(item)));
    } else {
      field(record, field, node, pointer);
    }
    return record;
  }

  private @Nullable Object array(Schema schema, JsonNode node, String pointer) {
    if (!node.isArray()) {
      return fault(pointer, "must be a list");
    }
    int least = number(schema, "minItems", 0);
    int most = number(schema, "maxItems", MAX_ITEMS);
    if (node.size() < least || node.size() > most) {
      return fault(pointer, "has " + node.size() + " items, it must be " + least + " to " + most);
    }
    List<Object> items = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      Object item = value(schema.getElementType(), node.get(i), pointer + "/" + i);
      if (item != null) {
        items.add(item);
      }
    }
    return items;
  }

  private @Nullable Object string(Schema schema, JsonNode node, String pointer) {
    if (!node.isString()) {
      return fault(pointer, "must be a string");
    }
    String text = node.stringValue();
    int most = number(schema, "maxLength", MAX_LENGTH);
    if (text.isBlank()) {
      return fault(pointer, "is empty");
    }
    if (text.length() > most) {
      return fault(pointer, "has " + text.length() + " characters, at most " + most);
    }
    if (text.indexOf('\0') >= 0 || hasLoneSurrogate(text)) {
      return fault(
          pointer, "holds a character that no text has: U+0000 or half of a surrogate pair");
    }
    String format = schema.getProp("format");
    String wrong = format == null ? null : Formats.fault(format, text);
    return wrong == null ? text : fault(pointer, "'" + shown(text) + "': " + wrong);
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  private @Nullable Object symbol(Schema schema, JsonNode node, String pointer) {
    String text = node.isString() ? node.stringValue() : "";
    if (!schema.hasEnumSymbol(text) || text.equals(UNRECOGNIZED)) {
      List<String> symbols =
          schema.getEnumSymbols().stream().filter(symbol -> !symbol.equals(UNRECOGNIZED)).toList();
      return fault(pointer, "must be one of " + String.join(", ", symbols));
    }
    return SpecificData.get().createEnum(text, schema);
  }

  private @Nullable Object fault(String pointer, String detail) {
    faults.add(pointer, detail);
    return null;
  }

  private static String shown(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static Schema nonNull(Schema union) {
    return union.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static int number(Schema schema, String property, int otherwise) {
    return schema.getObjectProp(property) instanceof Number number ? number.intValue() : otherwise;
  }
}
