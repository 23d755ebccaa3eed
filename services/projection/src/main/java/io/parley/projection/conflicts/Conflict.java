package io.parley.projection.conflicts;

import io.parley.projection.shape.Cited;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conflict, as it is answered. It is flagged and never resolved (rule 19).
 *
 * @param kind what sort of conflict it is
 * @param severity how sure it is
 * @param subjects what it is about, {@code KIND:ID} each
 * @param explanation in a sentence, with the names as of the moment that is asked for
 * @param because the facts that it rests on, oldest first
 * @param sequence timeline position of the newest of them
 */
record Conflict(
    Kind kind,
    Severity severity,
    List<String> subjects,
    String explanation,
    List<Link> because,
    @Nullable Long sequence) {

  /**
   * How sure a conflict is. HARD and LATE are certain whatever the doubt in the times; rule 19
   * gives the kinds that are of no time or place no severity: they are POSSIBLE, since more may
   * turn up that settles them.
   */
  enum Severity {
    HARD,
    LATE,
    POSSIBLE
  }

  /** What sort of conflict it is. */
  enum Kind {
    /** One person in two places that exclude each other at one time (rule 19). */
    OVERLAP,
    /** Somebody who comes arrives after the start (rule 19). */
    LATE,
    /** What is excluded is also held (rule 20). */
    EXCLUSION,
    /** Sources contradict each other, and none is ranked above (rule 28). */
    SOURCES,
    /** There is support for both sides of a presence (rule 9). */
    ATTENDANCE,
    /** Conditions depend on each other in a circle (rule 12). */
    CYCLE,
    /** It rests on something that was retracted (rule 22). */
    BASIS_WITHDRAWN
  }

  /** A fact: its event, and in words. */
  record Link(long sequence, String type, String text, @Nullable Cited source) {}
}
