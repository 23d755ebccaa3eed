package io.parley.delegation.domain;

import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.schemas.Command;
import io.parley.schemas.announcement.Announcement;
import io.parley.schemas.delegation.AppointHead;
import io.parley.schemas.delegation.AppointMember;
import io.parley.schemas.delegation.AssessCondition;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.CompleteRoster;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.Delegation;
import io.parley.schemas.delegation.PublishDelegation;
import io.parley.schemas.delegation.RecordAbsence;
import io.parley.schemas.delegation.ReplaceHead;
import io.parley.schemas.delegation.StateAttendance;
import io.parley.schemas.delegation.StateCondition;
import io.parley.schemas.delegation.TransferMember;
import io.parley.schemas.delegation.WithdrawCondition;
import io.parley.schemas.delegation.WithdrawMember;
import io.parley.schemas.schedule.Schedule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The delegation service as the journal runs it. */
public final class DelegationDomain {
  /** Raised with every change to an {@code evolve} of this package, or to what a store holds. */
  private static final int FOLD_VERSION = 3;

  private DelegationDomain() {}

  /** Its aggregates, what it keeps of the other services, and what every command needs. */
  public static Service service() {
    return Service.named("delegation", FOLD_VERSION, Delegation.COMMAND_SCHEMAS)
        .guard(DelegationDomain::check)
        .own(DelegationDomain::isOwn)
        .aggregate(
            "delegation",
            DelegationDecider.State.class,
            Delegation.DelegationCommand.class,
            Delegation.DelegationEvent.class,
            new DelegationDecider(),
            "/api/negotiations/{n}/delegations/{id}")
        .restricted(
            "delegation",
            UnpublishedDecider.State.class,
            Delegation.DelegationCommand.class,
            Delegation.DelegationEvent.class,
            new UnpublishedDecider())
        .aggregate(
            "attendance",
            AttendanceDecider.State.class,
            Delegation.AttendanceCommand.class,
            Delegation.AttendanceEvent.class,
            new AttendanceDecider(),
            "/api/negotiations/{n}/attendance")
        .aggregate(
            "party-attendance",
            PartyAttendanceDecider.State.class,
            Delegation.PartyAttendanceCommand.class,
            Delegation.PartyAttendanceEvent.class,
            new PartyAttendanceDecider(),
            "/api/negotiations/{n}/attendance")
        .aggregate(
            "condition",
            ConditionDecider.State.class,
            Delegation.ConditionCommand.class,
            Delegation.ConditionEvent.class,
            new ConditionDecider(),
            "/api/negotiations/{n}/attendance")
        .replica(
            "negotiation",
            "schedule",
            KnownNegotiation.class,
            Schedule.NegotiationEvent.class,
            KnownNegotiation::evolve)
        .replica(
            "meeting",
            "schedule",
            KnownMeeting.class,
            Schedule.MeetingEvent.class,
            KnownMeeting::evolve)
        .replica(
            "announcement",
            "announcement",
            KnownAnnouncement.class,
            Announcement.AnnouncementEvent.class,
            KnownAnnouncement::evolve)
        .build();
  }

  /** A party records who represents it; a transfer is the other party's too. */
  private static boolean isOwn(Command command, String party, References references) {
    return command instanceof Delegation.DelegationCommand own
        && !(own instanceof TransferMember)
        && parties((Delegation.Command) command).equals(List.of(party));
  }

  /** The negotiation must be known, and so must every party that a command names. */
  private static Optional<Decision> check(Command command, References references) {
    String negotiation = command.header().negotiation();
    Optional<KnownNegotiation> known = KnownNegotiation.of(command, references);
    if (known.isEmpty()) {
      return Optional.of(
          Decision.unknown("NEGOTIATION_NOT_FOUND", "there is no negotiation " + negotiation));
    }
    return parties((Delegation.Command) command).stream()
        .filter(party -> !known.get().parties().containsKey(party))
        .findFirst()
        .map(
            party ->
                Decision.unknown(
                    "PARTY_NOT_FOUND", "%s is not a party of %s".formatted(party, negotiation)));
  }

  private static List<String> parties(Delegation.Command command) {
    return switch (command) {
      case ComposeDelegation c -> List.of(c.party());
      case PublishDelegation c -> List.of(c.party());
      case AppointHead c -> List.of(c.party());
      case ReplaceHead c -> List.of(c.party());
      case AppointMember c -> List.of(c.party());
      case WithdrawMember c -> List.of(c.party());
      case TransferMember c -> List.of(c.from(), c.to());
      case CompleteRoster c -> List.of(c.party());
      case StateAttendance c -> Stream.ofNullable(c.party()).toList();
      case StateCondition _, WithdrawCondition _, AssessCondition _, CheckIn _, RecordAbsence _ ->
          List.of();
    };
  }
}
