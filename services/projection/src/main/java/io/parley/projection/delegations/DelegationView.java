package io.parley.projection.delegations;

import io.parley.projection.delegations.Delegation.Mark;
import io.parley.projection.delegations.Delegation.Seat;
import io.parley.projection.delegations.Delegation.Term;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.Delegation.DelegationEvent;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.DelegationPublished;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.delegation.MemberWithdrawn;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.RosterCompleted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Delegations; one item for each party, with the party's id. */
@Component
public final class DelegationView implements View<Delegation> {
  @Override
  public String table() {
    return "delegations";
  }

  @Override
  public Class<Delegation> type() {
    return Delegation.class;
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof DelegationEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public Delegation evolve(String id, @Nullable Delegation item, Entry entry) {
    Delegation before = item == null ? nobody(id) : item;
    return switch ((DelegationEvent) entry.event()) {
      case DelegationComposed composed ->
          with(
              before,
              Named.ofNullable(composed.head()),
              composed.members().stream()
                  .map(member -> new Seat(Named.of(member.person()), member.capacity()))
                  .toList(),
              composed.roster(),
              composed.basis(),
              composed.published(),
              entry);
      case DelegationPublished published ->
          with(
              before,
              before.head(),
              before.members(),
              before.roster(),
              before.basis(),
              true,
              entry);
      case HeadAppointed appointed ->
          withHead(before, Named.of(appointed.person()), before.members(), entry);
      case HeadReplaced replaced ->
          withHead(before, Named.of(replaced.person()), keepingOldHead(before), entry);
      case MemberAppointed appointed ->
          withHead(
              before,
              before.head(),
              seated(before, new Seat(Named.of(appointed.person()), appointed.capacity())),
              entry);
      case MemberWithdrawn withdrawn -> {
        Named gone = Named.of(withdrawn.person());
        yield withHead(
            before,
            gone.equals(before.head()) ? null : before.head(),
            before.members().stream().filter(seat -> !seat.person().equals(gone)).toList(),
            entry);
      }
      case RosterCompleted completed ->
          with(
              before,
              before.head(),
              before.members(),
              Roster.COMPLETE,
              before.basis(),
              before.published(),
              entry);
    };
  }

  private static Delegation nobody(String party) {
    return new Delegation(
        party, null, List.of(), Roster.PARTIAL, null, true, List.of(), 0, 0, null);
  }

  private static Delegation withHead(
      Delegation before, @Nullable Named head, List<Seat> members, Entry entry) {
    return with(before, head, members, before.roster(), before.basis(), before.published(), entry);
  }

  private static Delegation with(
      Delegation before,
      @Nullable Named head,
      List<Seat> members,
      Roster roster,
      @Nullable String basis,
      boolean published,
      Entry entry) {
    return new Delegation(
        before.party(),
        head,
        members,
        roster,
        basis,
        published,
        heads(before, head, entry),
        entry.sequence(),
        entry.version(),
        Cited.of(entry.event(), before.source()));
  }

  /** The head before stays a member unless withdrawn (rule 5). */
  private static List<Seat> keepingOldHead(Delegation before) {
    Named head = before.head();
    return head == null || before.members().stream().anyMatch(seat -> seat.person().equals(head))
        ? before.members()
        : Stream.concat(before.members().stream(), Stream.of(new Seat(head, Capacity.MEMBER)))
            .toList();
  }

  private static List<Seat> seated(Delegation before, Seat seat) {
    return Stream.concat(
            before.members().stream().filter(other -> !other.person().equals(seat.person())),
            Stream.of(seat))
        .toList();
  }

  private static List<Term> heads(Delegation before, @Nullable Named head, Entry entry) {
    Named old = before.head();
    if (head == null ? old == null : head.equals(old)) {
      return before.heads();
    }
    Mark now =
        new Mark(
            entry.sequence(), entry.recordedAt(), Temporal.of(entry.event().header().occurred()));
    List<Term> terms = new ArrayList<>(before.heads());
    if (old != null) {
      Term last = terms.removeLast();
      terms.add(new Term(last.person(), last.from(), now));
    }
    if (head != null) {
      terms.add(new Term(head, now, null));
    }
    return List.copyOf(terms);
  }
}
