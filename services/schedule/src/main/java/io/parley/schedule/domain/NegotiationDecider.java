package io.parley.schedule.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schedule.domain.NegotiationDecider.State;
import io.parley.schemas.schedule.AddParty;
import io.parley.schemas.schedule.ConveneNegotiation;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.Schedule.NegotiationCommand;
import io.parley.schemas.schedule.Schedule.NegotiationEvent;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A negotiation: convened once, then joined by parties. */
public final class NegotiationDecider
    implements Decider<State, NegotiationCommand, NegotiationEvent> {

  /** Where a negotiation stands. */
  public sealed interface State {}

  /** Nobody has convened it. */
  public record Unheard() implements State {}

  /**
   * Convened.
   *
   * @param parties name and role of each party, by id
   */
  public record Convened(Map<String, String> parties) implements State {}

  @Override
  public State initial() {
    return new Unheard();
  }

  @Override
  public Decision decide(State state, NegotiationCommand command, References references) {
    return switch (command) {
      case ConveneNegotiation convene -> convene(state, convene);
      case AddParty add -> add(state, add);
    };
  }

  private static Decision convene(State state, ConveneNegotiation command) {
    if (state instanceof Convened) {
      return Decision.reject(
          "NEGOTIATION_EXISTS",
          5,
          "negotiation " + command.header().negotiation() + " was convened before");
    }
    Set<String> ids = new HashSet<>();
    for (Party party : command.parties()) {
      if (!ids.add(party.party())) {
        return Decision.reject("PARTY_EXISTS", 6, "party " + party.party() + " is named twice");
      }
    }
    return Decision.accept(NegotiationConvened.from(command));
  }

  private static Decision add(State state, AddParty command) {
    return switch (state) {
      case Unheard _ -> ScheduleDomain.negotiationNotFound(command.header().negotiation());
      case Convened(var parties) -> {
        String known = parties.get(command.party());
        if (known == null) {
          yield Decision.accept(PartyAdded.from(command));
        }
        yield known.equals(described(command.name(), command.role().name()))
            ? Decision.unchanged()
            : Decision.reject(
                "PARTY_EXISTS", 6, "party " + command.party() + " is there as " + known);
      }
    };
  }

  @Override
  public State evolve(State state, NegotiationEvent event) {
    return switch (event) {
      case NegotiationConvened convened -> {
        Map<String, String> parties = new TreeMap<>();
        convened
            .parties()
            .forEach(p -> parties.put(p.party(), described(p.name(), p.role().name())));
        yield new Convened(parties);
      }
      case PartyAdded added ->
          switch (state) {
            case Unheard _ ->
                throw new IllegalStateException("a party of a negotiation that nobody convened");
            case Convened(var before) -> {
              Map<String, String> parties = new TreeMap<>(before);
              parties.put(added.party(), described(added.name(), added.role().name()));
              yield new Convened(parties);
            }
          };
    };
  }

  private static String described(String name, String role) {
    return name + " (" + role + ")";
  }
}
