package io.parley.projection.projector;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Finds the entry and the view of which PostgreSQL refuses a row, among many written at once. */
final class Halving {
  private Halving() {}

  /**
   * Writes entries, in as few transactions as it takes.
   *
   * @param attempt writes some of them in one transaction; throws {@link Refused}
   * @param blame notes what is refused of one entry, so that the next attempt leaves it out; throws
   *     where it cannot be left out
   */
  static void write(
      List<Entry> entries, Consumer<List<Entry>> attempt, BiConsumer<Entry, Refused> blame) {
    try {
      attempt.accept(entries);
    } catch (Refused refusal) {
      if (entries.size() == 1) {
        blame.accept(entries.getFirst(), refusal);
        write(entries, attempt, blame);
      } else {
        int middle = entries.size() / 2;
        write(entries.subList(0, middle), attempt, blame);
        write(entries.subList(middle, entries.size()), attempt, blame);
      }
    }
  }
}
