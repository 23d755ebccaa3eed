package io.parley.projection.entries;

import io.parley.projection.projector.Bodies;
import io.parley.projection.shape.EventJson;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.wire.Wire;
import io.r2dbc.spi.Readable;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.avro.AvroRuntimeException;
import tools.jackson.core.JsonGenerator;

/**
 * An entry as its row has it ({@link TimelineLog}), and as it is answered: what the row says, and
 * the event's own fields.
 *
 * @param framed the event's bytes as they were published
 */
record TimelineItem(
    long sequence,
    Instant recordedAt,
    String service,
    String type,
    String aggregate,
    long version,
    String author,
    String previousHash,
    String hash,
    ByteBuffer framed) {
  /** What {@link #read} reads. */
  static final String COLUMNS =
      "t.sequence, t.recorded_ms, t.service, t.type, t.aggregate, t.version, t.author,"
          + " t.previous_hash, t.hash, t.event";

  /** Reads the columns of a row of which the first is another's. */
  static TimelineItem read(Readable row) {
    return new TimelineItem(
        row.get(1, Long.class),
        Instant.ofEpochMilli(row.get(2, Long.class)),
        row.get(3, String.class),
        row.get(4, String.class),
        row.get(5, String.class),
        row.get(6, Long.class),
        row.get(7, String.class),
        row.get(8, String.class),
        row.get(9, String.class),
        row.get(10, ByteBuffer.class));
  }

  /**
   * The item as JSON.
   *
   * @param shown its author as who asks may see him (rule 30)
   * @throws AvroRuntimeException where the row holds no event
   */
  String json(Authors.Shown shown) {
    Event event = Wire.event(framed);
    EventHeader header = event.header();
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Bodies.JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeNumberProperty("sequence", sequence);
      out.writeStringProperty("id", header.id());
      out.writeStringProperty("type", type);
      out.writeStringProperty("service", service);
      out.writeStringProperty("aggregate", aggregate);
      out.writeNumberProperty("version", version);
      out.writeStringProperty("recordedAt", recordedAt.toString());
      out.writeName("occurred");
      EventJson.value(header.occurred(), out);
      out.writeName("asserted");
      EventJson.value(header.asserted(), out);
      out.writeName("source");
      EventJson.value(header.source(), out);
      out.writeName("data");
      EventJson.data(event, out);
      out.writeStringProperty("previousHash", previousHash);
      out.writeStringProperty("hash", hash);
      out.writeStringProperty("author", shown.name(author));
      out.writeEndObject();
    }
    return text.toString();
  }
}
