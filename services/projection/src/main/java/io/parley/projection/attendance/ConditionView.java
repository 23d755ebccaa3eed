package io.parley.projection.attendance;

import io.parley.projection.attendance.derivation.Fact.Assessed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.schemas.delegation.ConditionAssessed;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.ConditionWithdrawn;
import io.parley.schemas.delegation.Delegation.ConditionEvent;
import io.parley.schemas.delegation.Requirement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Conditions, by their id (rules 9 and 14). */
@Component
public final class ConditionView implements View<StandingCondition> {
  @Override
  public String table() {
    return "conditions";
  }

  @Override
  public Class<StandingCondition> type() {
    return StandingCondition.class;
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof ConditionEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public StandingCondition evolve(String id, @Nullable StandingCondition item, Entry entry) {
    return switch ((ConditionEvent) entry.event()) {
      case ConditionStated stated ->
          new StandingCondition(stated(id, stated, entry), false, entry.version());
      case ConditionAssessed assessed ->
          new StandingCondition(
              assessed(View.begun(item, entry).condition(), assessed, entry),
              false,
              entry.version());
      case ConditionWithdrawn withdrawn ->
          new StandingCondition(View.begun(item, entry).condition(), true, entry.version());
    };
  }

  private static Condition stated(String id, ConditionStated event, Entry entry) {
    Requirement requires = event.requires();
    return new Condition(
        id,
        new Presence(event.person().id(), event.scope()),
        event.kind(),
        requires == null ? null : new Presence(requires.person().id(), requires.scope()),
        event.text(),
        null,
        entry.sequence(),
        Cited.of(event));
  }

  private static Condition assessed(Condition before, ConditionAssessed event, Entry entry) {
    return new Condition(
        before.condition(),
        before.dependent(),
        before.kind(),
        before.requires(),
        before.text(),
        new Assessed(
            before.condition(), event.result(), event.reason(), entry.sequence(), Cited.of(event)),
        before.sequence(),
        before.source());
  }
}
