package io.parley.projection.schedule;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A round of talks.
 *
 * @param outcome how it ended, once that is recorded
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 */
public record Round(
    String round,
    @Nullable String title,
    Format format,
    @Nullable Temporal start,
    @Nullable Temporal end,
    @Nullable Located place,
    @Nullable Outcome outcome,
    long sequence,
    long version,
    @Nullable Cited source) {}
