package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Everything that was known of attendance at one moment. Immutable; the lists are in the order of
 * the timeline, whatever the order in which they are given.
 *
 * @param stated what was said, without what the same speaker superseded (rule 28)
 * @param conditions the conditions that hold, without those withdrawn
 * @param observed what was seen last of each presence
 * @param containment which scopes lie in which
 * @param delegations the delegations that are public
 */
public record Facts(
    List<Stated> stated,
    List<Condition> conditions,
    List<Observed> observed,
    Containment containment,
    List<Delegates> delegations) {

  /**
   * Who is on a delegation. To be a member is not to attend (rule 7).
   *
   * @param party party that they represent
   * @param members ids of the head and the members
   * @param complete whether these are all
   */
  public record Delegates(String party, Set<String> members, boolean complete) {
    /** Copies the set. */
    public Delegates {
      members = Set.copyOf(members);
    }
  }

  /** Sorts and copies. */
  public Facts {
    stated = sorted(stated);
    conditions = sorted(conditions);
    observed = sorted(observed);
    delegations = List.copyOf(delegations);
  }

  /** How many facts. */
  public int size() {
    return stated.size() + conditions.size() + observed.size() + delegations.size();
  }

  private static <F extends Fact> List<F> sorted(List<F> facts) {
    return facts.stream()
        .sorted(
            Comparator.comparing(Fact::sequence, Comparator.nullsLast(Comparator.naturalOrder())))
        .toList();
  }
}
