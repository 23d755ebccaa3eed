package io.parley.projection.projector;

import io.parley.projection.projector.Rows.Head;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * Folds batches of entries into the rows of one view. Keeps the items that changed last, as they
 * are after the last batch that was committed; the rest is loaded when an event needs it.
 *
 * @param <T> the view's items
 */
final class ViewFold<T> {
  /** An item of a view. */
  record Key(String negotiation, String id) {}

  /** An item within a batch. */
  private record Pending<T>(@Nullable T item, int row) {}

  /** What an entry makes of an item. */
  private record Next<T>(Key key, @Nullable T old, T item, List<? extends @Nullable Object> row) {}

  private static final int NO_ROW = -1;
  private static final int TO_SEQUENCE = 3;

  private final View<T> view;
  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final Map<Key, T> settled;
  private final Map<Key, Pending<T>> pending = new HashMap<>();
  private final Rows rows;
  private final List<Key> closed = new ArrayList<>();
  private final List<Long> closedAt = new ArrayList<>();

  ViewFold(View<T> view, int cachedItems) {
    this.view = view;
    this.writer = Bodies.JSON.writerFor(view.type());
    this.reader = Bodies.JSON.readerFor(view.type());
    this.settled =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, T> eldest) {
            return size() > cachedItems;
          }
        };
    List<Head> heads = new ArrayList<>();
    heads.add(new Head("negotiation", Column.Type.TEXT));
    heads.add(new Head("id", Column.Type.TEXT));
    heads.add(new Head("from_sequence", Column.Type.BIGINT));
    heads.add(new Head("to_sequence", Column.Type.BIGINT));
    heads.add(new Head("body", Column.Type.TEXT));
    view.columns().forEach(column -> heads.add(new Head(column.name(), column.type())));
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
      for (String id : changed(entry)) {
        Key key = new Key(entry.negotiation(), id);
        if (settled.containsKey(key) || begun.contains(key)) {
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
  void loaded(Key key, String body) {
    pending.put(key, new Pending<>(reader.readValue(body), NO_ROW));
  }

  /**
   * Applies an entry; the same instance back means that nothing changed, and no row is written.
   * Where this throws, nothing of the entry is applied.
   */
  @SuppressWarnings("ReferenceEquality")
  void apply(Entry entry) {
    List<Next<T>> next = new ArrayList<>();
    for (String id : view.changed(entry)) {
      Key key = new Key(entry.negotiation(), id);
      Pending<T> before = pending.get(key);
      T old = before == null ? settled.get(key) : before.item();
      T item = view.evolve(id, old, entry);
      if (item != old) {
        next.add(new Next<>(key, old, item, row(key, item, entry)));
      }
    }
    next.forEach(each -> add(each, entry));
  }

  private List<@Nullable Object> row(Key key, T item, Entry entry) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(key.negotiation());
    row.add(key.id());
    row.add(entry.sequence());
    row.add(null);
    row.add(writer.writeValueAsString(item));
    for (Column<T> column : view.columns()) {
      row.add(column.value().apply(item));
    }
    return row;
  }

  private void add(Next<T> next, Entry entry) {
    Pending<T> before = pending.get(next.key());
    if (before != null && before.row() != NO_ROW) {
      rows.set(before.row(), TO_SEQUENCE, entry.sequence());
    } else if (next.old() != null) {
      closed.add(next.key());
      closedAt.add(entry.sequence());
    }
    pending.put(next.key(), new Pending<>(next.item(), rows.size()));
    rows.add(next.row());
  }

  /** The statements that write the batch. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    if (!closed.isEmpty()) {
      changes.add(
          new Change(
              view.table(),
              "update {schema}."
                  + view.table()
                  + " t set to_sequence = x.to_sequence from unnest($1::text[], $2::text[], $3::bigint[])"
                  + " as x(negotiation, id, to_sequence)"
                  + " where t.negotiation = x.negotiation and t.id = x.id and t.to_sequence is null",
              List.of(
                  closed.stream().map(Key::negotiation).toArray(String[]::new),
                  closed.stream().map(Key::id).toArray(String[]::new),
                  closedAt.toArray(new Long[0])),
              closed.size()));
    }
    if (rows.size() > 0) {
      changes.add(new Change(view.table(), rows.insert(), rows.arrays(), rows.size()));
    }
    return changes;
  }

  /** The batch is committed: its items are the current ones. */
  void settle() {
    pending.forEach(
        (key, item) -> {
          if (item.item() != null) {
            settled.put(key, item.item());
          }
        });
    discard();
  }

  /** The batch is not committed. */
  void discard() {
    pending.clear();
    rows.clear();
    closed.clear();
    closedAt.clear();
  }

  /** Another instance may have written: nothing in memory is sure. */
  void forget() {
    discard();
    settled.clear();
  }
}
