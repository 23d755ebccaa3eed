package io.parley.projection.attendance;

import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Parts;
import io.parley.schemas.Place;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.VenueChanged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which places lie in which, wherever an event says so; a venue of a meeting lies in its place,
 * unless it was said to lie elsewhere (rule 10). The newest word counts, as with names.
 */
@Component
public final class PlaceView implements View<Placement> {
  private static final Parts PLACES = Parts.of(List.of(Place.class));

  @Override
  public String table() {
    return "places";
  }

  @Override
  public Class<Placement> type() {
    return Placement.class;
  }

  @Override
  public Set<String> changed(Entry entry) {
    return placements(entry).keySet();
  }

  @Override
  public boolean begins(Entry entry) {
    // An aggregate's first event may well name a place that was named before.
    return false;
  }

  @Override
  public Placement evolve(String id, @Nullable Placement item, Entry entry) {
    String within = placements(entry).get(id);
    if (within == null) {
      throw new IllegalStateException(entry.type() + " says nothing of " + id);
    }
    return item != null && item.within().equals(within) ? item : new Placement(id, within);
  }

  /** Scopes of places, and the scopes in which they are said to lie. */
  private static Map<String, String> placements(Entry entry) {
    Map<String, String> found = new LinkedHashMap<>();
    switch (entry.event()) {
      case MeetingScheduled scheduled -> venue(scheduled.place(), scheduled.venue(), found);
      case VenueChanged moved -> venue(moved.place(), moved.venue(), found);
      default -> walk(entry.event(), found);
    }
    return found;
  }

  private static void venue(Place place, @Nullable Place venue, Map<String, String> found) {
    walk(place, found);
    if (venue != null) {
      Place within = venue.within();
      put(
          Placement.venue(venue.kind(), venue.id()),
          within == null
              ? Placement.scope(place.kind(), place.id())
              : Placement.scope(within.kind(), within.id()),
          found);
      walk(within, found);
    }
  }

  private static void walk(@Nullable Object value, Map<String, String> found) {
    PLACES.in(
        value,
        part -> {
          if (part instanceof Place place && place.within() != null) {
            Place within = place.within();
            put(
                Placement.scope(place.kind(), place.id()),
                Placement.around(place.kind(), within.kind(), within.id()),
                found);
            walk(within, found);
          }
        });
  }

  private static void put(
      @Nullable String scope, @Nullable String within, Map<String, String> found) {
    if (scope != null && within != null && !scope.equals(within)) {
      found.put(scope, within);
    }
  }
}
