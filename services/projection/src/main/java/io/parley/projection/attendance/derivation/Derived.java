package io.parley.projection.attendance.derivation;

/** What follows from all that is known of a presence (rule 9). */
public enum Derived {
  EXPECTED,
  NOT_EXPECTED,
  UNDETERMINED
}
