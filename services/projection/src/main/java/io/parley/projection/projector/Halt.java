package io.parley.projection.projector;

import java.time.Instant;

/**
 * A view that stands still in one negotiation (ADR 8): it has every entry before this one, and none
 * from it on.
 *
 * @param view its table
 * @param sequence the entry that it does not take
 * @param partition partition of {@code parley.timeline}
 * @param offset offset of that entry; while the view catches up, from where it reads on
 * @param type what happened there
 * @param aggregate aggregate that it happened to
 * @param reason why the view does not take it
 * @param attempts how often it was tried; 0 while the view catches up
 * @param since when the view first stood still there
 * @param behind entries of the negotiation that the view has not, when this was read
 */
public record Halt(
    String view,
    String negotiation,
    long sequence,
    int partition,
    long offset,
    String type,
    String aggregate,
    String reason,
    long attempts,
    Instant since,
    long behind) {
  /** What stands still: a view in a negotiation. */
  record Key(String view, String negotiation) {}

  private static final String CATCHING_UP = "it catches up";
  private static final int MOST_CHARACTERS = 1_000;

  Key key() {
    return new Key(view, negotiation);
  }

  /** It took the entry after all. */
  Halt past(Entry entry) {
    return at(entry, entry.sequence() + 1, entry.offset() + 1, CATCHING_UP, 0);
  }

  /** It was tried with an entry, and does not take it. */
  Halt again(Entry entry, Throwable error) {
    return at(entry, entry.sequence(), entry.offset(), reason(error), attempts + 1);
  }

  private Halt at(Entry entry, long next, long nextOffset, String why, long tries) {
    return new Halt(
        view,
        negotiation,
        next,
        partition,
        nextOffset,
        entry.type(),
        entry.aggregate(),
        why,
        tries,
        since,
        behind);
  }

  /** What an error says, as it is shown. */
  static String reason(Throwable error) {
    String said = error.getMessage() == null ? error.getClass().getName() : error.getMessage();
    return said.substring(0, Math.min(said.length(), MOST_CHARACTERS)).replace("\0", "");
  }
}
