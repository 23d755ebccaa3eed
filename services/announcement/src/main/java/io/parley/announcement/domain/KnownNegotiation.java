package io.parley.announcement.domain;

import io.parley.journal.References;
import io.parley.schemas.Command;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.Schedule.NegotiationEvent;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /**
   * The party whose ids an id is one of: those that begin with its own and a hyphen. Of {@code us}
   * and {@code us-allies} the longer one has {@code us-allies-1}.
   */
  @Nullable String owner(String id) {
    return parties.keySet().stream()
        .filter(party -> id.startsWith(party + "-"))
        .max(Comparator.comparingInt(String::length))
        .orElse(null);
  }

  /** Its principals, who sign a text that names no parties (rule 24). */
  Set<String> principals() {
    Set<String> principals = new LinkedHashSet<>(parties.keySet());
    principals.removeIf(party -> parties.get(party) != PartyRole.PRINCIPAL);
    return principals;
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
