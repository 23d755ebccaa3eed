package io.parley.projection.projector;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Folds the entries of one negotiation anew, by every view, and compares each row that this makes
 * with the one that stands in its table ({@link LiveRows}). Nothing is written. An item that is not
 * in memory any more is read from its live row, which was compared when it was made. For one
 * thread.
 */
public final class Recount {
  private static final int MOST_BYTES = 1_000_000;

  private static final Duration WITHIN = Duration.ofMinutes(2);

  private final Database database;
  private final String negotiation;
  private final Pace pace;
  private final List<Column<Entry>> columns;
  private final List<Skips.Decided> skips;

  /** The sequence numbers of those, by view. */
  private final Map<String, Set<Long>> passed = new HashMap<>();

  /** Those of the views, and the timeline's. */
  private final List<Compared> tables = new ArrayList<>();

  private final Deque<CompletableFuture<Optional<Difference>>> running = new ArrayDeque<>();
  private final Queue<Difference> differences = new ConcurrentLinkedQueue<>();
  private long sequence;

  /**
   * A row that is not what the fold makes, or one of the two alone.
   *
   * @param table table of the view, or of the timeline
   * @param id id of the item, or what else of the table it is
   * @param sequence position on the timeline
   * @param expected the row as it is folded, as JSON, or what else must be; null: there must be
   *     none
   * @param found the row as it stands; null: there is none
   */
  public record Difference(
      String table, String id, long sequence, @Nullable String expected, @Nullable String found) {}

  /** A table: the rows that were made last, and all that were not compared, behind {@code from}. */
  private static final class Compared {
    private final @Nullable ViewFold<?> fold;
    private final Rows rows;
    private final LiveRows live;
    private long from;

    /** The fold goes no further than here: the view does not take the entry after it. */
    private long last = Long.MAX_VALUE;

    Compared(@Nullable ViewFold<?> fold, Rows rows, LiveRows live) {
      this.fold = fold;
      this.rows = rows;
      this.live = live;
    }

    boolean isFull(Pace pace) {
      return live.size() >= pace.rows() || live.length() >= MOST_BYTES;
    }
  }

  Recount(
      Database database,
      List<View<?>> views,
      Log log,
      Skips skips,
      int cachedItems,
      String negotiation,
      Pace pace) {
    this.database = database.within(WITHIN);
    this.negotiation = negotiation;
    this.pace = pace;
    this.columns = log.columns();
    for (View<?> view : views) {
      ViewFold<?> fold = new ViewFold<>(view, cachedItems);
      Rows rows = fold.rows();
      tables.add(
          new Compared(fold, rows, new LiveRows(this.database, rows, "from_sequence", "id")));
    }
    Rows rows =
        new Rows(
            log.table(),
            columns.stream().map(column -> new Rows.Head(column.name(), column.type())).toList());
    tables.add(
        new Compared(null, rows, new LiveRows(this.database, rows, "sequence", "aggregate")));
    standing();
    // After that: a view that stood still and goes on since it may pass over an entry is among
    // them.
    this.skips = skips.of(negotiation);
    this.skips.forEach(
        each -> passed.computeIfAbsent(each.view(), view -> new HashSet<>()).add(each.sequence()));
  }

  /** What it has views pass over, since an operator is said to have said so. */
  public List<Skips.Decided> skips() {
    return skips;
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
    for (Compared each : tables) {
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
   *
   * @param entries without those whose event was erased: nothing can be made of them, so their rows
   *     are too many
   * @param last sequence number of the last, whether it was erased or not
   * @return that number
   */
  public long apply(List<Entry> entries, long last) {
    sequence = last;
    // Views know nothing of one another.
    (pace.parallel() ? tables.parallelStream() : tables.stream())
        .map(each -> fold(each, entries))
        .flatMap(Optional::stream)
        .toList()
        .forEach(this::start);
    return sequence;
  }

  /**
   * The first difference up to the last entry that was folded, or of a row that no entry can have
   * made; empty where all is as it must be.
   */
  public Optional<Difference> first() {
    tables.forEach(each -> compare(each).ifPresent(this::start));
    // Reads take an item's first and last rows, whatever their numbers are.
    tables.forEach(each -> start(each.live.stray(negotiation)));
    while (!running.isEmpty()) {
      settle();
    }
    return differences.stream().min(Comparator.comparingLong(Difference::sequence));
  }

  /** Whether search looks in what it must, whatever the rows are; of all negotiations. */
  public Optional<Difference> searched() {
    List<String> searched =
        tables.stream()
            .map(each -> each.rows)
            .filter(rows -> Searched.isIn(rows.heads().stream().map(Rows.Head::name).toList()))
            .map(Rows::table)
            .toList();
    return Searched.altered(database, searched)
        .map(altered -> new Difference(altered.table(), "search", 0, Searched.MADE, altered.made()))
        .blockOptional(WITHIN);
  }

  /** Whether a difference was found already: {@link #first} then says which is the first. */
  public boolean differs() {
    return differences.stream().anyMatch(each -> each.sequence() <= sequence);
  }

  /** What there is to be compared then, if it is enough. */
  private Optional<Mono<Difference>> fold(Compared to, List<Entry> entries) {
    ViewFold<?> fold = to.fold;
    if (fold == null) {
      for (Entry entry : entries) {
        List<@Nullable Object> row = new ArrayList<>();
        columns.forEach(column -> row.add(column.value().apply(entry)));
        to.rows.add(row);
      }
    } else {
      fold(to, fold, entries);
    }
    to.live.add(to.rows);
    to.rows.clear();
    return to.isFull(pace) ? compare(to) : Optional.empty();
  }

  private void fold(Compared to, ViewFold<?> fold, List<Entry> entries) {
    load(fold, entries);
    for (Entry entry : entries) {
      if (entry.sequence() > to.last) {
        break;
      }
      if (passed.getOrDefault(fold.view().table(), Set.of()).contains(entry.sequence())) {
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

  /** How what was made of a table, which it has no more then, is compared by PostgreSQL. */
  private Optional<Mono<Difference>> compare(Compared each) {
    long from = each.from;
    long to = Math.min(sequence, each.last);
    if (to <= from) {
      return Optional.empty();
    }
    each.from = to;
    return Optional.of(each.live.first(negotiation, from, to));
  }

  /** How that ends is seen later. */
  private void start(Mono<Difference> comparison) {
    running.add(
        comparison.map(Optional::of).defaultIfEmpty(Optional.empty()).timeout(WITHIN).toFuture());
    while (running.size() > pace.comparisons()) {
      settle();
    }
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
