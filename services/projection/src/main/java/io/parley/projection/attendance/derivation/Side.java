package io.parley.projection.attendance.derivation;

/** Of a presence: that it is, or that it is not. */
enum Side {
  PRESENT(1),
  ABSENT(2);

  /** Its bit in a set of sides. */
  final int bit;

  Side(int bit) {
    this.bit = bit;
  }

  Side other() {
    return this == PRESENT ? ABSENT : PRESENT;
  }

  boolean in(int sides) {
    return (sides & bit) != 0;
  }

  /** This side of a presence as one number, so that it fits in arrays. */
  int of(int node) {
    return 2 * node + bit - 1;
  }

  /** The side in such a number. */
  static Side numbered(int number) {
    return number % 2 == 0 ? PRESENT : ABSENT;
  }

  static Side of(boolean present) {
    return present ? PRESENT : ABSENT;
  }
}
