package io.parley.projection.projector;

import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Folds the entries of one negotiation anew, by every view, and compares each row that this makes
 * with the one that stands in its table (ADR 12). Nothing is written: PostgreSQL gets the rows of a
 * span as arrays and says which is the first that differs. An item that is not in memory any more
 * is read from its live row, which was compared when it was made. For one thread.
 */
public final class Recount {
  private static final int MOST_ROWS = 500;
  private static final int MOST_CHARACTERS = 2_000_000;

  /** Comparisons that run while the next entries are folded. */
  private static final int AT_ONCE = 2;

  private static final Duration WITHIN = Duration.ofMinutes(2);

  private final Database database;
  private final Skips skips;
  private final String negotiation;
  private final List<Compared> views = new ArrayList<>();
  private final Log log;
  private final Compared timeline;
  private final Deque<CompletableFuture<Optional<Difference>>> running = new ArrayDeque<>();
  private final List<Difference> differences = new ArrayList<>();
  private long sequence;

  /**
   * A row that is not what the fold makes, or one of the two alone.
   *
   * @param table table of the view, or of the timeline
   * @param id id of the item
   * @param sequence position on the timeline
   * @param expected the row as it is folded, as JSON, or what else must be; null: there must be
   *     none
   * @param found the row as it stands; null: there is none
   */
  public record Difference(
      String table, String id, long sequence, @Nullable String expected, @Nullable String found) {}

  /** A table: the rows that were made and not compared yet, all of them behind {@code from}. */
  private static final class Compared {
    private final @Nullable ViewFold<?> fold;
    private final Rows rows;
    private final String sql;
    private long from;

    /** The fold goes no further than here: the view does not take the entry after it. */
    private long last = Long.MAX_VALUE;

    Compared(@Nullable ViewFold<?> fold, Rows rows, String sql) {
      this.fold = fold;
      this.rows = rows;
      this.sql = sql;
    }

    boolean isFull() {
      return rows.size() >= MOST_ROWS || rows.characters() >= MOST_CHARACTERS;
    }
  }

  Recount(
      Database database,
      List<View<?>> views,
      Log log,
      Skips skips,
      int cachedItems,
      String negotiation) {
    this.database = database;
    this.skips = skips;
    this.negotiation = negotiation;
    this.log = log;
    for (View<?> view : views) {
      ViewFold<?> fold = new ViewFold<>(view, cachedItems);
      this.views.add(
          new Compared(fold, fold.rows(), fold.rows().difference("from_sequence", "id")));
    }
    Rows rows =
        new Rows(
            log.table(),
            log.columns().stream()
                .map(column -> new Rows.Head(column.name(), column.type()))
                .toList());
    this.timeline = new Compared(null, rows, rows.difference("sequence", "aggregate"));
    standing();
  }

  /** How far the live tables are; 0 where they have nothing of the negotiation. */
  public long live() {
    return block(
        database
            .query(
                "select coalesce(max(sequence), 0) from {schema}.timeline where negotiation = $1",
                row -> row.get(0, Long.class),
                List.of(negotiation))
            .single());
  }

