package io.parley.projection.schedule;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.schedule.Schedule.StayEvent;
import io.parley.schemas.schedule.StayRecorded;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Stays, by their id. */
@Component
public final class StayView implements View<Stay> {
  @Override
  public String table() {
    return "stays";
  }

  @Override
  public Class<Stay> type() {
    return Stay.class;
  }

  @Override
  public List<Column<Stay>> columns() {
    return Extent.columns(
        stay ->
            // A stay lasts: with no end it may go on for ever.
            new Extent(
                stay.from() == null ? null : stay.from().earliest(),
                stay.to() == null ? null : stay.to().latest()),
        List.of(Column.text("person", stay -> stay.person().id())));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof StayEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public Stay evolve(String id, @Nullable Stay item, Entry entry) {
    return switch ((StayEvent) entry.event()) {
      case StayRecorded recorded ->
          new Stay(
              id,
              Named.of(recorded.person()),
              Located.of(recorded.place()),
              Temporal.of(recorded.from()),
              Temporal.of(recorded.to()),
              recorded.purpose(),
              entry.sequence(),
              entry.version(),
              Cited.of(recorded));
    };
  }
}
