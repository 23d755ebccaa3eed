package io.parley.delegation.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
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
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who represents a party ({@code delegation:PARTY}): its head, its members, its roster (rules 5 to
 * 7).
 *
 * <p>A head is always a member. A roster that is COMPLETE stays so: later appointments and
 * withdrawals change who is on it, not whether it is known whole.
 */
public final class DelegationDecider
    implements Decider<DelegationDecider.State, DelegationCommand, DelegationEvent> {

  /** Where a delegation stands. */
  public sealed interface State {}

  /** Nobody has recorded it. */
  public record None() implements State {}

  /**
   * It is on record.
   *
   * @param head its head; null while vacant, which is legal
   * @param members everybody on it, the head too, and in what capacity
   * @param roster whether the members are all there are
   */
  public record Composed(@Nullable Head head, Map<String, Capacity> members, Roster roster)
      implements State {
    /** Copies the map, in the order of the ids. */
    public Composed {
      members = Collections.unmodifiableMap(new TreeMap<>(members));
    }

    private boolean headedBy(String person) {
      return head != null && head.id().equals(person);
    }

    /** Whether the person represents the party (rule 6). */
    boolean hasPrincipal(String person) {
      Capacity capacity = members.get(person);
      return headedBy(person) || (capacity != null && Opposition.isPrincipal(capacity));
    }
  }

  /** A head: the id, and the name that refusals show. */
  public record Head(String id, @Nullable String name) {
    private static Head of(Person person) {
      return new Head(person.id(), person.name());
    }

    @Override
    public String toString() {
      return name == null ? id : name + " (" + id + ")";
    }
  }

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public Decision decide(State state, DelegationCommand command, References references) {
    return switch (state) {
      case None _ ->
          switch (command) {
            case ComposeDelegation c -> compose(c, references);
            case PublishDelegation c -> notFound(c.party());
            case AppointHead c -> notFound(c.party());
            case ReplaceHead c -> notFound(c.party());
            case AppointMember c -> notFound(c.party());
            case WithdrawMember c -> notFound(c.party());
            case TransferMember c -> notFound(c.from());
            case CompleteRoster c -> notFound(c.party());
          };
      case Composed delegation ->
          switch (command) {
            case ComposeDelegation c -> composeAgain(c);
            case PublishDelegation c -> publish(c);
            case AppointHead c -> appointHead(delegation, c, references);
            case ReplaceHead c -> replaceHead(delegation, c, references);
            case AppointMember c -> appointMember(delegation, c, references);
            case WithdrawMember c -> withdraw(delegation, c);
            case TransferMember c -> transfer(delegation, c, references);
            case CompleteRoster c -> complete(delegation, c);
          };
    };
  }

  @Override
  public State evolve(State state, DelegationEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case DelegationComposed e -> composed(e);
            case DelegationPublished _,
                HeadAppointed _,
                HeadReplaced _,
                MemberAppointed _,
                MemberWithdrawn _,
                RosterCompleted _ ->
                throw new IllegalStateException(event.type() + " before DelegationComposed");
          };
      case Composed delegation ->
          switch (event) {
            case HeadAppointed e -> headed(delegation, e.person());
            case HeadReplaced e -> headed(delegation, e.person());
            case MemberAppointed e -> joined(delegation, e.person().id(), e.capacity());
            case MemberWithdrawn e -> left(delegation, e.person().id());
            case RosterCompleted _ ->
                new Composed(delegation.head(), delegation.members(), Roster.COMPLETE);
            case DelegationComposed _, DelegationPublished _ ->
                throw new IllegalStateException(event.type() + " after DelegationComposed");
          };
    };
  }

  // What is decided

  /** A roster that is not announced begins a record that {@link UnpublishedDecider} keeps. */
  private static Decision compose(ComposeDelegation c, References references) {
    DelegationComposed composed = DelegationComposed.from(c);
    return namedTwice(c)
        .or(() -> basisMissing(c.basis(), references))
        .or(() -> Opposition.toAny(c, composed, references))
        .orElseGet(() -> c.published() ? Decision.accept(composed) : Decision.restrict(composed));
  }

  static Decision composeAgain(ComposeDelegation c) {
    return Decision.reject(
        "DELEGATION_EXISTS",
        5,
        "the delegation of %s is on record: appoint and withdraw instead".formatted(c.party()));
  }

  private static Decision publish(PublishDelegation c) {
    return Decision.reject(
        "ALREADY_PUBLISHED", 31, "the delegation of %s is public".formatted(c.party()));
  }

  private static Decision appointHead(Composed delegation, AppointHead c, References references) {
    if (delegation.headedBy(c.person().id())) {
      return Decision.unchanged();
    }
    if (delegation.head() != null) {
      return Decision.reject(
          "HEAD_ALREADY_APPOINTED",
          5,
          "%s heads the delegation of %s: replace the head instead"
              .formatted(delegation.head(), c.party()));
    }
    return Opposition.to(c, c.person().id(), c.party(), null, references)
        .orElseGet(() -> Decision.accept(HeadAppointed.from(c)));
  }

  private static Decision replaceHead(Composed delegation, ReplaceHead c, References references) {
    Head before = delegation.head();
    if (before == null) {
      return Decision.reject(
          "NO_HEAD_TO_REPLACE",
          5,
          "the delegation of %s has no head: appoint one instead".formatted(c.party()));
    }
    if (delegation.headedBy(c.person().id())) {
      return Decision.unchanged();
    }
    return Opposition.to(c, c.person().id(), c.party(), null, references)
        .orElseGet(
            () ->
                Decision.accept(
                    new HeadReplaced()
                        .party(c.party())
                        .person(c.person())
                        .previous(new Person().id(before.id()).name(before.name()))));
  }

  private static Decision appointMember(
      Composed delegation, AppointMember c, References references) {
    if (delegation.members().get(c.person().id()) == c.capacity()) {
      return Decision.unchanged();
    }
    return (Opposition.isPrincipal(c.capacity())
            ? Opposition.to(c, c.person().id(), c.party(), null, references)
            : Optional.<Decision>empty())
        .orElseGet(
            () ->
                Decision.accept(
                    new MemberAppointed()
                        .party(c.party())
                        .person(c.person())
                        .capacity(c.capacity())));
  }

  private static Decision withdraw(Composed delegation, WithdrawMember c) {
    if (!delegation.members().containsKey(c.person().id())) {
      return notAMember(c.person(), c.party());
    }
    return Decision.accept(
        new MemberWithdrawn().party(c.party()).person(c.person()).reason(c.reason()));
  }

  /** The capacity goes along, the headship does not: the delegation left has no head then. */
  private static Decision transfer(Composed from, TransferMember c, References references) {
    String person = c.person().id();
    if (c.from().equals(c.to())) {
      return Decision.reject("TRANSFER_TO_SAME_DELEGATION", 6, "from and to are both " + c.from());
    }
    Capacity capacity = from.members().get(person);
    if (capacity == null) {
      return notAMember(c.person(), c.from());
    }
    Optional<Composed> to = Opposition.find(c.to(), references);
    if (to.isEmpty()) {
      return notFound(c.to());
    }
    if (to.get().members().containsKey(person)) {
      return Decision.reject(
          "ALREADY_A_MEMBER",
          6,
          "%s is a member of the delegation of %s: withdraw from that of %s instead"
              .formatted(person, c.to(), c.from()));
    }
    return (Opposition.isPrincipal(capacity)
            ? Opposition.to(c, person, c.to(), c.from(), references)
            : Optional.<Decision>empty())
        .orElseGet(
            () ->
                Decision.accept(
                    new MemberWithdrawn().party(c.from()).person(c.person()).transferredTo(c.to()),
                    new MemberAppointed()
                        .party(c.to())
                        .person(c.person())
                        .capacity(capacity)
                        .transferredFrom(c.from())));
  }

  private static Decision complete(Composed delegation, CompleteRoster c) {
    return delegation.roster() == Roster.COMPLETE
        ? Decision.unchanged()
        : Decision.accept(RosterCompleted.from(c));
  }

  // What is refused

  private static Decision notFound(String party) {
    return Decision.unknown(
        "DELEGATION_NOT_FOUND", "no delegation of %s was composed".formatted(party));
  }

  private static Decision notAMember(Person person, String party) {
    return Decision.reject(
        "NOT_A_MEMBER",
        7,
        "%s is not among the recorded members of the delegation of %s"
            .formatted(person.id(), party));
  }

  private static Optional<Decision> namedTwice(ComposeDelegation c) {
    Set<String> seen = new HashSet<>();
    return c.members().stream()
        .map(member -> member.person().id())
        .filter(person -> !seen.add(person))
        .findFirst()
        .map(
            person ->
                Decision.reject("MEMBER_NAMED_TWICE", 7, person + " is twice among the members"));
  }

  /** A held basis will do: it is taken back for the time being only. */
  static Optional<Decision> basisMissing(@Nullable String basis, References references) {
    if (basis == null) {
      return Optional.empty();
    }
    Optional<KnownAnnouncement> known =
        references.find("announcement:" + basis, KnownAnnouncement.class);
    if (known.isEmpty()) {
      return Optional.of(
          Decision.unknown(
              "ANNOUNCEMENT_NOT_FOUND", "there is no announcement " + basis + " to rest on"));
    }
    return known
        .filter(KnownAnnouncement::retracted)
        .map(
            _ ->
                Decision.reject(
                    "BASIS_RETRACTED", 22, "announcement " + basis + " stands retracted"));
  }

  // What follows from an event

  static Composed composed(DelegationComposed e) {
    Map<String, Capacity> members = new TreeMap<>();
    for (Member member : e.members()) {
      members.put(member.person().id(), member.capacity());
    }
    Composed delegation = new Composed(null, members, e.roster());
    return e.head() == null ? delegation : headed(delegation, e.head());
  }

  /** The head before, if any, stays a member (rule 5). */
  private static Composed headed(Composed delegation, Person head) {
    Map<String, Capacity> members = new TreeMap<>(delegation.members());
    members.putIfAbsent(head.id(), Capacity.MEMBER);
    return new Composed(Head.of(head), members, delegation.roster());
  }

  private static Composed joined(Composed delegation, String person, Capacity capacity) {
    Map<String, Capacity> members = new TreeMap<>(delegation.members());
    members.put(person, capacity);
    return new Composed(delegation.head(), members, delegation.roster());
  }

  private static Composed left(Composed delegation, String person) {
    Map<String, Capacity> members = new TreeMap<>(delegation.members());
    members.remove(person);
    Head head = delegation.headedBy(person) ? null : delegation.head();
    return new Composed(head, members, delegation.roster());
  }
}
