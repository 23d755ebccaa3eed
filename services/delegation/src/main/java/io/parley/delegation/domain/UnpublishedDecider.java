package io.parley.delegation.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.delegation.AppointHead;
import io.parley.schemas.delegation.AppointMember;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.CompleteRoster;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.Delegation.DelegationCommand;
import io.parley.schemas.delegation.Delegation.DelegationEvent;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.DelegationPublished;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.Member;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.delegation.MemberWithdrawn;
import io.parley.schemas.delegation.PublishDelegation;
import io.parley.schemas.delegation.ReplaceHead;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.RosterCompleted;
import io.parley.schemas.delegation.TransferMember;
import io.parley.schemas.delegation.WithdrawMember;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A roster that is not announced yet ({@code restricted-delegation:PARTY}): its own party and who
 * may know of all that is restricted see it, for others it does not exist (rules 31 and 32).
 *
 * <p>It changes by the rules of any delegation ({@link DelegationDecider}), but that nobody is
 * transferred to or from it. Announced, it is composed on the open record as it stands then, as if
 * nobody had recorded it before.
 */
public final class UnpublishedDecider
    implements Decider.Restricted<UnpublishedDecider.State, DelegationCommand, DelegationEvent> {
  private static final DelegationDecider RULES = new DelegationDecider();

  /** Where an unpublished roster stands. */
  public sealed interface State {}

  /** It is not on record. */
  public record None() implements State {}

  /**
   * It is not announced yet.
   *
   * @param roster what will be announced, as last changed; its header says when and where it is
   *     from
   */
  public record Unpublished(DelegationComposed roster) implements State {}

  /** It is public, and its further record is open. */
  public record Published(String party) implements State {}

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public @Nullable String issuer(State state) {
    return switch (state) {
      case None _ -> null;
      case Unpublished s -> s.roster().party();
      case Published s -> s.party();
    };
  }

  @Override
  public @Nullable Instant dueAt(State state) {
    return null;
  }

  @Override
  public Decision release(State state, References references) {
    throw new IllegalStateException("a roster is announced by a command");
  }

  @Override
  public Decision decide(State state, DelegationCommand command, References references) {
    return switch (state) {
      case Unpublished(DelegationComposed roster) ->
          switch (command) {
            case ComposeDelegation c -> DelegationDecider.composeAgain(c);
            case PublishDelegation c -> publish(roster, c, references);
            case TransferMember c ->
                Decision.reject(
                    "ROSTER_NOT_PUBLISHED",
                    31,
                    "the roster of %s is not announced: withdraw and appoint instead"
                        .formatted(c.from()));
            case AppointHead _,
                ReplaceHead _,
                AppointMember _,
                WithdrawMember _,
                CompleteRoster _ ->
                restricted(RULES.decide(DelegationDecider.composed(roster), command, references));
          };
      // The open record decides before the first and after the last event of this one.
      case None _, Published _ -> throw new IllegalStateException("the open record decides");
    };
  }

  @Override
  public State evolve(State state, DelegationEvent event) {
    return switch (state) {
      case None _ -> {
        if (event instanceof DelegationComposed e) {
          yield new Unpublished(e);
        }
        throw impossible(event);
      }
      case Unpublished(DelegationComposed roster) ->
          switch (event) {
            case HeadAppointed e -> new Unpublished(after(roster, e).head(e.person()));
            case HeadReplaced e ->
                new Unpublished(after(roster, e).head(e.person()).members(withOldHead(roster)));
            case MemberAppointed e ->
                new Unpublished(
                    after(roster, e)
                        .members(
                            Stream.concat(
                                    without(roster, e.person()),
                                    Stream.of(
                                        new Member().person(e.person()).capacity(e.capacity())))
                                .toList()));
            case MemberWithdrawn e ->
                new Unpublished(
                    after(roster, e)
                        .head(isHead(roster, e.person()) ? null : roster.head())
                        .members(without(roster, e.person()).toList()));
            case RosterCompleted e -> new Unpublished(after(roster, e).roster(Roster.COMPLETE));
            case DelegationPublished e -> new Published(e.party());
            case DelegationComposed _ -> throw impossible(event);
          };
      case Published _ -> throw impossible(event);
    };
  }

  // What is decided

  /** Others may have become public meanwhile: the rules of composing hold once more. */
  private static Decision publish(
      DelegationComposed roster, PublishDelegation c, References references) {
    Optional<Decision> refused =
        DelegationDecider.basisMissing(roster.basis(), references)
            .or(() -> Opposition.toAny(c, roster, references));
    return refused.orElseGet(
        () ->
            Decision.release(
                DelegationPublished.from(c),
                copy(roster).header(from(roster.header(), c.header())).published(true)));
  }

  /** Times and source as the announcement gives them, else as the roster had them. */
  private static EventHeader from(EventHeader roster, CommandHeader command) {
    EventHeader header = new EventHeader();
    if (command.source() == null) {
      header.source(roster.source());
    }
    if (command.occurred() == null) {
      header.occurred(roster.occurred());
    }
    if (command.asserted() == null) {
      header.asserted(roster.asserted());
    }
    return header;
  }

  private static Decision restricted(Decision decision) {
    return decision instanceof Decision.Accepted accepted
        ? new Decision.Accepted(List.of(), accepted.events())
        : decision;
  }

  private static IllegalStateException impossible(DelegationEvent event) {
    return new IllegalStateException(event.type() + " in the record of an unpublished roster");
  }

  // What follows from an event

  /** The same fields, with a source that an event brings. */
  private static DelegationComposed after(DelegationComposed roster, DelegationEvent event) {
    EventHeader before = roster.header();
    return copy(roster)
        .header(
            new EventHeader()
                .negotiation(before.negotiation())
                .occurred(before.occurred())
                .asserted(before.asserted())
                .source(
                    event.header().source() == null ? before.source() : event.header().source()));
  }

  /** The same fields, without the header. */
  private static DelegationComposed copy(DelegationComposed roster) {
    return new DelegationComposed()
        .party(roster.party())
        .head(roster.head())
        .members(roster.members())
        .roster(roster.roster())
        .basis(roster.basis())
        .published(roster.published());
  }

  private static boolean isHead(DelegationComposed roster, Person person) {
    return roster.head() != null && roster.head().id().equals(person.id());
  }

  private static Stream<Member> without(DelegationComposed roster, Person person) {
    return roster.members().stream().filter(member -> !member.person().id().equals(person.id()));
  }

  /** The head before stays a member (rule 5). */
  private static List<Member> withOldHead(DelegationComposed roster) {
    Person head = roster.head();
    if (head == null
        || roster.members().stream().anyMatch(m -> m.person().id().equals(head.id()))) {
      return roster.members();
    }
    Member old = new Member().person(head).capacity(Capacity.MEMBER);
    return Stream.concat(roster.members().stream(), Stream.of(old)).toList();
  }
}
