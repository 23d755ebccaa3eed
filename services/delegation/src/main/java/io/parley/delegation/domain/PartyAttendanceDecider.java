package io.parley.delegation.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.Delegation.PartyAttendanceCommand;
import io.parley.schemas.delegation.Delegation.PartyAttendanceEvent;
import io.parley.schemas.delegation.StateAttendance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said of the presence of a party's representatives where none is named ({@code
 * party-attendance:PARTY}; rule 8). Every statement is an event, as for a person ({@link
 * AttendanceDecider}).
 */
public final class PartyAttendanceDecider
    implements Decider<PartyAttendanceDecider.State, PartyAttendanceCommand, PartyAttendanceEvent> {

  /** What a statement depends on. */
  public sealed interface State {}

  /** Nothing: no statement narrows what may be said next. */
  public record Open() implements State {}

  @Override
  public State initial() {
    return new Open();
  }

  @Override
  public Decision decide(State state, PartyAttendanceCommand command, References references) {
    return switch (command) {
      case StateAttendance c when c.party() == null ->
          Decision.reject(
              "PERSON_OR_PARTY_NEEDED", 8, "neither a person nor a party says whose presence");
      case StateAttendance c ->
          KnownMeeting.missing(c.scope(), references)
              .orElseGet(() -> Decision.accept(AttendanceStated.from(c).keys(keys(c.party()))));
    };
  }

  /** Those of its party; a statement of nobody does not come so far. */
  private static FilterKeys keys(@Nullable String party) {
    return new FilterKeys().actors(party == null ? List.of() : List.of(party));
  }

  @Override
  public State evolve(State state, PartyAttendanceEvent event) {
    return switch (event) {
      case AttendanceStated _ -> state;
    };
  }
}
