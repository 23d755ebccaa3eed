package io.parley.projection.entries;

import static io.parley.projection.projector.Column.json;
import static io.parley.projection.projector.Column.number;
import static io.parley.projection.projector.Column.text;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.JsonBytes;
import io.parley.projection.projector.Log;
import io.parley.projection.shape.EventJson;
import io.parley.schemas.EventHeader;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;

/**
 * Every entry as an item. Its author is in a column of its own: who may see it depends on who asks
 * (rule 30).
 */
@Component
public final class TimelineLog implements Log {
  @Override
  public String table() {
    return "timeline";
  }

  @Override
  public List<Column<Entry>> columns() {
    // For whoever has these: the rows of one log are made by one thread at a time.
    JsonBytes bodies = new JsonBytes();
    return List.of(
        text("negotiation", Entry::negotiation),
        number("sequence", Entry::sequence),
        number("recorded_ms", entry -> entry.recordedAt().toEpochMilli()),
        text("service", Entry::service),
        text("type", Entry::type),
        text("aggregate", Entry::aggregate),
        number("version", Entry::version),
        text("author", entry -> entry.event().header().author()),
        text("hash", Entry::hash),
        json("body", entry -> bodies.of(out -> body(entry, out))));
  }

  private static void body(Entry entry, JsonGenerator out) {
    EventHeader header = entry.event().header();
    out.writeStartObject();
    out.writeNumberProperty("sequence", entry.sequence());
    out.writeStringProperty("id", header.id());
    out.writeStringProperty("type", entry.type());
    out.writeStringProperty("service", entry.service());
    out.writeStringProperty("aggregate", entry.aggregate());
    out.writeNumberProperty("version", entry.version());
    out.writeStringProperty("recordedAt", entry.recordedAt().toString());
    out.writeName("occurred");
    EventJson.value(header.occurred(), out);
    out.writeName("asserted");
    EventJson.value(header.asserted(), out);
    out.writeName("source");
    EventJson.value(header.source(), out);
    out.writeName("data");
    EventJson.data(entry.event(), out);
    out.writeStringProperty("previousHash", entry.previousHash());
    out.writeStringProperty("hash", entry.hash());
    out.writeEndObject();
  }
}
