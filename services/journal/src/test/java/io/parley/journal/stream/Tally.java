package io.parley.journal.stream;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Replica;
import io.parley.journal.Service;
import io.parley.schemas.delegation.Delegation.DelegationEvent;
import io.parley.schemas.schedule.AddParty;
import io.parley.schemas.schedule.ConveneNegotiation;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.RecordRoundOutcome;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import io.parley.schemas.schedule.RoundScheduled;
import io.parley.schemas.schedule.Schedule;
import io.parley.schemas.schedule.Schedule.NegotiationCommand;
import io.parley.schemas.schedule.Schedule.NegotiationEvent;
import io.parley.schemas.schedule.Schedule.RoundCommand;
import io.parley.schemas.schedule.Schedule.RoundEvent;
import io.parley.schemas.schedule.ScheduleRound;

/**
 * The smallest service whose fold can be checked: an aggregate counts its events and remembers the
 * last one. It takes the schedule's name and records; its rules are the tests' own.
 */
final class Tally {
  /** A party of this id is refused. */
  static final String REFUSED = "refused";

  /** A party of this id is refused with the state in the detail. */
  static final String ASK = "ask";

  /** A party whose id begins so needs the delegation of this id. */
  static final String NEEDS = "needs-";

  /** A party of this id makes the decider fail. */
  static final String FAULT = "fault";

  private Tally() {}

  /** An aggregate's state. */
  sealed interface State {}

  /** Nothing was recorded. */
  record None() implements State {}

  /** So many events, and what the last one said. */
  record Some(long count, String last) implements State {}

  /** What is kept of a delegation. */
  record Known(String type) {}

  static Service service(int foldVersion) {
    return service(foldVersion, new Parties());
  }

  static Service service(
      int foldVersion, Decider<State, NegotiationCommand, NegotiationEvent> parties) {
    Replica<Known, DelegationEvent> delegations = (fact, event) -> new Known(event.type());
    return Service.named("schedule", foldVersion, Schedule.COMMAND_SCHEMAS)
        .aggregate(
            "negotiation",
            State.class,
            NegotiationCommand.class,
            NegotiationEvent.class,
            parties,
            "/api/negotiations/{n}")
        .aggregate(
            "round",
            State.class,
            RoundCommand.class,
            RoundEvent.class,
            new Rounds(),
            "/api/negotiations/{n}/schedule")
        .replica("delegation", "delegation", Known.class, DelegationEvent.class, delegations)
        .build();
  }

  private static State next(State before, String said) {
    return switch (before) {
      case None _ -> new Some(1, said);
      case Some(long count, var _) -> new Some(count + 1, said);
    };
  }

  /** A negotiation: takes every party but those that the tests want refused. */
  static class Parties implements Decider<State, NegotiationCommand, NegotiationEvent> {
    @Override
    public State initial() {
      return new None();
    }

    @Override
    public Decision decide(State state, NegotiationCommand command, References references) {
      return switch (command) {
        case ConveneNegotiation convene -> Decision.accept(NegotiationConvened.from(convene));
        case AddParty add -> add(state, add, references);
      };
    }

    private static Decision add(State state, AddParty add, References references) {
      String party = add.party();
      if (party.equals(FAULT)) {
        throw new IllegalStateException("a fault of the decider, on purpose");
      }
      if (party.equals(REFUSED) || party.equals(ASK)) {
        return Decision.reject("PARTY_REFUSED", 6, state.toString());
      }
      if (party.startsWith(NEEDS)
          && references
              .find("delegation:" + party.substring(NEEDS.length()), Known.class)
              .isEmpty()) {
        return Decision.unknown("DELEGATION_NOT_FOUND", "there is no delegation yet");
      }
      return Decision.accept(PartyAdded.from(add));
    }

    @Override
    public State evolve(State state, NegotiationEvent event) {
      return switch (event) {
        case NegotiationConvened convened -> next(state, convened.title());
        case PartyAdded added -> next(state, added.party());
      };
    }
  }

  /** A round: takes everything. */
  static final class Rounds implements Decider<State, RoundCommand, RoundEvent> {
    @Override
    public State initial() {
      return new None();
    }

    @Override
    public Decision decide(State state, RoundCommand command, References references) {
      return switch (command) {
        case ScheduleRound round -> Decision.accept(RoundScheduled.from(round));
        case RecordRoundOutcome outcome -> Decision.accept(RoundOutcomeRecorded.from(outcome));
      };
    }

    @Override
    public State evolve(State state, RoundEvent event) {
      return switch (event) {
        case RoundScheduled scheduled -> next(state, scheduled.format().name());
        case RoundOutcomeRecorded recorded -> next(state, recorded.outcome().name());
      };
    }
  }
}
