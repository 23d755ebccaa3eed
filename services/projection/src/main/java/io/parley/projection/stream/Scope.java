package io.parley.projection.stream;

/**
 * Which partitions of the timeline a stream is about: all, or the one that holds its negotiation.
 *
 * @param partition that one; {@value #ALL} for all
 */
record Scope(int partition) {
  static final int ALL = -1;

  /** Every negotiation. */
  static final Scope WHOLE = new Scope(ALL);

  boolean isWhole() {
    return partition == ALL;
  }

  boolean has(int other) {
    return partition == ALL || partition == other;
  }
}
