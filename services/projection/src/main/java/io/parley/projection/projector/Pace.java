package io.parley.projection.projector;

/**
 * How a record is verified: in large portions, or in small ones between which others have their
 * turn.
 *
 * @param parallel whether all processors may be busy with it
 * @param entries entries that are folded at once
 * @param rows rows of a table that are compared at once
 * @param comparisons comparisons that may run while the next entries are folded
 */
public record Pace(boolean parallel, int entries, int rows, int comparisons) {
  /**
   * As fast as it goes. Three portions of entries are in memory at once, and a collector of young
   * objects, for which everything waits, carries all of them along.
   */
  public static final Pace FAST = new Pace(true, 200, 500, 3);

  /**
   * Beside those who read: one processor at a time, ours or PostgreSQL's. What runs for longer than
   * a millisecond or two without a pause is seen in each read that comes meanwhile.
   */
  public static final Pace BESIDE = new Pace(false, 25, 50, 0);
}
