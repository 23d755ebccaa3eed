package io.parley.projection.attendance;

import io.parley.schemas.PlaceKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * That a place lies in another; both as scopes.
 *
 * @param scope the place
 * @param within the place that contains it
 */
record Placement(String scope, String within) {

  /** The scope of a place; null where its kind is of a later release. */
  static @Nullable String scope(PlaceKind kind, String id) {
    return kind == PlaceKind.UNRECOGNIZED ? null : kind.name().toLowerCase(Locale.ROOT) + ":" + id;
  }

  /**
   * The scope of a venue. A bare id is of kind CITY on the wire, and a meeting's venue is no city.
   */
  static @Nullable String venue(PlaceKind kind, String id) {
    return scope(kind == PlaceKind.CITY ? PlaceKind.VENUE : kind, id);
  }

  /**
   * The scope of what contains a place. Again the kind of a bare id says nothing: what contains a
   * city is a country.
   */
  static @Nullable String around(PlaceKind inner, PlaceKind kind, String id) {
    return scope(inner == PlaceKind.CITY && kind == PlaceKind.CITY ? PlaceKind.COUNTRY : kind, id);
  }
}
