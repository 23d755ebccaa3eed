package io.parley.projection.people;

import io.parley.projection.delegations.Delegation.Mark;
import io.parley.projection.people.Acquaintance.Membership;
import io.parley.schemas.Event;
import io.parley.schemas.Person;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.Member;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.delegation.MemberWithdrawn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The seats of one person in delegations, from one event to the next. */
final class Seats {
  private final String person;
  private final Mark now;
  private final List<Membership> seats;

  private Seats(String person, List<Membership> before, Mark now) {
    this.person = person;
    this.now = now;
    this.seats = new ArrayList<>(before);
  }

  /** The seats after an event; the same list where it changes none. */
  static List<Membership> after(String person, List<Membership> before, Event event, Mark now) {
    Seats seats = new Seats(person, before, now);
    seats.apply(event);
    return seats.seats.equals(before) ? before : List.copyOf(seats.seats);
  }

  private void apply(Event event) {
    switch (event) {
      case DelegationComposed composed -> {
        if (is(composed.head())) {
          take(composed.party(), true, null);
        }
        for (Member member : composed.members()) {
          if (is(member.person())) {
            take(composed.party(), false, member.capacity());
          }
        }
      }
      case HeadAppointed appointed when is(appointed.person()) ->
          take(appointed.party(), true, null);
      case HeadReplaced replaced -> {
        if (is(replaced.person())) {
          take(replaced.party(), true, null);
        } else if (is(replaced.previous())) {
          leave(replaced.party(), true);
          if (!sits(replaced.party(), false)) {
            // The old head stays a member unless withdrawn (rule 5).
            take(replaced.party(), false, Capacity.MEMBER);
          }
        }
      }
      case MemberAppointed appointed when is(appointed.person()) ->
          take(appointed.party(), false, appointed.capacity());
      case MemberWithdrawn withdrawn when is(withdrawn.person()) -> {
        leave(withdrawn.party(), true);
        leave(withdrawn.party(), false);
      }
      default -> {}
    }
  }

  private boolean is(@Nullable Person other) {
    return other != null && other.id().equals(person);
  }

  private boolean sits(String party, boolean head) {
    return seats.stream().anyMatch(seat -> holds(seat, party, head));
  }

  private static boolean holds(Membership seat, String party, boolean head) {
    return seat.to() == null && seat.head() == head && seat.party().equals(party);
  }

  private void take(String party, boolean head, @Nullable Capacity capacity) {
    boolean already =
        seats.stream().anyMatch(seat -> holds(seat, party, head) && seat.capacity() == capacity);
    if (!already) {
      leave(party, head);
      seats.add(new Membership(party, head, capacity, now, null));
    }
  }

  private void leave(String party, boolean head) {
    seats.replaceAll(
        seat ->
            holds(seat, party, head)
                ? new Membership(party, head, seat.capacity(), seat.from(), now)
                : seat);
  }
}
