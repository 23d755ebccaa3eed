package io.parley.projection.shape;

import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import org.jspecify.annotations.Nullable;

/**
 * A place; its name is put in on reading, as that of {@link Named}.
 *
 * @param id slug
 * @param name display name; the id until a name comes
 * @param kind COUNTRY, CITY or VENUE
 * @param within the place that contains it, if that was said
 */
public record Located(String id, @Nullable String name, PlaceKind kind, @Nullable Located within) {
  /** A place, if there is one. */
  public static @Nullable Located of(@Nullable Place place) {
    return place == null ? null : new Located(place.id(), null, place.kind(), of(place.within()));
  }
}
