package io.parley.journal.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The JSON that {@link SchemaReader} takes, as OpenAPI schemas, from the same records and
 * annotations: what is described is what is checked.
 */
final class SchemaDocs {
  private final Components components;

  SchemaDocs(Components components) {
    this.components = components;
  }

  /** Describes a record under its name, once; what it is made of too. */
  void add(Schema record, Set<String> left, List<Field> more) {
    if (components.getSchemas() != null && components.getSchemas().containsKey(record.getName())) {
      return;
    }
    ObjectSchema object = new ObjectSchema();
    object.description(record.getDoc()).additionalProperties(false);
    components.addSchemas(record.getName(), object);
    more.forEach(field -> object.addProperty(field.name(), field.schema()));
    more.stream().filter(Field::required).forEach(field -> object.addRequiredItem(field.name()));
    for (Schema.Field field : record.getFields()) {
      if (!left.contains(field.name())) {
        object.addProperty(field.name(), of(field.schema()).description(field.doc()));
        if (!field.hasDefaultValue()) {
          object.addRequiredItem(field.name());
        }
      }
    }
  }

  /** A field that is not in the record. */
  record Field(String name, io.swagger.v3.oas.models.media.Schema<?> schema, boolean required) {}

  io.swagger.v3.oas.models.media.Schema<?> of(Schema schema) {
    return switch (schema.getType()) {
      case UNION ->
          of(
              schema.getTypes().stream()
                  .filter(t -> t.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow());
      case RECORD -> reference(schema);
      case ARRAY ->
          new ArraySchema()
              .items(of(schema.getElementType()))
              .minItems(number(schema, "minItems", 0))
              .maxItems(number(schema, "maxItems", SchemaReader.MAX_ITEMS));
      case STRING ->
          new StringSchema()
              .format(schema.getProp("format"))
              .minLength(1)
              .maxLength(number(schema, "maxLength", SchemaReader.MAX_LENGTH));
      case ENUM ->
          new StringSchema()
              ._enum(
                  schema.getEnumSymbols().stream()
                      .filter(s -> !s.equals(SchemaReader.UNRECOGNIZED))
                      .toList());
      case BOOLEAN -> new BooleanSchema();
      default -> new IntegerSchema().format("int64");
    };
  }

  /** A record, or what may stand for it: the value of its bare field alone. */
  private io.swagger.v3.oas.models.media.Schema<?> reference(Schema record) {
    add(record, Set.of(), List.of());
    var object = new io.swagger.v3.oas.models.media.Schema<>();
    object.set$ref("#/components/schemas/" + record.getName());
    if (record.getProp("bare") == null) {
      return object;
    }
    var either = new io.swagger.v3.oas.models.media.Schema<>();
    either.oneOf(List.of(object, new StringSchema()));
    return either;
  }

  private static int number(Schema schema, String property, int otherwise) {
    return schema.getObjectProp(property) instanceof Number number ? number.intValue() : otherwise;
  }
}
