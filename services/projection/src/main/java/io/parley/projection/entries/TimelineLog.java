package io.parley.projection.entries;

import static io.parley.projection.projector.Column.bytes;
import static io.parley.projection.projector.Column.number;
import static io.parley.projection.projector.Column.text;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Log;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Every entry, its event as it was published: it is made an item when it is read ({@link
 * TimelineItem}), and nothing is said twice (ADR 12).
 */
@Component
public final class TimelineLog implements Log {
  @Override
  public String table() {
    return "timeline";
  }

  @Override
  public List<Column<Entry>> columns() {
    return List.of(
        text("negotiation", Entry::negotiation),
        number("sequence", Entry::sequence),
        number("recorded_ms", entry -> entry.recordedAt().toEpochMilli()),
        text("service", Entry::service),
        text("type", Entry::type),
        text("aggregate", Entry::aggregate),
        number("version", Entry::version),
        text("author", entry -> entry.event().header().author()),
        text("previous_hash", Entry::previousHash),
        text("hash", Entry::hash),
        bytes("event", Entry::framed));
  }
}
