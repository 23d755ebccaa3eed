package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules 9, 10 and 14 to 16 word by word, over every presence there can be: each rule is tried on
 * each until nothing new is found. Slow, and written without a look at what it judges.
 */
final class Naive {
  /** That a presence is supported, or that its absence is. */
  record Claim(Presence presence, boolean present) {
    Claim opposite() {
      return new Claim(presence, !present);
    }
  }

  static final List<String> SCOPES =
      List.of(
          "meeting:opening",
          "meeting:dinner",
          "venue:palace",
          "city:istanbul",
          "city:ankara",
          "country:turkiye",
          "talks");

  /** Which scopes contain which; written out, not computed. */
  private static final Map<String, Set<String>> AROUND =
      Map.of(
          "meeting:opening", Set.of("venue:palace", "city:istanbul", "country:turkiye", "talks"),
          "meeting:dinner", Set.of("city:ankara", "country:turkiye", "talks"),
          "venue:palace", Set.of("city:istanbul", "country:turkiye"),
          "city:istanbul", Set.of("country:turkiye"),
          "city:ankara", Set.of("country:turkiye"),
          "country:turkiye", Set.of(),
          "talks", Set.of());

  private final Facts facts;
  private final List<Assumed> assumed;
  private final List<Presence> presences;
  private Set<Claim> certain = Set.of();
  private Set<Claim> possible = Set.of();

  Naive(Facts facts, List<Assumed> assumed, List<Presence> presences) {
    this.facts = facts;
    this.assumed = assumed;
    this.presences = presences;
    Set<Claim> before;
    do {
      before = certain;
      possible = closed(before);
      certain = closed(possible);
    } while (!certain.equals(before));
  }

  static boolean within(String narrow, String wide) {
    return AROUND.getOrDefault(narrow, Set.of()).contains(wide);
  }

  /** Whether every support is certain or none. */
  boolean decided() {
    return certain.equals(possible);
  }

  Derived derived(Presence presence) {
    Claim there = new Claim(presence, true);
    if (holds(there, certain, possible)) {
      return Derived.EXPECTED;
    }
    return holds(there.opposite(), certain, possible) ? Derived.NOT_EXPECTED : Derived.UNDETERMINED;
  }

  boolean disputed(Presence presence) {
    Claim there = new Claim(presence, true);
    return assumed(presence) == null
        && possible.contains(there)
        && possible.contains(there.opposite());
  }

  /** All that is supported, where these claims speak against what they contradict. */
  private Set<Claim> closed(Set<Claim> against) {
    Set<Claim> found = new HashSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Presence presence : presences) {
        for (boolean side : new boolean[] {true, false}) {
          Claim claim = new Claim(presence, side);
          if (!found.contains(claim) && follows(claim, found, against)) {
            found.add(claim);
            more = true;
          }
        }
      }
    }
    return found;
  }

  /** Whether a claim follows from statements, other scopes or conditions. */
  boolean follows(Claim claim, Set<Claim> found, Set<Claim> against) {
    for (Stated stated : facts.stated()) {
      if (stated.presence().equals(claim.presence())
          && stated.status()
              == (claim.present() ? AttendanceStatus.CONFIRMED : AttendanceStatus.DECLINED)) {
        return true;
      }
    }
    for (String scope : SCOPES) {
      Claim other = new Claim(new Presence(claim.presence().subject(), scope), claim.present());
      boolean entails =
          claim.present()
              ? within(scope, claim.presence().scope())
              : within(claim.presence().scope(), scope);
      if (entails && holds(other, found, against)) {
        return true;
      }
    }
    for (Condition condition : facts.conditions()) {
      ConditionKind useless = claim.present() ? ConditionKind.ONLY_IF : ConditionKind.IF;
      if (condition.dependent().equals(claim.presence())
          && condition.kind() != useless
          && required(condition, claim.present(), found, against)) {
        return true;
      }
    }
    return false;
  }

  private boolean required(
      Condition condition, boolean side, Set<Claim> found, Set<Claim> against) {
    boolean assessedSo =
        condition.assessed() != null && (condition.assessed().result() == Assessment.MET) == side;
    Presence requires = condition.requires();
    if (requires == null) {
      return assessedSo;
    }
    Boolean seen = seen(requires);
    if (seen != null) {
      return seen == side;
    }
    Claim claim = new Claim(requires, side);
    // What is against takes the place of what is found, and the other way round.
    return holds(claim, found, against) || (assessedSo && !holds(claim.opposite(), against, found));
  }

  private boolean holds(Claim claim, Set<Claim> found, Set<Claim> against) {
    Boolean taken = assumed(claim.presence());
    if (taken != null) {
      return taken == claim.present();
    }
    return found.contains(claim) && !against.contains(claim.opposite());
  }

  private @Nullable Boolean assumed(Presence presence) {
    Boolean taken = null;
    for (Assumed each : assumed) {
      if (entails(each.presence(), each.present(), presence)) {
        taken = each.present();
      }
    }
    return taken;
  }

  private @Nullable Boolean seen(Presence presence) {
    Boolean taken = assumed(presence);
    if (taken != null) {
      return taken;
    }
    for (Observed each : facts.observed()) {
      if (entails(each.presence(), each.present(), presence)) {
        taken = each.present();
      }
    }
    return taken;
  }

  private static boolean entails(Presence one, boolean present, Presence other) {
    return one.subject().equals(other.subject())
        && (one.scope().equals(other.scope())
            || (present ? within(one.scope(), other.scope()) : within(other.scope(), one.scope())));
  }
}
