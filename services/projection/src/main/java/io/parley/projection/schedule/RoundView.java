package io.parley.projection.schedule;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import io.parley.schemas.schedule.RoundScheduled;
import io.parley.schemas.schedule.Schedule.RoundEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Rounds, by their id. */
@Component
public final class RoundView implements View<Round> {
  @Override
  public String table() {
    return "rounds";
  }

  @Override
  public Class<Round> type() {
    return Round.class;
  }

  @Override
  public List<Column<Round>> columns() {
    return Extent.columns(round -> Extent.of(round.start(), round.end()), List.of());
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof RoundEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public Round evolve(String id, @Nullable Round item, Entry entry) {
    return switch ((RoundEvent) entry.event()) {
      case RoundScheduled scheduled ->
          new Round(
              id,
              scheduled.title(),
              scheduled.format(),
              Temporal.of(scheduled.start()),
              Temporal.of(scheduled.end()),
              Located.of(scheduled.place()),
              item == null ? null : item.outcome(),
              entry.sequence(),
              entry.version(),
              Cited.of(scheduled));
      case RoundOutcomeRecorded recorded -> {
        Round before = View.begun(item, entry);
        yield new Round(
            id,
            before.title(),
            before.format(),
            before.start(),
            before.end(),
            before.place(),
            recorded.outcome(),
            entry.sequence(),
            entry.version(),
            Cited.of(recorded, before.source()));
      }
    };
  }
}
