package io.parley.projection.projector;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * The entries that a view passes over in a negotiation, since an operator said so; kept in the
 * schema {@code parley}, for every version and rebuild of the read models. Safe for several
 * threads.
 */
@Component
public final class Skips {
  /**
   * Most that there may be: all are in memory, and more would be another fault than a few events.
   */
  static final long MOST = 10_000;

  private final Database database;
  private volatile Set<Skip> known = Set.of();

  Skips(Database database) {
    this.database = database;
  }

  private record Skip(String view, String negotiation, long sequence) {}

  /** Whether a view passes over an entry, as of the last {@link #refresh}. */
  public boolean passes(String view, Entry entry) {
    Set<Skip> skips = known;
    return !skips.isEmpty()
        && skips.contains(new Skip(view, entry.negotiation(), entry.sequence()));
  }

  /** Reads what was decided meanwhile. */
  public void refresh() {
    Set<Skip> read = new HashSet<>();
    database
        .query(
            "select view, negotiation, sequence from parley.skips",
            row ->
                new Skip(
                    row.get(0, String.class), row.get(1, String.class), row.get(2, Long.class)),
            List.of())
        .toIterable()
        .forEach(read::add);
    known = Set.copyOf(read);
  }
}
