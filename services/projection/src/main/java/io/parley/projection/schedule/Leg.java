package io.parley.projection.schedule;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One journey of a person.
 *
 * @param status SCHEDULED, DEPARTED, ARRIVED or CANCELLED
 * @param excluded what it is said not to be
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 */
public record Leg(
    String leg,
    Named person,
    @Nullable Located from,
    @Nullable Located to,
    @Nullable Temporal depart,
    @Nullable Temporal arrive,
    String status,
    @Nullable String purpose,
    List<Exclusion> excluded,
    long sequence,
    long version,
    @Nullable Cited source) {
  static final String CANCELLED = "CANCELLED";
}
