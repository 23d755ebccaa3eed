package io.parley.announcement.domain;

import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.schemas.Command;
import io.parley.schemas.announcement.Announcement;
import io.parley.schemas.announcement.AnswerProposal;
import io.parley.schemas.announcement.ContestClaim;
import io.parley.schemas.announcement.CorrectAnnouncement;
import io.parley.schemas.announcement.CorroborateClaim;
import io.parley.schemas.announcement.DiscloseDraft;
import io.parley.schemas.announcement.HoldAnnouncement;
import io.parley.schemas.announcement.InitialDraft;
import io.parley.schemas.announcement.MakeProposal;
import io.parley.schemas.announcement.PublishAnnouncement;
import io.parley.schemas.announcement.RankClaim;
import io.parley.schemas.announcement.RatifyAgreement;
import io.parley.schemas.announcement.RecordClaim;
import io.parley.schemas.announcement.RecordDraft;
import io.parley.schemas.announcement.ReinstateAnnouncement;
import io.parley.schemas.announcement.ReiterateProposal;
import io.parley.schemas.announcement.RetractAnnouncement;
import io.parley.schemas.announcement.SetEmbargo;
import io.parley.schemas.announcement.SignDraft;
import io.parley.schemas.announcement.WithdrawProposal;
import io.parley.schemas.schedule.Schedule;
import java.util.List;
import java.util.Optional;

/** The announcement service as the journal runs it. */
public final class AnnouncementDomain {
  /** Raised with every change to an {@code evolve} of this package, or to what a store holds. */
  private static final int FOLD_VERSION = 3;

  private AnnouncementDomain() {}

  /** Its aggregates, what it keeps of the schedule service, and what every command needs. */
  public static Service service() {
    return Service.named("announcement", FOLD_VERSION, Announcement.COMMAND_SCHEMAS)
        .guard(AnnouncementDomain::check)
        .own(AnnouncementDomain::isOwn)
        .aggregate(
            "announcement",
            AnnouncementDecider.State.class,
            Announcement.AnnouncementCommand.class,
            Announcement.AnnouncementEvent.class,
            new AnnouncementDecider(),
            "/api/negotiations/{n}/announcements/{id}")
        .restricted(
            "announcement",
            EmbargoDecider.State.class,
            Announcement.AnnouncementCommand.class,
            Announcement.AnnouncementEvent.class,
            new EmbargoDecider())
        .aggregate(
            "proposal",
            ProposalDecider.State.class,
            Announcement.ProposalCommand.class,
            Announcement.ProposalEvent.class,
            new ProposalDecider(),
            "/api/negotiations/{n}/proposals")
        .aggregate(
            "claim",
            ClaimDecider.State.class,
            Announcement.ClaimCommand.class,
            Announcement.ClaimEvent.class,
            new ClaimDecider(),
            "/api/negotiations/{n}/claims")
        .aggregate(
            "draft",
            DraftDecider.State.class,
            Announcement.DraftCommand.class,
            Announcement.DraftEvent.class,
            new DraftDecider(),
            "/api/negotiations/{n}/drafts/{id}")
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
        .build();
  }

  /**
   * A party records announcements under ids of its own, so that it never meets another's that it
   * may not know of (rule 23). In a negotiation that is not known here yet there are none to meet.
   */
  private static boolean isOwn(Command command, String party, References references) {
    return command instanceof Announcement.AnnouncementCommand
        && KnownNegotiation.of(command, references)
            .map(known -> party.equals(known.owner(id(command))))
            .orElseGet(() -> id(command).startsWith(party + "-"));
  }

  private static String id(Command command) {
    return command.aggregate().substring(command.aggregate().indexOf(':') + 1);
  }

  /** The negotiation must be known, and so must every party that a command names as one. */
  private static Optional<Decision> check(Command command, References references) {
    String negotiation = command.header().negotiation();
    Optional<KnownNegotiation> known = KnownNegotiation.of(command, references);
    if (known.isEmpty()) {
      return Optional.of(
          Decision.unknown("NEGOTIATION_NOT_FOUND", "there is no negotiation " + negotiation));
    }
    return parties((Announcement.Command) command).stream()
        .filter(party -> !known.get().parties().containsKey(party))
        .findFirst()
        .map(
            party ->
                Decision.unknown(
                    "PARTY_NOT_FOUND", "%s is not a party of %s".formatted(party, negotiation)));
  }

  /**
   * Parties by their field's name. Who speaks, offers or claims may be a person or a body as well,
   * and so may whoever owes, benefits from or guarantees a provision.
   */
  private static List<String> parties(Announcement.Command command) {
    return switch (command) {
      case AnswerProposal c -> List.of(c.party());
      case RecordDraft c -> c.parties();
      case InitialDraft c -> List.of(c.party());
      case SignDraft c -> List.of(c.party());
      case RatifyAgreement c -> List.of(c.party());
      case PublishAnnouncement _,
          HoldAnnouncement _,
          CorrectAnnouncement _,
          RetractAnnouncement _,
          ReinstateAnnouncement _,
          SetEmbargo _,
          MakeProposal _,
          ReiterateProposal _,
          WithdrawProposal _,
          RecordClaim _,
          CorroborateClaim _,
          ContestClaim _,
          RankClaim _,
          DiscloseDraft _ ->
          List.of();
    };
  }
}
