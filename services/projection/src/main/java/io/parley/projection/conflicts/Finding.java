package io.parley.projection.conflicts;

import io.parley.projection.conflicts.Conflict.Kind;
import io.parley.projection.conflicts.Conflict.Severity;
import java.util.List;

/**
 * A conflict that was found, before its names and events are looked up.
 *
 * @param subjects what it is about, {@code KIND:ID} each
 * @param because the facts that it rests on
 * @param detail tells it from another one of the same subjects
 */
record Finding(
    Kind kind,
    Severity severity,
    List<String> subjects,
    Sentence explanation,
    List<Ground> because,
    String detail) {

  Finding(
      Kind kind,
      Severity severity,
      List<String> subjects,
      Sentence explanation,
      List<Ground> because) {
    this(kind, severity, subjects, explanation, because, "");
  }

  /** What it is ordered and found again by: the surest first, which is by the alphabet too. */
  String key() {
    // One line: cursors part their fields by lines.
    return (severity + " " + kind + " " + String.join(" ", subjects) + " " + detail)
        .replace('\n', ' ');
  }
}
