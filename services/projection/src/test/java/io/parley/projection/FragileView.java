package io.parley.projection;

import io.parley.projection.FragileView.Fragile;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.schemas.schedule.Schedule.RoundEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A view of rounds, each twice, that does not take some of them: until it is mended. */
public final class FragileView implements View<Fragile> {
  /** Rounds that it does not take, after it took half of their event. */
  static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();

  /** How often something happened to a round. */
  public record Fragile(String round, long events) {}

  @Override
  public String table() {
    return "fragile";
  }

  @Override
  public Class<Fragile> type() {
    return Fragile.class;
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof RoundEvent
        ? List.of("all", entry.id(), entry.id() + "-twin")
        : List.of();
  }

  @Override
  public boolean begins(Entry entry) {
    return false;
  }

  @Override
  public Fragile evolve(String id, @Nullable Fragile item, Entry entry) {
    if (id.endsWith("-twin") && REFUSED.contains(entry.id())) {
      throw new IllegalStateException("no round " + entry.id() + " here");
    }
    return new Fragile(id, item == null ? 1 : item.events() + 1);
  }
}
