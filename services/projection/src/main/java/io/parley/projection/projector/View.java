package io.parley.projection.projector;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One view: which items of it an event changes, and what they are then. Pure, as a decider is: what
 * it says depends on the events alone, so that another run over the timeline gives the same rows.
 *
 * <p>Its table is made from the resource {@code TABLE.sql} beside the class. A change to what a
 * view says needs a new schema (see {@code parley.projection.schema}), which is filled from the
 * beginning.
 *
 * @param <T> an item, as it is answered: a record that Jackson writes and reads. Names that begin
 *     with {@code ~} are for the fold alone and never answered
 */
public interface View<T> {
  /** Name of its table, and of the resource that makes it. */
  String table();

  /** Class of its items. */
  Class<T> type();

  /** What its lists are filtered and ordered by. */
  default List<Column<T>> columns() {
    return List.of();
  }

  /**
   * Ids of the items that an event changes, each once; none where the event is not of this view.
   */
  Collection<String> changed(Entry entry);

  /**
   * Whether the items that an event changes cannot have been there before it, so that nobody needs
   * to look.
   */
  default boolean begins(Entry entry) {
    return entry.version() == 1;
  }

  /**
   * An item after an event; the same instance where nothing changes.
   *
   * @param item the item before, or null
   * @throws IllegalStateException where the event is impossible: this view stands still there, in
   *     that negotiation (ADR 8)
   */
  T evolve(String id, @Nullable T item, Entry entry);

  /** The item, which an earlier event must have begun. */
  static <T> T begun(@Nullable T item, Entry entry) {
    if (item == null) {
      throw new IllegalStateException(
          entry.type()
              + " at "
              + entry.sequence()
              + " for "
              + entry.aggregate()
              + ", which was never begun");
    }
    return item;
  }
}
