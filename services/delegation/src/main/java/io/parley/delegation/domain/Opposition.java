package io.parley.delegation.domain;

import io.parley.delegation.domain.DelegationDecider.Composed;
import io.parley.delegation.domain.DelegationDecider.None;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.Command;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.DelegationComposed;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rule 6: nobody represents two opposing parties at once. Two parties oppose each other where both
 * are principals of the negotiation.
 */
final class Opposition {
  private Opposition() {}

  /** Refuses a delegation with somebody who represents the other side. */
  static Optional<Decision> toAny(
      Command command, DelegationComposed delegation, References references) {
    Set<String> principals = new LinkedHashSet<>();
    if (delegation.head() != null) {
      principals.add(delegation.head().id());
    }
    delegation.members().stream()
        .filter(member -> isPrincipal(member.capacity()))
        .forEach(member -> principals.add(member.person().id()));
    return principals.stream()
        .flatMap(person -> to(command, person, delegation.party(), null, references).stream())
        .findFirst();
  }

  /**
   * Refuses that a person represents a party while representing the other side.
   *
   * @param leaving party whose delegation the person leaves at the same moment
   */
  static Optional<Decision> to(
      Command command,
      String person,
      String party,
      @Nullable String leaving,
      References references) {
    return KnownNegotiation.of(command, references).orElseThrow().opponents(party).stream()
        .filter(opponent -> !opponent.equals(leaving))
        .filter(
            opponent -> find(opponent, references).filter(d -> d.hasPrincipal(person)).isPresent())
        .findFirst()
        .map(
            opponent ->
                Decision.reject(
                    "MEMBER_OF_OPPOSING_DELEGATION",
                    6,
                    "%s represents %s: withdraw or transfer before representing %s"
                        .formatted(person, opponent, party)));
  }

  /**
   * Whether a member in this capacity represents the party, as a head always does. Advisers,
   * experts, interpreters and observers may serve two sides.
   */
  static boolean isPrincipal(Capacity capacity) {
    return switch (capacity) {
      case MEMBER, ENVOY -> true;
      case ADVISER, EXPERT, INTERPRETER, OBSERVER, UNRECOGNIZED -> false;
    };
  }

  /** The delegation of a party, where one was composed. */
  static Optional<Composed> find(String party, References references) {
    return references
        .find("delegation:" + party, DelegationDecider.State.class)
        .flatMap(
            state ->
                switch (state) {
                  case None _ -> Optional.empty();
                  case Composed delegation -> Optional.of(delegation);
                });
  }
}
