package io.parley.projection.projector;

import io.parley.journal.reading.LastUsed;
import io.parley.projection.projector.Rows.Head;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * Folds batches of entries into the rows of one view. Rows are only ever added: an item is what its
 * last row says, and was what the last row up to a moment says. Keeps the items that changed last,
 * as they are after the last batch that was committed; the rest is loaded when an event needs it.
 * Those that only one event changed, as most announcements, are the first to go: kept as long as
 * the others they would be old when they go, and a collector's most expensive garbage.
 *
 * @param <T> the view's items
 */
final class ViewFold<T> {
  /** An item of a view. */
  record Key(String negotiation, String id) {}

  /**
   * An item.
   *
   * @param firstSequence sequence number of its first row
   * @param again whether it has others
   */
  private record Known<T>(T item, long firstSequence, boolean again) {}

  /** What an entry makes of an item. */
  private record Next<T>(Key key, Known<T> item, List<? extends @Nullable Object> row) {}

  /** One in so many items that are kept may be one that only one event changed. */
  private static final int ONCE = 4;

  private final View<T> view;
  private final List<Column<T>> columns;
  private final ObjectWriter writer;
  private final JsonBytes bodies = new JsonBytes();
  private final ObjectReader reader;
  private final Map<Key, Known<T>> settled;
  private final Map<Key, Known<T>> once;
  private final Map<Key, Known<T>> pending = new HashMap<>();

  /** What {@link #missing} was told of entries that are applied next: a walk through all of one. */
  private final IdentityHashMap<Entry, Collection<String>> idsOf = new IdentityHashMap<>();

  private final Rows rows;

  ViewFold(View<T> view, int cachedItems) {
    this.view = view;
    this.columns = view.columns();
    this.writer = Bodies.JSON.writerFor(view.type());
    this.reader = Bodies.JSON.readerFor(view.type());
    this.settled = new LastUsed<>(cachedItems);
    this.once = new LastUsed<>(cachedItems / ONCE);
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("negotiation", Column.Type.TEXT));
    heads.add(new Head("id", Column.Type.TEXT));
    heads.add(new Head("from_sequence", Column.Type.BIGINT));
    heads.add(new Head("first_sequence", Column.Type.BIGINT));
    heads.add(new Head("body", Column.Type.JSON));
    columns.forEach(column -> heads.add(new Head(column.name(), column.type())));
    this.rows = new Rows(view.table(), List.copyOf(heads));
  }

  View<T> view() {
    return view;
  }

  /** The items that the entries change and that are not in memory. */
  Set<Key> missing(Collection<Entry> entries) {
    Set<Key> missing = new LinkedHashSet<>();
    Set<Key> begun = new LinkedHashSet<>();
    for (Entry entry : entries) {
      Collection<String> ids = changed(entry);
      if (ids.isEmpty()) {
        continue;
      }
      idsOf.put(entry, ids);
      for (String id : ids) {
        Key key = new Key(entry.negotiation(), id);
        if (settled.containsKey(key) || once.containsKey(key) || begun.contains(key)) {
          continue;
        }
        if (view.begins(entry)) {
          begun.add(key);
        } else {
          missing.add(key);
        }
      }
    }
    return missing;
  }

  /** Nothing where the view cannot even say what an entry changes: {@link #apply} then throws. */
  private Collection<String> changed(Entry entry) {
    try {
      return view.changed(entry);
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  /** Takes an item that was loaded. */
  void loaded(Key key, long firstSequence, String body) {
    pending.put(key, new Known<>(reader.readValue(body), firstSequence, true));
  }

  /**
   * Applies an entry; the same instance back means that nothing changed, and no row is written.
   * Where this throws, nothing of the entry is applied.
   */
  @SuppressWarnings("ReferenceEquality")
  void apply(Entry entry) {
    Collection<String> ids = idsOf.remove(entry);
    if (ids == null) {
      ids = view.changed(entry);
    }
    if (ids.isEmpty()) {
      return;
    }
    List<Next<T>> next = new ArrayList<>(ids.size());
    for (String id : ids) {
      Key key = new Key(entry.negotiation(), id);
      Known<T> before = before(key);
      @Nullable T old = before == null ? null : before.item();
      T item = view.evolve(id, old, entry);
      if (item != old) {
        long first = before == null ? entry.sequence() : before.firstSequence();
        Known<T> known = new Known<>(item, first, before != null);
        next.add(new Next<>(key, known, row(key, known, entry)));
      }
    }
    next.forEach(this::add);
  }

  private @Nullable Known<T> before(Key key) {
    Known<T> before = pending.get(key);
    if (before == null) {
      before = settled.get(key);
    }
    return before == null ? once.get(key) : before;
  }

  private List<@Nullable Object> row(Key key, Known<T> known, Entry entry) {
    List<@Nullable Object> row = new ArrayList<>(5 + columns.size());
    row.add(key.negotiation());
    row.add(key.id());
    row.add(entry.sequence());
    row.add(known.firstSequence());
    row.add(bodies.of(out -> writer.writeValue(out, known.item())));
    for (Column<T> column : columns) {
      row.add(column.value().apply(known.item()));
    }
    return row;
  }

  private void add(Next<T> next) {
    pending.put(next.key(), next.item());
    rows.add(next.row());
  }

  /** The statement that writes the batch; none where it changes nothing. */
  List<Change> changes() {
    return rows.size() == 0
        ? List.of()
        : List.of(new Change(view.table(), rows.insert(), rows.values(), rows.size()));
  }

  /** The rows of the batch. */
  Rows rows() {
    return rows;
  }

  /** Its items are the current ones; its rows are still to be taken. */
  void keep() {
    pending.forEach(
        (key, known) -> {
          if (known.again()) {
            once.remove(key);
            settled.put(key, known);
          } else {
            once.put(key, known);
          }
        });
    pending.clear();
    idsOf.clear();
  }

  /** The batch is committed: its items are the current ones. */
  void settle() {
    keep();
    rows.clear();
  }

  /** The batch is not committed. */
  void discard() {
    pending.clear();
    idsOf.clear();
    rows.clear();
  }

  /** Another instance may have written: nothing in memory is sure. */
  void forget() {
    discard();
    settled.clear();
    once.clear();
  }
}
