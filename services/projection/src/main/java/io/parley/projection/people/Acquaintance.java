package io.parley.projection.people;

import io.parley.projection.delegations.Delegation.Mark;
import io.parley.projection.names.Mention.Sort;
import io.parley.schemas.delegation.Capacity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one negotiation knows of somebody.
 *
 * @param person id
 * @param sort as what it is named: nothing tells a body that speaks from a person who does, so that
 *     a SPEAKER counts as a person unless it turns out to be a party
 * @param names every name given, oldest first; the last one shows
 * @param offices every office given, oldest first
 * @param aliases other spellings
 * @param memberships in delegations, oldest first
 * @param sequence timeline position that last changed it
 */
public record Acquaintance(
    String person,
    Sort sort,
    List<Given> names,
    List<Given> offices,
    List<String> aliases,
    List<Membership> memberships,
    long sequence) {

  /** A name or an office, and since when it is on record. */
  public record Given(String value, Mark from) {}

  /**
   * A seat in a delegation (rules 5 and 6).
   *
   * @param head whether as its head
   * @param capacity as what; null of a head
   * @param to until when; null: still
   */
  public record Membership(
      String party, boolean head, @Nullable Capacity capacity, Mark from, @Nullable Mark to) {}
}
