package io.parley.projection.projector;

import io.parley.projection.projector.HaltedTable.Move;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of a partition for views that stood still in it: each is folded, in its negotiation
 * alone, from where it stood. For one thread.
 */
final class Pass {
  private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

  private final Store store;
  private final HaltedTable table;
  private final long build;
  private final int partition;
  private final Skips skips;
  private final Map<String, ViewFold<?>> folds = new LinkedHashMap<>();
  private final Map<Halt.Key, Halt> open = new LinkedHashMap<>();
  private final Set<String> negotiations = new HashSet<>();

  /** Of what PostgreSQL refuses the next row. */
  private final Map<Halt.Key, Refused> refused = new HashMap<>();

  Pass(
      Store store,
      HaltedTable table,
      Collection<View<?>> views,
      int cachedItems,
      Skips skips,
      long build,
      int partition,
      List<Halt> halts) {
    this.store = store;
    this.table = table;
    this.skips = skips;
    this.build = build;
    this.partition = partition;
    for (Halt halt : halts) {
      open.put(halt.key(), halt);
      negotiations.add(halt.negotiation());
    }
    Set<String> halted = new HashSet<>(halts.stream().map(Halt::view).toList());
    for (View<?> view : views) {
      if (halted.contains(view.table())) {
        folds.put(view.table(), new ViewFold<>(view, cachedItems));
      }
    }
    // A row of a view that is no more is nobody's to take away.
    open.values().removeIf(halt -> !folds.containsKey(halt.view()));
  }

  int partition() {
    return partition;
  }

  /** Of the tables that it began with. */
  long build() {
    return build;
  }

  /** Where to read from. */
  long from() {
    return open.values().stream().mapToLong(Halt::offset).min().orElse(0);
  }

  /** Whether a view stood still in a negotiation, so that its entries are to be read. */
  boolean wants(String negotiation) {
    return negotiations.contains(negotiation);
  }

  /**
   * Folds entries before the partition's position.
   *
   * @throws Fenced where the position is another
   */
  void apply(List<Entry> entries, long position) {
    Halving.write(
        entries,
        some -> write(some, position),
        (entry, refusal) -> {
          Halt.Key key = new Halt.Key(refusal.table(), entry.negotiation());
          if (!open.containsKey(key)) {
            throw FaultyEvent.at(entry, refusal);
          }
          refused.put(key, refusal);
        });
  }

  /** What read every entry up to the position stands still no more; whether that is any. */
  boolean end(long position) {
    if (open.isEmpty()) {
      return false;
    }
    if (!table.write(at(position), List.of(), List.of(), List.copyOf(open.values()))) {
      throw new Fenced();
    }
    LOG.info("caught up: {}", open.keySet());
    return true;
  }

  private void write(List<Entry> entries, long position) {
    Map<Halt.Key, Halt> moved = new LinkedHashMap<>();
    Set<Halt.Key> failed = new HashSet<>();
    try {
      for (ViewFold<?> fold : folds.values()) {
        store.load(
            fold,
            entries.stream()
                .filter(entry -> lacks(fold, entry) && !refused.containsKey(key(fold, entry)))
                .toList());
        entries.stream()
            .filter(entry -> lacks(fold, entry))
            .forEach(entry -> take(fold, entry, moved, failed));
      }
      if (!moved.isEmpty()) {
        write(moved, position);
      }
      folds.values().forEach(ViewFold::settle);
      open.putAll(moved);
      for (Halt.Key key : failed) {
        LOG.error("a view still stands still: {}", open.remove(key));
        refused.remove(key);
      }
    } finally {
      folds.values().forEach(ViewFold::discard);
    }
  }

  private void write(Map<Halt.Key, Halt> moved, long position) {
    List<Move> moves = new ArrayList<>();
    moved.forEach((key, to) -> moves.add(new Move(halt(key), to)));
    List<Change> changes =
        folds.values().stream().flatMap(fold -> fold.changes().stream()).toList();
    if (!table.write(at(position), moves, changes, List.of())) {
      throw new Fenced();
    }
  }

  private HaltedTable.At at(long position) {
    return new HaltedTable.At(build, partition, position);
  }

  private boolean lacks(ViewFold<?> fold, Entry entry) {
    Halt halt = open.get(key(fold, entry));
    return halt != null && entry.sequence() >= halt.sequence();
  }

  private void take(
      ViewFold<?> fold, Entry entry, Map<Halt.Key, Halt> moved, Set<Halt.Key> failed) {
    Halt.Key key = key(fold, entry);
    Halt halt = moved.getOrDefault(key, halt(key));
    if (failed.contains(key) || entry.sequence() < halt.sequence()) {
      return;
    }
    if (entry.sequence() > halt.sequence()) {
      throw new IllegalStateException(
          "the log has %d where %s would go on".formatted(entry.sequence(), halt));
    }
    try {
      if (skips.passes(fold.view().table(), entry)) {
        moved.put(key, halt.past(entry));
        return;
      }
      Refused refusal = refused.get(key);
      if (refusal != null) {
        throw refusal;
      }
      fold.apply(entry);
      moved.put(key, halt.past(entry));
    } catch (RuntimeException e) {
      moved.put(key, halt.again(entry, e));
      failed.add(key);
    }
  }

  private Halt halt(Halt.Key key) {
    Halt halt = open.get(key);
    if (halt == null) {
      throw new IllegalStateException(key + " does not stand still");
    }
    return halt;
  }

  private static Halt.Key key(ViewFold<?> fold, Entry entry) {
    return new Halt.Key(fold.view().table(), entry.negotiation());
  }
}
