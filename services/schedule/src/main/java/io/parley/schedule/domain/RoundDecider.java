package io.parley.schedule.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schedule.domain.RoundDecider.State;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.RecordRoundOutcome;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import io.parley.schemas.schedule.RoundScheduled;
import io.parley.schemas.schedule.Schedule.RoundCommand;
import io.parley.schemas.schedule.Schedule.RoundEvent;
import io.parley.schemas.schedule.ScheduleRound;

/**
 * A round, planned or past. A later source may say that it ended otherwise: the newest outcome is
 * shown, none is lost.
 */
public final class RoundDecider implements Decider<State, RoundCommand, RoundEvent> {

  /** Where a round stands. */
  public sealed interface State {}

  /** Not recorded. */
  public record Unheard() implements State {}

  /** Recorded, its outcome not known. */
  public record Scheduled() implements State {}

  /** Ended. */
  public record Ended(Outcome outcome) implements State {}

  @Override
  public State initial() {
    return new Unheard();
  }

  @Override
  public Decision decide(State state, RoundCommand command, References references) {
    return switch (command) {
      case ScheduleRound schedule ->
          state instanceof Unheard
              ? Decision.accept(RoundScheduled.from(schedule))
              : Decision.reject(
                  "ROUND_EXISTS", 17, "round " + schedule.round() + " is recorded already");
      case RecordRoundOutcome record ->
          switch (state) {
            case Unheard _ ->
                Decision.unknown("ROUND_NOT_FOUND", "there is no round " + record.round());
            case Ended(var outcome) when outcome == record.outcome() -> Decision.unchanged();
            case Scheduled _, Ended _ -> Decision.accept(RoundOutcomeRecorded.from(record));
          };
    };
  }

  @Override
  public State evolve(State state, RoundEvent event) {
    return switch (event) {
      case RoundScheduled _ -> new Scheduled();
      case RoundOutcomeRecorded recorded -> new Ended(recorded.outcome());
    };
  }
}
