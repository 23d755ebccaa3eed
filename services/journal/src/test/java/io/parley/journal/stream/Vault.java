package io.parley.journal.stream;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.schemas.EventHeader;
import io.parley.schemas.schedule.Outcome;
import io.parley.schemas.schedule.RecordRoundOutcome;
import io.parley.schemas.schedule.RoundOutcomeRecorded;
import io.parley.schemas.schedule.RoundScheduled;
import io.parley.schemas.schedule.Schedule;
import io.parley.schemas.schedule.Schedule.RoundCommand;
import io.parley.schemas.schedule.Schedule.RoundEvent;
import io.parley.schemas.schedule.ScheduleRound;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The smallest service that restricts: a round whose title is an instant is sealed until then. A
 * party's own are the rounds whose ids begin with its own.
 */
final class Vault {
  /** What a round is called once it is public. */
  static final String PUBLIC = "public";

  private Vault() {}

  /** A round's state. */
  sealed interface State {}

  /** Nothing was recorded. */
  record None() implements State {}

  /** Nobody without the right learns of it. */
  record Sealed(RoundScheduled round) implements State {}

  /** It is public, or was. */
  record Done() implements State {}

  static Service service(int foldVersion) {
    return service(foldVersion, true);
  }

  /** One that keeps sealed what should be public. */
  static Service stubborn(int foldVersion) {
    return service(foldVersion, false);
  }

  private static Service service(int foldVersion, boolean releases) {
    return Service.named("schedule", foldVersion, Schedule.COMMAND_SCHEMAS)
        .own((command, party, references) -> command.aggregate().startsWith("round:" + party))
        .aggregate(
            "round",
            State.class,
            RoundCommand.class,
            RoundEvent.class,
            new Public(),
            "/api/negotiations/{n}/schedule")
        .restricted(
            "round", State.class, RoundCommand.class, RoundEvent.class, new Restricted(releases))
        .build();
  }

  /** On the open record. */
  private static final class Public implements Decider<State, RoundCommand, RoundEvent> {
    @Override
    public State initial() {
      return new None();
    }

    @Override
    public Decision decide(State state, RoundCommand command, References references) {
      return switch (command) {
        case ScheduleRound round when round.title() != null ->
            Decision.restrict(RoundScheduled.from(round));
        case ScheduleRound round -> Decision.accept(RoundScheduled.from(round));
        case RecordRoundOutcome outcome -> Decision.accept(RoundOutcomeRecorded.from(outcome));
      };
    }

    @Override
    public State evolve(State state, RoundEvent event) {
      return new Done();
    }
  }

  /** On the restricted record. */
  private record Restricted(boolean releases)
      implements Decider.Restricted<State, RoundCommand, RoundEvent> {
    @Override
    public State initial() {
      return new None();
    }

    @Override
    public @Nullable String issuer(State state) {
      return state instanceof Sealed(RoundScheduled round) ? round.round() : null;
    }

    @Override
    public @Nullable Instant dueAt(State state) {
      return state instanceof Sealed(RoundScheduled round) && round.title() != null
          ? Instant.parse(round.title())
          : null;
    }

    @Override
    public Decision decide(State state, RoundCommand command, References references) {
      return switch (command) {
        case ScheduleRound _ -> Decision.reject("ROUND_EXISTS", 23, "it is there");
        case RecordRoundOutcome outcome -> Decision.restrict(RoundOutcomeRecorded.from(outcome));
      };
    }

    @Override
    public Decision release(State state, References references) {
      if (!releases) {
        return Decision.reject("STUBBORN", 23, "it stays sealed");
      }
      RoundScheduled round = ((Sealed) state).round();
      return Decision.release(
          new RoundOutcomeRecorded()
              .header(onBehalfOf(round.header()))
              .round(round.round())
              .outcome(Outcome.AGREED),
          new RoundScheduled()
              .header(onBehalfOf(round.header()))
              .round(round.round())
              .format(round.format())
              .title(PUBLIC));
    }

    @Override
    public State evolve(State state, RoundEvent event) {
      return switch (event) {
        case RoundScheduled round -> new Sealed(round);
        case RoundOutcomeRecorded _ -> new Done();
      };
    }

    private static EventHeader onBehalfOf(EventHeader header) {
      return new EventHeader()
          .author(header.author())
          .commandId(header.commandId())
          .causationId(header.causationId())
          .correlationId(header.correlationId());
    }
  }
}
