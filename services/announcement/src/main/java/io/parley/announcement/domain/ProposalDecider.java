package io.parley.announcement.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.announcement.Announcement.ProposalCommand;
import io.parley.schemas.announcement.Announcement.ProposalEvent;
import io.parley.schemas.announcement.AnswerProposal;
import io.parley.schemas.announcement.MakeProposal;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.ProposalReiterated;
import io.parley.schemas.announcement.ProposalWithdrawn;
import io.parley.schemas.announcement.ReiterateProposal;
import io.parley.schemas.announcement.WithdrawProposal;

/**
 * An offer and its lineage ({@code proposal:ID}).
 *
 * <p>Each time it is made again or answered is an event, also where it repeats the last: it was
 * said once more. A party's later answer supersedes its earlier one (rule 28), which is for the
 * view to show. Once withdrawn it is over; the same offer made anew is another proposal.
 */
public final class ProposalDecider
    implements Decider<ProposalDecider.State, ProposalCommand, ProposalEvent> {

  /** Where a proposal stands. */
  public sealed interface State {}

  /** Nobody made it. */
  public record None() implements State {}

  /**
   * It stands, answered or not.
   *
   * @param keys what filters match in it, its reiterations and its answers (rule 22)
   */
  public record Made(FilterKeys keys) implements State {}

  /** It no longer stands. */
  public record Withdrawn() implements State {}

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public Decision decide(State state, ProposalCommand command, References references) {
    return switch (state) {
      case None _ ->
          switch (command) {
            case MakeProposal c -> Decision.accept(ProposalMade.from(c));
            case ReiterateProposal c -> notFound(c.proposal());
            case AnswerProposal c -> notFound(c.proposal());
            case WithdrawProposal c -> notFound(c.proposal());
          };
      case Made s ->
          switch (command) {
            case MakeProposal c -> exists(c.proposal());
            case ReiterateProposal c -> reiterate(s, c);
            case AnswerProposal c ->
                Decision.accept(
                    ProposalAnswered.from(c).keys(Keys.both(s.keys(), Keys.ofParty(c.party()))));
            case WithdrawProposal c -> Decision.accept(ProposalWithdrawn.from(c).keys(s.keys()));
          };
      case Withdrawn _ ->
          switch (command) {
            case MakeProposal c -> exists(c.proposal());
            case ReiterateProposal c -> withdrawn(c.proposal());
            case AnswerProposal c -> withdrawn(c.proposal());
            case WithdrawProposal c -> withdrawn(c.proposal());
          };
    };
  }

  @Override
  public State evolve(State state, ProposalEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case ProposalMade e -> new Made(Keys.of(e));
            case ProposalReiterated _, ProposalAnswered _, ProposalWithdrawn _ ->
                throw new IllegalStateException(event.type() + " before ProposalMade");
          };
      case Made s ->
          switch (event) {
            case ProposalReiterated e -> new Made(Keys.both(s.keys(), Keys.of(e.by())));
            case ProposalAnswered e -> new Made(Keys.both(s.keys(), Keys.ofParty(e.party())));
            case ProposalWithdrawn _ -> new Withdrawn();
            case ProposalMade _ -> throw new IllegalStateException("ProposalMade twice");
          };
      case Withdrawn _ ->
          throw new IllegalStateException(event.type() + " after ProposalWithdrawn");
    };
  }

  private static Decision reiterate(Made made, ReiterateProposal c) {
    FilterKeys keys = Keys.both(made.keys(), Keys.of(c.by()));
    return Keys.tooMany(c.proposal(), keys)
        .orElseGet(() -> Decision.accept(ProposalReiterated.from(c).keys(keys)));
  }

  private static Decision notFound(String proposal) {
    return Decision.unknown("PROPOSAL_NOT_FOUND", "there is no proposal " + proposal);
  }

  private static Decision exists(String proposal) {
    return Decision.reject(
        "PROPOSAL_EXISTS",
        26,
        "proposal %s is on record: reiterate it, or choose another id".formatted(proposal));
  }

  private static Decision withdrawn(String proposal) {
    return Decision.reject(
        "PROPOSAL_WITHDRAWN", 28, "proposal %s was withdrawn".formatted(proposal));
  }
}
