package io.parley.delegation.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.Command;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.delegation.AbsenceRecorded;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.Delegation.AttendanceCommand;
import io.parley.schemas.delegation.Delegation.AttendanceEvent;
import io.parley.schemas.delegation.PersonCheckedIn;
import io.parley.schemas.delegation.RecordAbsence;
import io.parley.schemas.delegation.StateAttendance;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
   * What was seen, and whose it was said to be.
   *
   * @param parties that the person was ever said to be of: with the person what filters match in
   *     each event, so that whoever heard the first of them hears the next (rule 22)
   * @param present by scope: true where the person was last checked in, false where absent
   */
  public record Seen(Set<String> parties, Map<String, Boolean> present) implements State {
    /** Copies both, in the order of the ids. */
    public Seen {
      parties = Collections.unmodifiableSet(new TreeSet<>(parties));
      present = Collections.unmodifiableMap(new TreeMap<>(present));
    }
  }

  @Override
  public State initial() {
    return new Seen(Set.of(), Map.of());
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
              .orElseGet(
                  () ->
                      Decision.accept(
                          AttendanceStated.from(c).keys(keys(said(seen, c.party()), c))));
      case CheckIn c ->
          KnownMeeting.missing(c.scope(), references)
              .orElseGet(
                  () ->
                      saysNothingNew(seen, c.scope(), true, c)
                          ? Decision.unchanged()
                          : Decision.accept(PersonCheckedIn.from(c).keys(keys(seen, c))));
      case RecordAbsence c ->
          KnownMeeting.missing(c.scope(), references)
              .orElseGet(
                  () ->
                      saysNothingNew(seen, c.scope(), false, c)
                          ? Decision.unchanged()
                          : Decision.accept(AbsenceRecorded.from(c).keys(keys(seen, c))));
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
      case AttendanceStated e -> said(seen, e.party());
      case PersonCheckedIn e -> with(seen, e.scope(), true);
      case AbsenceRecorded e -> with(seen, e.scope(), false);
    };
  }

  private static FilterKeys keys(Seen seen, AttendanceCommand command) {
    Set<String> actors = new TreeSet<>(seen.parties());
    actors.add(command.aggregate().substring("attendance:".length()));
    return new FilterKeys().actors(List.copyOf(actors));
  }

  private static Seen said(Seen seen, @Nullable String party) {
    if (party == null) {
      return seen;
    }
    Set<String> parties = new TreeSet<>(seen.parties());
    parties.add(party);
    return new Seen(parties, seen.present());
  }

  private static Seen with(Seen seen, String scope, boolean there) {
    Map<String, Boolean> present = new TreeMap<>(seen.present());
    present.put(scope, there);
    return new Seen(seen.parties(), present);
  }
}
