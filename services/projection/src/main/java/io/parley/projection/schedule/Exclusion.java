package io.parley.projection.schedule;

import io.parley.schemas.schedule.ValueExcluded;
import java.util.List;
import java.util.stream.Stream;

/**
 * An explicit "not X" (rule 20).
 *
 * @param field field that the value is excluded from
 * @param value the excluded value
 */
public record Exclusion(String field, String value) {
  static List<Exclusion> plus(List<Exclusion> before, ValueExcluded event) {
    return Stream.concat(before.stream(), Stream.of(new Exclusion(event.field(), event.value())))
        .distinct()
        .toList();
  }
}
