package io.parley.schedule.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schedule.domain.LegDecider.State;
import io.parley.schemas.Event;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.schedule.ArriveLeg;
import io.parley.schemas.schedule.CancelLeg;
import io.parley.schemas.schedule.DepartLeg;
import io.parley.schemas.schedule.ExcludeValue;
import io.parley.schemas.schedule.LegArrived;
import io.parley.schemas.schedule.LegCancelled;
import io.parley.schemas.schedule.LegDeparted;
import io.parley.schemas.schedule.LegRecorded;
import io.parley.schemas.schedule.RecordLeg;
import io.parley.schemas.schedule.Schedule.LegCommand;
import io.parley.schemas.schedule.Schedule.LegEvent;
import io.parley.schemas.schedule.ValueExcluded;
import java.util.List;
import java.util.Set;

/**
 * One journey of a person: scheduled, departed, arrived, or cancelled before it arrived (rule 18).
 */
public final class LegDecider implements Decider<State, LegCommand, LegEvent> {

  /** Where a leg stands. */
  public sealed interface State {}

  /** Not recorded. */
  public record Unheard() implements State {}

  /**
   * Recorded, and now in this status.
   *
   * @param keys what filters match in it: who travels (rule 22)
   */
  public record Known(Status status, FilterKeys keys) implements State {
    private Known now(Status next) {
      return new Known(next, keys);
    }
  }

  /** How far it has come. */
  public enum Status {
    /** Planned. */
    SCHEDULED,
    /** On the way. */
    DEPARTED,
    /** There. */
    ARRIVED,
    /** Will not take place, or broke off. */
    CANCELLED
  }

  @Override
  public State initial() {
    return new Unheard();
  }

  @Override
  public Decision decide(State state, LegCommand command, References references) {
    return switch (state) {
      case Unheard _ ->
          command instanceof RecordLeg record
              ? Decision.accept(LegRecorded.from(record))
              : Decision.unknown("LEG_NOT_FOUND", "there is no " + command.aggregate());
      case Known(var now, var keys) ->
          switch (command) {
            case RecordLeg record ->
                Decision.reject("LEG_EXISTS", 18, "leg " + record.leg() + " is there, " + now);
            case DepartLeg depart ->
                move(now, Set.of(Status.SCHEDULED), command, LegDeparted.from(depart).keys(keys));
            // An arrival may be the first that is heard of a journey.
            case ArriveLeg arrive ->
                move(
                    now,
                    Set.of(Status.SCHEDULED, Status.DEPARTED),
                    command,
                    LegArrived.from(arrive).keys(keys));
            case CancelLeg cancel ->
                move(
                    now,
                    Set.of(Status.SCHEDULED, Status.DEPARTED),
                    command,
                    LegCancelled.from(cancel).keys(keys));
            case ExcludeValue exclude -> Decision.accept(ValueExcluded.from(exclude).keys(keys));
          };
    };
  }

  private static Decision move(Status now, Set<Status> from, LegCommand command, Event event) {
    return from.contains(now)
        ? Decision.accept(event)
        : Decision.reject(
            "ILLEGAL_MOVE",
            18,
            command.type() + " is not possible: " + command.aggregate() + " is " + now);
  }

  @Override
  public State evolve(State state, LegEvent event) {
    return switch (event) {
      case LegRecorded recorded ->
          new Known(
              switch (recorded.status()) {
                case SCHEDULED, UNRECOGNIZED -> Status.SCHEDULED;
                case DEPARTED -> Status.DEPARTED;
                case ARRIVED -> Status.ARRIVED;
              },
              new FilterKeys().actors(List.of(recorded.person().id())));
      case LegDeparted _ -> known(state, event).now(Status.DEPARTED);
      case LegArrived _ -> known(state, event).now(Status.ARRIVED);
      case LegCancelled _ -> known(state, event).now(Status.CANCELLED);
      case ValueExcluded _ -> known(state, event);
    };
  }

  private static Known known(State state, LegEvent event) {
    return switch (state) {
      case Known known -> known;
      case Unheard _ -> throw new IllegalStateException(event.type() + " before LegRecorded");
    };
  }
}
