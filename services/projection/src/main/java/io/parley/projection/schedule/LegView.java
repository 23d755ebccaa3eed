package io.parley.projection.schedule;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.schedule.LegArrived;
import io.parley.schemas.schedule.LegCancelled;
import io.parley.schemas.schedule.LegDeparted;
import io.parley.schemas.schedule.LegRecorded;
import io.parley.schemas.schedule.LegStatus;
import io.parley.schemas.schedule.Schedule.LegEvent;
import io.parley.schemas.schedule.ValueExcluded;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Legs, by their id. */
@Component
public final class LegView implements View<Leg> {
  @Override
  public String table() {
    return "legs";
  }

  @Override
  public Class<Leg> type() {
    return Leg.class;
  }

  @Override
  public List<Column<Leg>> columns() {
    return Extent.columns(
        leg -> Extent.of(leg.depart() == null ? leg.arrive() : leg.depart(), leg.arrive()),
        List.of(Column.text("person", leg -> leg.person().id())));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof LegEvent && entry.kind().equals("leg")
        ? List.of(entry.id())
        : List.of();
  }

  @Override
  public Leg evolve(String id, @Nullable Leg item, Entry entry) {
    return switch ((LegEvent) entry.event()) {
      case LegRecorded recorded ->
          new Leg(
              id,
              Named.of(recorded.person()),
              Located.of(recorded.from()),
              Located.of(recorded.to()),
              Temporal.of(recorded.depart()),
              Temporal.of(recorded.arrive()),
              recorded.status().name(),
              recorded.purpose(),
              item == null ? List.of() : item.excluded(),
              entry.sequence(),
              entry.version(),
              Cited.of(recorded));
      case LegDeparted departed -> moved(View.begun(item, entry), LegStatus.DEPARTED.name(), entry);
      case LegArrived arrived -> moved(View.begun(item, entry), LegStatus.ARRIVED.name(), entry);
      case LegCancelled cancelled -> moved(View.begun(item, entry), Leg.CANCELLED, entry);
      case ValueExcluded excluded -> {
        Leg before = View.begun(item, entry);
        yield with(before, before.status(), Exclusion.plus(before.excluded(), excluded), entry);
      }
    };
  }

  private static Leg moved(Leg before, String status, Entry entry) {
    return with(before, status, before.excluded(), entry);
  }

  private static Leg with(Leg before, String status, List<Exclusion> excluded, Entry entry) {
    return new Leg(
        before.leg(),
        before.person(),
        before.from(),
        before.to(),
        before.depart(),
        before.arrive(),
        status,
        before.purpose(),
        excluded,
        entry.sequence(),
        entry.version(),
        Cited.of(entry.event(), before.source()));
  }
}
