package io.parley.projection.projector;

import java.util.List;

/**
 * A statement that writes many rows at once.
 *
 * @param values arrays that bind to $1, $2 and so on
 * @param rows how many rows it must change
 */
record Change(String sql, List<Object> values, long rows) {}
