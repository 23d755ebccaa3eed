package io.parley.projection.delegations;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Resting;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.Roster;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who represents a party. That somebody is not among the members of a PARTIAL roster says nothing
 * (rule 7).
 *
 * @param party slug of the party
 * @param head head, or null where the place is vacant or not known
 * @param members members beside the head, in the order in which they were named
 * @param roster whether the members are all
 * @param basis announcement that it rests on: the decree, say
 * @param published whether it is public
 * @param heads every head it had, oldest first (rule 5)
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 */
public record Delegation(
    String party,
    @Nullable Named head,
    List<Seat> members,
    Roster roster,
    @Nullable String basis,
    boolean published,
    List<Term> heads,
    long sequence,
    long version,
    @Nullable Cited source)
    implements Resting {

  @Override
  public List<String> restsOn() {
    return basis == null ? List.of() : List.of(basis);
  }

  /** A member and in what capacity. */
  public record Seat(Named person, Capacity capacity) {}

  /** How long somebody was head; no end: is still. */
  public record Term(Named person, Mark from, @Nullable Mark to) {}

  /**
   * A change on both axes.
   *
   * @param sequence timeline position
   * @param recordedAt when it was settled
   * @param occurred when it happened in the world, if that was said
   */
  public record Mark(long sequence, Instant recordedAt, @Nullable Temporal occurred) {}
}