  /** Where live views stand still is a difference, and nothing behind it can be compared. */
  private void standing() {
    Map<String, Map.Entry<Long, String>> halted =
        block(
            database
                .query(
                    "select view, sequence, reason from {schema}.halted where negotiation = $1",
                    row ->
                        Map.entry(
                            row.get(0, String.class),
                            Map.entry(row.get(1, Long.class), row.get(2, String.class))),
                    List.of(negotiation))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    for (Compared each : views) {
      ViewFold<?> fold = each.fold;
      Map.Entry<Long, String> halt = fold == null ? null : halted.get(fold.view().table());
      if (fold != null && halt != null) {
        each.last = halt.getKey() - 1;
        differences.add(
            new Difference(
                fold.view().table(),
                "",
                halt.getKey(),
                "every entry is applied",
                "the view stands still: " + halt.getValue()));
      }
    }
  }

  /**
   * Folds the next entries, no more than a few hundred at once, which the live tables must have.
   */
  public void apply(List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    for (Compared each : views) {
      fold(each, entries);
    }
    for (Entry entry : entries) {
      List<@Nullable Object> row = new ArrayList<>();
      log.columns().forEach(column -> row.add(column.value().apply(entry)));
      timeline.rows.add(row);
    }
    sequence = entries.getLast().sequence();
    for (Compared each : views) {
      if (each.isFull()) {
        compare(each);
      }
    }
    if (timeline.isFull()) {
      compare(timeline);
    }
  }

  /**
   * The first difference up to the last entry that was folded; empty where all is as it must be.
   */
  public Optional<Difference> first() {
    views.forEach(this::compare);
    compare(timeline);
    while (!running.isEmpty()) {
      settle();
    }
    return differences.stream().min(Comparator.comparingLong(Difference::sequence));
  }

  /** Whether a difference was found already: {@link #first} then says which is the first. */
  public boolean differs() {
    return differences.stream().anyMatch(each -> each.sequence() <= sequence);
  }

  private void fold(Compared to, List<Entry> entries) {
    ViewFold<?> fold = to.fold;
    if (fold == null) {
      return;
    }
    load(fold, entries);
    for (Entry entry : entries) {
      if (entry.sequence() > to.last) {
        break;
      }
      if (skips.passes(fold.view().table(), entry)) {
        continue;
      }
      try {
        fold.apply(entry);
      } catch (RuntimeException e) {
        to.last = entry.sequence() - 1;
        differences.add(
            new Difference(
                fold.view().table(),
                entry.id(),
                entry.sequence(),
                "it cannot be applied: " + Halt.reason(e),
                "the view has gone on"));
      }
    }
    fold.keep();
  }

  private void load(ViewFold<?> fold, List<Entry> entries) {
    Set<ViewFold.Key> missing = fold.missing(entries);
    if (missing.isEmpty()) {
      return;
    }
    Map<ViewFold.Key, Boolean> loaded = new HashMap<>();
    block(
        database
            .query(
                "select x.id, t.first_sequence, t.body from unnest($1::text[]) as x(id)"
                    + " cross join lateral (select first_sequence, body from {schema}."
                    + fold.view().table()
                    + " i where i.negotiation = $2 and i.id = x.id and i.from_sequence < $3"
                    + " order by i.from_sequence desc limit 1) t",
                row -> {
                  ViewFold.Key key = new ViewFold.Key(negotiation, row.get(0, String.class));
                  fold.loaded(key, row.get(1, Long.class), row.get(2, String.class));
                  return loaded.put(key, true) == null;
                },
                List.of(
                    missing.stream().map(ViewFold.Key::id).toArray(String[]::new),
                    negotiation,
                    entries.getFirst().sequence()))
            .then(Mono.just(true)));
  }

  /** Has PostgreSQL compare what was made of a table; how that ended is seen later. */
  private void compare(Compared each) {
    long to = Math.min(sequence, each.last);
    if (to <= each.from) {
      each.rows.clear();
      return;
    }
    List<Object> values = new ArrayList<>(each.rows.values());
    values.addAll(List.of(negotiation, each.from, to));
    each.rows.clear();
    each.from = to;
    while (running.size() >= AT_ONCE) {
      settle();
    }
    running.add(
        database
            .query(
                each.sql,
                row ->
                    new Difference(
                        each.rows.table(),
                        String.valueOf(row.get(1, String.class)),
                        row.get(0, Long.class),
                        row.get(2, String.class),
                        row.get(3, String.class)),
                values)
            .next()
            .map(Optional::of)
            .defaultIfEmpty(Optional.empty())
            .onErrorMap(R2dbcException.class, error -> Refused.of(each.rows.table(), error))
            .timeout(WITHIN)
            .toFuture());
  }

  private void settle() {
    running.remove().join().ifPresent(differences::add);
  }

  private static <T> T block(Mono<T> mono) {
    T value = mono.block(WITHIN);
    if (value == null) {
      throw new IllegalStateException("PostgreSQL gave nothing");
    }
    return value;
  }
}
