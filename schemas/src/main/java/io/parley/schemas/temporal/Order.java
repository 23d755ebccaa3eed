package io.parley.schemas.temporal;

/** How two times relate, as far as they are known: never a guess (rule 1). */
public enum Order {
  /** The first is over, whatever the doubt, when the second begins. */
  BEFORE,
  /** The second is over, whatever the doubt, when the first begins. */
  AFTER,
  /** They share time, whatever the doubt. */
  OVERLAPS,
  /** It depends on what is not known. */
  UNDETERMINED;

  /** The same relation, seen from the second. */
  public Order reversed() {
    return switch (this) {
      case BEFORE -> AFTER;
      case AFTER -> BEFORE;
      case OVERLAPS, UNDETERMINED -> this;
    };
  }
}
