package io.parley.projection.people;

import io.parley.projection.projector.Bodies;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Order;
import org.jspecify.annotations.Nullable;

/**
 * When and where something of an itinerary is.
 *
 * @param place id of the place; of a leg, where it goes
 */
record Stop(Bounds when, @Nullable String place) {
  /** Reads a row of this type. */
  static Stop of(String type, String body) {
    return switch (type) {
      case "leg" -> {
        Leg leg = Bodies.JSON.readValue(body, Leg.class);
        Temporal start = leg.depart() == null ? leg.arrive() : leg.depart();
        yield new Stop(spanning(start, leg.arrive(), null), id(leg.to()));
      }
      case "stay" -> {
        Stay stay = Bodies.JSON.readValue(body, Stay.class);
        yield new Stop(spanning(stay.from(), stay.to(), null), id(stay.place()));
      }
      default -> {
        Meeting meeting = Bodies.JSON.readValue(body, Meeting.class);
        Temporal end = meeting.end() == null ? meeting.start() : meeting.end();
        yield new Stop(spanning(meeting.start(), end, meeting.zone()), id(meeting.place()));
      }
    };
  }

  /** Dates compare as civil days at one place only (rule 2). */
  Order comparedTo(Stop other) {
    return place != null && place.equals(other.place)
        ? Bounds.compare(when, other.when)
        : Bounds.compareApart(when, other.when);
  }

  private static Bounds spanning(
      @Nullable Temporal start, @Nullable Temporal end, @Nullable String zone) {
    return Bounds.spanning(
        start == null ? null : start.bounds(zone), end == null ? null : end.bounds(zone));
  }

  private static @Nullable String id(@Nullable Located place) {
    return place == null ? null : place.id();
  }
}
