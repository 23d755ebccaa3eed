package io.parley.journal.http;

import io.parley.journal.reading.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with a body, each with the JSON pointer (RFC 6901) to it; only so many are told.
 */
final class Faults {
  private static final int MOST_TOLD = 50;

  private final List<Problem.Fault> found = new ArrayList<>();
  private int count;

  void add(String pointer, String detail) {
    count++;
    if (found.size() < MOST_TOLD) {
      found.add(new Problem.Fault(pointer, detail));
    }
  }

  /** Refuses the request if anything is wrong. */
  void throwIfAny() {
    if (count > 0) {
      Problem.Fault first = found.getFirst();
      String more = count == 1 ? "" : ", and " + (count - 1) + " more";
      throw Problem.invalid(
          (first.pointer().isEmpty() ? "the body" : first.pointer()) + ": " + first.detail() + more,
          found);
    }
  }

  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
