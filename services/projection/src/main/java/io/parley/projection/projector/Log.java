package io.parley.projection.projector;

import java.util.List;

/** A table that gets one row for each entry and never changes one: the timeline as it is read. */
public interface Log {
  /** Name of its table, and of the resource that makes it, beside the class. */
  String table();

  /** Its columns. */
  List<Column<Entry>> columns();
}
