package io.parley.schedule.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schedule.domain.StayDecider.State;
import io.parley.schemas.schedule.RecordStay;
import io.parley.schemas.schedule.Schedule.StayCommand;
import io.parley.schemas.schedule.Schedule.StayEvent;
import io.parley.schemas.schedule.StayRecorded;

/** A person's stay somewhere for a time: recorded once. */
public final class StayDecider implements Decider<State, StayCommand, StayEvent> {

  /** Where a stay stands. */
  public sealed interface State {}

  /** Not recorded. */
  public record Unheard() implements State {}

  /** Recorded. */
  public record Recorded() implements State {}

  @Override
  public State initial() {
    return new Unheard();
  }

  @Override
  public Decision decide(State state, StayCommand command, References references) {
    return switch (command) {
      case RecordStay record ->
          switch (state) {
            case Unheard _ -> Decision.accept(StayRecorded.from(record));
            case Recorded _ ->
                Decision.reject(
                    "STAY_EXISTS", 18, "stay " + record.stay() + " is recorded already");
          };
    };
  }

  @Override
  public State evolve(State state, StayEvent event) {
    return switch (event) {
      case StayRecorded _ -> new Recorded();
    };
  }
}
