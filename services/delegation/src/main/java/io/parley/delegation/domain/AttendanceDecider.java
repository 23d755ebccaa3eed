package io.parley.delegation.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.Command;
import io.parley.schemas.delegation.AbsenceRecorded;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.Delegation.AttendanceCommand;
import io.parley.schemas.delegation.Delegation.AttendanceEvent;
import io.parley.schemas.delegation.PersonCheckedIn;
import io.parley.schemas.delegation.RecordAbsence;
import io.parley.schemas.delegation.StateAttendance;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was said and seen of one person's presence ({@code attendance:PERSON}), scope by scope
 * (rules 8 and 15).
 *
 * <p>Every statement is an event, also one that repeats the last: another source may say it, or the
 * same one again later. What follows from the statements is derived where it is read (rules 9 to
 * 11), so nothing that was said narrows what may be said next.
 */
public final class AttendanceDecider
    implements Decider<AttendanceDecider.State, AttendanceCommand, AttendanceEvent> {

  /** What is known of the person's presence. */
  public sealed interface State {}

  /**
   * What was seen.
   *
   * @param present by scope: true where the person was last checked in, false where absent
   */
  public record Seen(Map<String, Boolean> present) implements State {
    /** Copies the map, in the order of the scopes. */
    public Seen {
      present = Collections.unmodifiableMap(new TreeMap<>(present));
    }
  }

  @Override
  public State initial() {
    return new Seen(Map.of());
  }

  @Override
  public Decision decide(State state, AttendanceCommand command, References references) {
    Seen seen =
        switch (state) {
          case Seen s -> s;
        };
    return switch (command) {
      case StateAttendance c ->
          KnownMeeting.missing(c.scope(), references)
              .orElseGet(() -> Decision.accept(AttendanceStated.from(c)));
      case CheckIn c ->
          KnownMeeting.missing(c.scope(), references)
              .orElseGet(
                  () ->
                      saysNothingNew(seen, c.scope(), true, c)
                          ? Decision.unchanged()
                          : Decision.accept(PersonCheckedIn.from(c)));
      case RecordAbsence c ->
          KnownMeeting.missing(c.scope(), references)
              .orElseGet(
                  () ->
                      saysNothingNew(seen, c.scope(), false, c)
                          ? Decision.unchanged()
                          : Decision.accept(AbsenceRecorded.from(c)));
    };
  }

  /** A second click on the same button; one that brings a time or a source says something new. */
  private static boolean saysNothingNew(Seen seen, String scope, boolean present, Command c) {
    return Boolean.valueOf(present).equals(seen.present().get(scope))
        && c.header().occurred() == null
        && c.header().source() == null;
  }

  @Override
  public State evolve(State state, AttendanceEvent event) {
    Seen seen =
        switch (state) {
          case Seen s -> s;
        };
    return switch (event) {
      case AttendanceStated _ -> seen;
      case PersonCheckedIn e -> with(seen, e.scope(), true);
      case AbsenceRecorded e -> with(seen, e.scope(), false);
    };
  }

  private static Seen with(Seen seen, String scope, boolean there) {
    Map<String, Boolean> present = new TreeMap<>(seen.present());
    present.put(scope, there);
    return new Seen(present);
  }
}
