package io.parley.desk;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A command with all that its schema requires and no more, about what one party owns. */
final class SampleCommand {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> BY_FORMAT =
      Map.of(
          "scope", "talks",
          "subject", "meeting:m-1",
          "reference", "meeting:m-1",
          "field", "start",
          "zone", "Europe/Istanbul",
          "url", "https://example.org/",
          "language", "en",
          "instant", "2099-01-01T00:00:00Z",
          "edtf", "2025-05-15");

  private final String party;
  private final String otherParty;

  private SampleCommand(String party, String otherParty) {
    this.party = party;
    this.otherParty = otherParty;
  }

  /** The body of a command of a negotiation. */
  static String of(Schema schema, String negotiation, String party, String otherParty) {
    SampleCommand sample = new SampleCommand(party, otherParty);
    ObjectNode body = JSON.createObjectNode();
    body.put("type", schema.getName()).put("negotiation", negotiation);
    body.putObject("source")
        .putArray("chain")
        .addObject()
        .put("name", "A")
        .put("role", "PUBLISHER");
    sample.fields(schema, body);
    return body.toString();
  }

  private void fields(Schema schema, ObjectNode into) {
    List<String> asked = together(schema);
    for (Schema.Field field : schema.getFields()) {
      boolean required = !field.hasDefaultValue() || asked.contains(field.name());
      if (required && !field.name().equals("header")) {
        into.set(field.name(), value(field.schema(), field.name()));
      }
    }
  }

  /** One of those of which at least or exactly one must be there. */
  private static List<String> together(Schema schema) {
    return java.util.stream.Stream.of("atLeastOne", "exactlyOne")
        .map(schema::getObjectProp)
        .filter(List.class::isInstance)
        .map(names -> String.valueOf(((List<?>) names).getFirst()))
        .collect(Collectors.toList());
  }

  private tools.jackson.databind.JsonNode value(Schema schema, String name) {
    return switch (schema.getType()) {
      case UNION ->
          value(
              schema.getTypes().stream()
                  .filter(type -> type.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow(),
              name);
      case RECORD -> {
        String bare = schema.getProp("bare");
        if (bare != null) {
          Schema inner = schema.getField(bare).schema();
          yield value(inner.getType() == Schema.Type.ARRAY ? inner.getElementType() : inner, name);
        }
        ObjectNode object = JSON.createObjectNode();
        fields(schema, object);
        yield object;
      }
      case ARRAY -> {
        ArrayNode array = JSON.createArrayNode();
        int least = schema.getObjectProp("minItems") instanceof Number n ? n.intValue() : 0;
        for (int i = 0; i < least; i++) {
          array.add(value(schema.getElementType(), name));
        }
        yield array;
      }
      case ENUM -> JSON.getNodeFactory().stringNode(schema.getEnumSymbols().getFirst());
      case BOOLEAN -> JSON.getNodeFactory().booleanNode(true);
      case LONG -> JSON.getNodeFactory().numberNode(1L);
      case STRING -> JSON.getNodeFactory().stringNode(text(schema, name));
      default -> throw new AssertionError("no sample of " + schema.getType());
    };
  }

  private String text(Schema schema, String name) {
    String format = schema.getProp("format");
    if (format == null || format.equals("slug")) {
      return switch (name) {
        case "party", "from" -> party;
        case "to" -> otherParty;
        case "announcement" -> party + "-1";
        default -> name.toLowerCase(java.util.Locale.ROOT) + "-1";
      };
    }
    return Objects.requireNonNull(BY_FORMAT.get(format), format);
  }
}
