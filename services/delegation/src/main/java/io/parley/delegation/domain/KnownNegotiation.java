package io.parley.delegation.domain;

import io.parley.journal.References;
import io.parley.schemas.Command;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.Schedule.NegotiationEvent;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the schedule service said of the negotiation.
 *
 * @param parties its parties and their roles, in the order of their ids
 */
public record KnownNegotiation(Map<String, PartyRole> parties) {
  /** Copies the map. */
  public KnownNegotiation {
    parties = Collections.unmodifiableMap(new TreeMap<>(parties));
  }

  /** The negotiation that a command belongs to; empty where it is not known here. */
  static Optional<KnownNegotiation> of(Command command, References references) {
    return references.find("negotiation:" + command.header().negotiation(), KnownNegotiation.class);
  }

  /** The principals that a party faces: none where it is not one itself (rule 6). */
  List<String> opponents(String party) {
    if (parties.get(party) != PartyRole.PRINCIPAL) {
      return List.of();
    }
    return parties.keySet().stream()
        .filter(other -> !other.equals(party) && parties.get(other) == PartyRole.PRINCIPAL)
        .toList();
  }

  /** The fact after an event of the schedule service. */
  static KnownNegotiation evolve(Optional<KnownNegotiation> known, NegotiationEvent event) {
    Map<String, PartyRole> parties =
        new TreeMap<>(known.map(KnownNegotiation::parties).orElse(Map.of()));
    switch (event) {
      case NegotiationConvened e -> e.parties().forEach(p -> parties.put(p.party(), p.role()));
      case PartyAdded e -> parties.put(e.party(), e.role());
    }
    return new KnownNegotiation(parties);
  }
}
