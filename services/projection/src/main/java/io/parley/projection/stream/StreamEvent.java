package io.parley.projection.stream;

import io.parley.projection.projector.Bodies;
import io.parley.projection.shape.EventJson;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * One record of the timeline on its way to subscribers. It is decoded and encoded once, and only if
 * somebody wants it: a negotiation is known by the record's key. Safe for use by several threads;
 * two at once may do the work twice, with the same result.
 */
final class StreamEvent {
  /** What one takes in memory beside its bytes, about. */
  static final int OVERHEAD_BYTES = 300;

  private static final Logger LOG = LoggerFactory.getLogger(StreamEvent.class);

  private final int partition;
  private final long offset;
  private final String negotiation;
  private final long recordedMillis;
  private final byte[] raw;
  private volatile @Nullable Content content;
  private volatile @Nullable EventKeys keys;

  /** What is made of it. */
  static final class Content {
    private final byte[] json;
    private final String service;
    private final String type;

    private Content(byte[] json, String service, String type) {
      this.json = json;
      this.service = service;
      this.type = type;
    }

    /**
     * A CloudEvent, or what there is to say of an event that nobody can read. Not to be changed.
     */
    byte[] json() {
      return json;
    }

    String service() {
      return service;
    }

    String type() {
      return type;
    }

    boolean isFault() {
      return type.isEmpty();
    }
  }

  StreamEvent(ConsumerRecord<String, byte[]> record) {
    this(
        record.partition(),
        record.offset(),
        String.valueOf(record.key()),
        record.timestamp(),
        record.value() == null ? new byte[0] : record.value());
  }

  StreamEvent(int partition, long offset, String negotiation, long recordedMillis, byte[] raw) {
    this.partition = partition;
    this.offset = offset;
    this.negotiation = negotiation;
    this.recordedMillis = recordedMillis;
    this.raw = raw;
  }

  int partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  String negotiation() {
    return negotiation;
  }

  /** When it was settled, milliseconds since 1970: the record's timestamp. */
  long recordedMillis() {
    return recordedMillis;
  }

  /** Bytes of the record. */
  int bytes() {
    return raw.length;
  }

  /** What it takes in memory once it is encoded, about. */
  int weight() {
    return 3 * raw.length + OVERHEAD_BYTES;
  }

  Content content() {
    Content made = content;
    if (made == null) {
      made = decode();
      content = made;
    }
    return made;
  }

  /** What filters look at; few have any that ask for it, so it is read apart. */
  EventKeys keys() {
    EventKeys found = keys;
    if (found == null) {
      found =
          content().isFault()
              ? EventKeys.NONE
              : EventKeys.of(Wire.event(Wire.decode(raw, TimelineEntry.class).event()));
      keys = found;
    }
    return found;
  }

  private Content decode() {
    try {
      TimelineEntry entry = Wire.decode(raw, TimelineEntry.class);
      return new Content(json(entry, Wire.event(entry.event())), entry.service(), entry.type());
    } catch (RuntimeException e) {
      // Whoever reads on must not lose it in silence: they are told where the gap is.
      LOG.error("the timeline's record {}-{} cannot be read", partition, offset, e);
      return new Content(fault(), "", "");
    }
  }

  private static byte[] json(TimelineEntry entry, Event event) {
    EventHeader header = event.header();
    // The generator has a buffer of its own and hands it over whole, or nearly.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    try (JsonGenerator out = Bodies.JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringProperty("specversion", "1.0");
      out.writeStringProperty("id", header.id());
      out.writeStringProperty(
          "source", "/negotiations/" + entry.negotiation() + "/" + entry.service());
      out.writeStringProperty("type", "io.parley." + entry.service() + "." + entry.type());
      out.writeStringProperty("subject", entry.aggregate());
      out.writeStringProperty("time", entry.recordedAt().toString());
      out.writeStringProperty("datacontenttype", "application/json");
      out.writeStringProperty("negotiation", entry.negotiation());
      out.writeNumberProperty("sequence", entry.sequence());
      out.writeNumberProperty("aggregateversion", entry.version());
      out.writeName("data");
      EventJson.data(
          event,
          out,
          rest -> {
            rest.writeName("occurred");
            EventJson.value(header.occurred(), rest);
            rest.writeName("asserted");
            EventJson.value(header.asserted(), rest);
            rest.writeName("source");
            EventJson.value(header.source(), rest);
          });
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private byte[] fault() {
    return Bodies.JSON
        .writeValueAsString(new Fault("UNREADABLE", negotiation, partition, offset))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What is said in the place of an event that this build cannot read. */
  private record Fault(String reason, String negotiation, int partition, long offset) {}
}
