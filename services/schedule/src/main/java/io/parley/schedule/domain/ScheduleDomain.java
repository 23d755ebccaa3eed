package io.parley.schedule.domain;

import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.schemas.Command;
import io.parley.schemas.schedule.ConveneNegotiation;
import io.parley.schemas.schedule.Schedule;
import java.util.Optional;

/** The schedule service as the journal runs it. */
public final class ScheduleDomain {
  /**
   * Raised with every change to an {@code evolve} of this package: the store is then folded anew.
   */
  private static final int FOLD_VERSION = 3;

  private ScheduleDomain() {}

  /** The service. */
  public static Service service() {
    return Service.named("schedule", FOLD_VERSION, Schedule.COMMAND_SCHEMAS)
        .guard(ScheduleDomain::negotiationExists)
        .aggregate(
            "negotiation",
            NegotiationDecider.State.class,
            Schedule.NegotiationCommand.class,
            Schedule.NegotiationEvent.class,
            new NegotiationDecider(),
            "/api/negotiations/{n}")
        .aggregate(
            "round",
            RoundDecider.State.class,
            Schedule.RoundCommand.class,
            Schedule.RoundEvent.class,
            new RoundDecider(),
            "/api/negotiations/{n}/schedule")
        .aggregate(
            "meeting",
            MeetingDecider.State.class,
            Schedule.MeetingCommand.class,
            Schedule.MeetingEvent.class,
            new MeetingDecider(),
            "/api/negotiations/{n}/meetings/{id}")
        .aggregate(
            "leg",
            LegDecider.State.class,
            Schedule.LegCommand.class,
            Schedule.LegEvent.class,
            new LegDecider(),
            "/api/negotiations/{n}/schedule")
        .aggregate(
            "stay",
            StayDecider.State.class,
            Schedule.StayCommand.class,
            Schedule.StayEvent.class,
            new StayDecider(),
            "/api/negotiations/{n}/schedule")
        .build();
  }

  private static Optional<Decision> negotiationExists(Command command, References references) {
    String negotiation = command.header().negotiation();
    boolean exists =
        command instanceof ConveneNegotiation
            || references
                .find("negotiation:" + negotiation, NegotiationDecider.State.class)
                .isPresent();
    return exists ? Optional.empty() : Optional.of(negotiationNotFound(negotiation));
  }

  static Decision negotiationNotFound(String negotiation) {
    return Decision.unknown(
        "NEGOTIATION_NOT_FOUND", "nobody has convened a negotiation " + negotiation);
  }
}
