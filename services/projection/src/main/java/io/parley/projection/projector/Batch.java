package io.parley.projection.projector;

import io.parley.journal.reading.LastUsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All folds together, and the heads of the negotiations: that no entry is missing and that each
 * follows the one before (ADR 5).
 */
final class Batch {
  /** The last entry of a negotiation. */
  record Head(long sequence, String hash) {}

  private static final int CACHED_HEADS = 100_000;

  private final List<ViewFold<?>> folds;
  private final List<Column<Entry>> columns;
  private final Rows log;
  private final Skips skips;
  private final Map<String, Head> heads = new LastUsed<>(CACHED_HEADS);
  private final Map<String, Head> pending = new HashMap<>();
  private final Halts halts = new Halts();

  Batch(List<View<?>> views, Log log, Skips skips, int cachedItems) {
    this.skips = skips;
    this.folds =
        views.stream().<ViewFold<?>>map(view -> new ViewFold<>(view, cachedItems)).toList();
    this.columns = log.columns();
    this.log =
        new Rows(
            log.table(),
            columns.stream().map(column -> new Rows.Head(column.name(), column.type())).toList());
  }

  List<ViewFold<?>> folds() {
    return folds;
  }

  Halts halts() {
    return halts;
  }

  /** Items that these entries change in a view and that are not in memory. */
  Set<ViewFold.Key> missing(ViewFold<?> fold, List<Entry> entries) {
    String view = fold.view().table();
    return fold.missing(entries.stream().filter(entry -> !halts.stands(view, entry)).toList());
  }

  /** Negotiations whose heads are not in memory; one that only begins has none. */
  Set<String> missing(List<Entry> entries) {
    Set<String> missing = new LinkedHashSet<>();
    for (Entry entry : entries) {
      if (entry.sequence() != 1 && !heads.containsKey(entry.negotiation())) {
        missing.add(entry.negotiation());
      }
    }
    return missing;
  }

  void loaded(String negotiation, Head head) {
    pending.put(negotiation, head);
  }

  /**
   * Folds entries, in their order, into rows. A view that does not take one stands still from there
   * on, in that negotiation.
   *
   * @throws FaultyEvent where one cannot be applied by any view; the batch is to be discarded
   */
  void apply(List<Entry> entries) {
    for (Entry entry : entries) {
      try {
        if (follows(entry)) {
          for (ViewFold<?> fold : folds) {
            apply(fold, entry);
          }
          List<@Nullable Object> row = new ArrayList<>(columns.size());
          columns.forEach(column -> row.add(column.value().apply(entry)));
          log.add(row);
        }
      } catch (RuntimeException e) {
        throw FaultyEvent.at(entry, e);
      }
    }
  }

  private void apply(ViewFold<?> fold, Entry entry) {
    String view = fold.view().table();
    if (halts.stands(view, entry)) {
      halts.skip(view, entry);
      return;
    }
    if (skips.passes(view, entry)) {
      return;
    }
    try {
      fold.apply(entry);
    } catch (RuntimeException e) {
      halts.begin(view, entry, e);
    }
  }

  private boolean follows(Entry entry) {
    Head head = pending.get(entry.negotiation());
    if (head == null) {
      head = heads.get(entry.negotiation());
    }
    long last = head == null ? 0 : head.sequence();
    if (entry.sequence() == last && head != null && entry.hash().equals(head.hash())) {
      return false;
    }
    if (entry.sequence() != last + 1) {
      throw new IllegalStateException("it is " + entry.sequence() + " after " + last);
    }
    if (head != null && !entry.previousHash().equals(head.hash())) {
      throw new IllegalStateException("its previous hash is not that of the entry before");
    }
    pending.put(entry.negotiation(), new Head(entry.sequence(), entry.hash()));
    return true;
  }

  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    if (log.size() > 0) {
      changes.add(new Change(log.table(), log.insert(), log.values(), log.size()));
    }
    folds.forEach(fold -> changes.addAll(fold.changes()));
    changes.addAll(halts.changes());
    return changes;
  }

  void settle() {
    heads.putAll(pending);
    pending.clear();
    log.clear();
    halts.settle();
    folds.forEach(ViewFold::settle);
  }

  void discard() {
    pending.clear();
    log.clear();
    halts.discard();
    folds.forEach(ViewFold::discard);
  }

  void forget() {
    discard();
    heads.clear();
    halts.forget();
    folds.forEach(ViewFold::forget);
  }
}
