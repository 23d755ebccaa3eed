package io.parley.projection.schedule;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import org.jspecify.annotations.Nullable;

/**
 * That a person is somewhere for a time.
 *
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 */
public record Stay(
    String stay,
    Named person,
    @Nullable Located place,
    @Nullable Temporal from,
    @Nullable Temporal to,
    @Nullable String purpose,
    long sequence,
    long version,
    @Nullable Cited source) {}
