package io.parley.delegation.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.delegation.AssessCondition;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.ConditionAssessed;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.ConditionWithdrawn;
import io.parley.schemas.delegation.Delegation.ConditionCommand;
import io.parley.schemas.delegation.Delegation.ConditionEvent;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.delegation.StateCondition;
import io.parley.schemas.delegation.WithdrawCondition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * That a presence depends on another, or on what a text says ({@code condition:ID}; rules 12 to
 * 14). A cycle of conditions is taken, and reported where attendance is derived; so is one on
 * somebody nobody has heard of (rule 13).
 */
public final class ConditionDecider
    implements Decider<ConditionDecider.State, ConditionCommand, ConditionEvent> {

  /** Where a condition stands. */
  public sealed interface State {}

  /** Nobody has stated it. */
  public record None() implements State {}

  /**
   * It holds.
   *
   * @param result how an editor settled it last; null while none has
   * @param reason why so; null while none has
   * @param keys what filters match in it: whose presence depends, and on whose (rule 22)
   */
  public record Stated(@Nullable Assessment result, @Nullable String reason, FilterKeys keys)
      implements State {}

  /** It holds no more; there is no way back but a new condition. */
  public record Withdrawn() implements State {}

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public Decision decide(State state, ConditionCommand command, References references) {
    return switch (state) {
      case None _ ->
          switch (command) {
            case StateCondition c -> state(c, references);
            case WithdrawCondition c -> notFound(c.condition());
            case AssessCondition c -> notFound(c.condition());
          };
      case Stated condition ->
          switch (command) {
            case StateCondition c -> exists(c.condition());
            case WithdrawCondition c ->
                Decision.accept(ConditionWithdrawn.from(c).keys(condition.keys()));
            case AssessCondition c -> assess(condition, c);
          };
      case Withdrawn _ ->
          switch (command) {
            case StateCondition c -> exists(c.condition());
            case WithdrawCondition c -> withdrawn(c.condition());
            case AssessCondition c -> withdrawn(c.condition());
          };
    };
  }

  @Override
  public State evolve(State state, ConditionEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case ConditionStated e -> new Stated(null, null, keys(e));
            case ConditionWithdrawn _, ConditionAssessed _ ->
                throw new IllegalStateException(event.type() + " before ConditionStated");
          };
      case Stated condition ->
          switch (event) {
            case ConditionAssessed e -> new Stated(e.result(), e.reason(), condition.keys());
            case ConditionWithdrawn _ -> new Withdrawn();
            case ConditionStated _ -> throw new IllegalStateException("ConditionStated twice");
          };
      case Withdrawn _ ->
          throw new IllegalStateException(event.type() + " after ConditionWithdrawn");
    };
  }

  private static Decision state(StateCondition c, References references) {
    return groundsWrong(c)
        .or(() -> onOneself(c))
        .or(() -> KnownMeeting.missing(c.scope(), references))
        .or(
            () ->
                Optional.ofNullable(c.requires())
                    .flatMap(requires -> KnownMeeting.missing(requires.scope(), references)))
        .orElseGet(() -> Decision.accept(ConditionStated.from(c)));
  }

  /** The same result for the same reason says nothing new; for another reason it does. */
  private static Decision assess(Stated condition, AssessCondition c) {
    return c.result() == condition.result() && c.reason().equals(condition.reason())
        ? Decision.unchanged()
        : Decision.accept(ConditionAssessed.from(c).keys(condition.keys()));
  }

  private static FilterKeys keys(ConditionStated e) {
    Set<String> actors = new TreeSet<>(Set.of(e.person().id()));
    if (e.requires() != null) {
      actors.add(e.requires().person().id());
    }
    return new FilterKeys().kinds(List.of(e.kind().name())).actors(List.copyOf(actors));
  }

  private static Optional<Decision> groundsWrong(StateCondition c) {
    return (c.requires() == null) == (c.text() == null)
        ? Optional.of(
            Decision.reject(
                "REQUIRES_OR_TEXT",
                9,
                "condition %s must rest on a presence (requires) or on a text, and not on both"
                    .formatted(c.condition())))
        : Optional.empty();
  }

  private static Optional<Decision> onOneself(StateCondition c) {
    Requirement requires = c.requires();
    return requires != null && requires.person().id().equals(c.person().id())
        ? Optional.of(
            Decision.reject(
                "CONDITION_ON_ONESELF",
                12,
                "the presence of %s cannot depend on that of %s"
                    .formatted(c.person().id(), c.person().id())))
        : Optional.empty();
  }

  private static Decision notFound(String condition) {
    return Decision.unknown("CONDITION_NOT_FOUND", "there is no condition " + condition);
  }

  private static Decision exists(String condition) {
    return Decision.reject(
        "CONDITION_EXISTS",
        26,
        "condition %s is on record: choose another id".formatted(condition));
  }

  private static Decision withdrawn(String condition) {
    return Decision.reject(
        "CONDITION_WITHDRAWN", 14, "condition %s was withdrawn".formatted(condition));
  }
}
