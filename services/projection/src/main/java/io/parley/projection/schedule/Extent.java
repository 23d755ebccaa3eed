package io.parley.projection.schedule;

import io.parley.projection.projector.Column;
import io.parley.projection.shape.Temporal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From when to when something may last on the occurred axis, for the filters of lists. What has a
 * start and no end is taken to end within the start's own bounds.
 */
record Extent(@Nullable Instant earliest, @Nullable Instant latest) {
  static Extent of(@Nullable Temporal start, @Nullable Temporal end) {
    Temporal last = end == null ? start : end;
    return new Extent(start == null ? null : start.earliest(), last == null ? null : last.latest());
  }

  /** Its columns, and others beside. */
  static <T> List<Column<T>> columns(Function<T, Extent> extent, List<Column<T>> others) {
    List<Column<T>> columns = new ArrayList<>();
    columns.add(Column.number("earliest_ms", item -> millis(extent.apply(item).earliest())));
    columns.add(Column.number("latest_ms", item -> millis(extent.apply(item).latest())));
    columns.addAll(others);
    return List.copyOf(columns);
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }
}
