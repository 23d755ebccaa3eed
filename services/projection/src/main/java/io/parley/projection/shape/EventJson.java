package io.parley.projection.shape;

import io.parley.schemas.TemporalValue;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * An event's fields as JSON: names as in the schema, unions bare, instants as RFC 3339, temporal
 * values with their bounds.
 */
public final class EventJson {
  /** The names of a schema's fields, quoted and encoded once. */
  private static final Map<Schema, List<SerializedString>> NAMES = new ConcurrentHashMap<>();

  private EventJson() {}

  /** Writes an event's own fields, without its header, as an object. */
  public static void data(SpecificRecord event, JsonGenerator out) {
    data(event, out, rest -> {});
  }

  /** The same, with whatever else is to stand beside them. */
  public static void data(SpecificRecord event, JsonGenerator out, Consumer<JsonGenerator> beside) {
    out.writeStartObject();
    fields(event, name -> !name.equals("header"), out);
    beside.accept(out);
    out.writeEndObject();
  }

  /** Writes a value of an event: a record, a list, a scalar or null. */
  public static void value(@Nullable Object value, JsonGenerator out) {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Enum<?> word -> out.writeString(word.name());
      case Long number -> out.writeNumber(number);
      case Integer number -> out.writeNumber(number);
      case Boolean truth -> out.writeBoolean(truth);
      case Instant instant -> out.writeString(instant.toString());
      case TemporalValue temporal -> temporal(temporal, out);
      case SpecificRecord inner -> record(inner, out);
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(each -> value(each, out));
        out.writeEndArray();
      }
      case ByteBuffer bytes -> out.writeString(Base64.getEncoder().encodeToString(bytes(bytes)));
      default ->
          throw new IllegalStateException("no JSON for a field of " + value.getClass().getName());
    }
  }

  private static void record(SpecificRecord record, JsonGenerator out) {
    out.writeStartObject();
    fields(record, name -> true, out);
    out.writeEndObject();
  }

  private static void fields(SpecificRecord record, Predicate<String> are, JsonGenerator out) {
    List<SerializedString> names =
        NAMES.computeIfAbsent(
            record.getSchema(),
            schema ->
                schema.getFields().stream()
                    .map(field -> new SerializedString(field.name()))
                    .toList());
    for (int i = 0; i < names.size(); i++) {
      if (are.test(names.get(i).getValue())) {
        out.writeName(names.get(i));
        value(record.get(i), out);
      }
    }
  }

  private static void temporal(TemporalValue value, JsonGenerator out) {
    Temporal bounded = Temporal.of(value);
    out.writeStartObject();
    fields(value, name -> true, out);
    out.writeName("earliest");
    value(bounded == null ? null : bounded.earliest(), out);
    out.writeName("latest");
    value(bounded == null ? null : bounded.latest(), out);
    out.writeEndObject();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
