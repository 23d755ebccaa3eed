package io.parley.projection.projector;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
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

  private static final Duration WITHIN = Duration.ofSeconds(20);

  private final Database database;
  private volatile Set<Skip> known = Set.of();

  Skips(Database database) {
    this.database = database;
  }

  private record Skip(String view, String negotiation, long sequence) {}

  /**
   * An entry that a view passes over, and who says so.
   *
   * @param what the entry and why, as the audit trail has it of the act ({@link DeadLetter#what})
   */
  public record Decided(String view, long sequence, String subject, String what) {}

  /** What views pass over in a negotiation, as it stands now. */
  List<Decided> of(String negotiation) {
    return Objects.requireNonNull(
        database
            .query(
                "select view, sequence, type, aggregate, reason, subject from parley.skips"
                    + " where negotiation = $1",
                row -> {
                  String view = row.get(0, String.class);
                  long sequence = row.get(1, Long.class);
                  String entry =
                      DeadLetter.what(
                          view, sequence, row.get(2, String.class), row.get(3, String.class));
                  String what = DeadLetter.what(entry, row.get(4, String.class));
                  return new Decided(view, sequence, row.get(5, String.class), what);
                },
                List.of(negotiation))
            .collectList()
            .block(WITHIN));
  }

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
