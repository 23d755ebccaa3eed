package io.parley.projection.attendance.derivation;

/** How sure support has to be to count. */
enum Mode {
  /** Nothing that may still turn out speaks against it. */
  CERTAIN,
  /** Nothing that is certain speaks against it. */
  POSSIBLE;

  Mode other() {
    return this == CERTAIN ? POSSIBLE : CERTAIN;
  }
}
