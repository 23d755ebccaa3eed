package io.parley.projection.projector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The views that stand still in the negotiations of a batch (ADR 8), and those that come to stand
 * still in it. Of a view that does, the rows before the entry that it does not take are written.
 */
final class Halts {
  /** That PostgreSQL does not take what a view makes of an entry. */
  private record Refusal(long sequence, Throwable error) {}

  private boolean any;
  private final Set<Halt.Key> standing = new HashSet<>();
  private final Set<Halt.Key> skipped = new HashSet<>();
  private final Map<Halt.Key, FaultyEvent> begun = new LinkedHashMap<>();
  private final Map<Halt.Key, Refusal> refused = new HashMap<>();
  private final Rows rows =
      new Rows(
          HaltedTable.NAME,
          List.of(
              new Rows.Head("view", Column.Type.TEXT),
              new Rows.Head("negotiation", Column.Type.TEXT),
              new Rows.Head("sequence", Column.Type.BIGINT),
              new Rows.Head("partition", Column.Type.BIGINT),
              new Rows.Head("record_offset", Column.Type.BIGINT),
              new Rows.Head("type", Column.Type.TEXT),
              new Rows.Head("aggregate", Column.Type.TEXT),
              new Rows.Head("reason", Column.Type.TEXT)));

  /** Whether any view may stand still in the partitions of this instance. */
  boolean any() {
    return any;
  }

  void any(boolean some) {
    any = some;
  }

  /** Takes what the table says of a batch's negotiations. */
  void load(List<Halt.Key> keys) {
    standing.addAll(keys);
  }

  /** Whether a view does not take an entry, as far as this is known before it is tried. */
  boolean stands(String view, Entry entry) {
    if (standing.isEmpty() && begun.isEmpty() && refused.isEmpty()) {
      return false;
    }
    Halt.Key key = new Halt.Key(view, entry.negotiation());
    Refusal refusal = refused.get(key);
    return standing.contains(key)
        || begun.containsKey(key)
        || (refusal != null && refusal.sequence() <= entry.sequence());
  }

  /** Notes that a view is not tried with an entry, since it {@link #stands}. */
  void skip(String view, Entry entry) {
    Halt.Key key = new Halt.Key(view, entry.negotiation());
    Refusal refusal = refused.get(key);
    if (standing.contains(key)) {
      skipped.add(key);
    } else if (refusal != null && !begun.containsKey(key)) {
      begin(view, entry, refusal.error());
    }
  }

  /** A view stands still from this entry on. */
  void begin(String view, Entry entry, Throwable error) {
    begun.put(new Halt.Key(view, entry.negotiation()), FaultyEvent.at(entry, error));
    rows.add(
        Arrays.asList(
            view,
            entry.negotiation(),
            entry.sequence(),
            (long) entry.partition(),
            entry.offset(),
            entry.type(),
            entry.aggregate(),
            Halt.reason(error)));
  }

  /** The next time that the entry is applied, the view stands still there. */
  void refuse(String view, Entry entry, Throwable error) {
    refused.put(new Halt.Key(view, entry.negotiation()), new Refusal(entry.sequence(), error));
  }

  /** What the batch passed over: if one of these stands no more, rows would be missing. */
  Set<Halt.Key> skipped() {
    return skipped;
  }

  /** What came to stand still in the batch, and why. */
  Map<Halt.Key, FaultyEvent> begun() {
    return begun;
  }

  List<Change> changes() {
    return rows.size() == 0
        ? List.of()
        : List.of(new Change(HaltedTable.NAME, rows.insert(), rows.values(), rows.size()));
  }

  /** The batch is committed. */
  void settle() {
    any |= !begun.isEmpty();
    refused.clear();
    discard();
  }

  /** The batch is not committed; what PostgreSQL refused of it stays known. */
  void discard() {
    standing.clear();
    skipped.clear();
    begun.clear();
    rows.clear();
  }

  void forget() {
    refused.clear();
    discard();
  }
}
