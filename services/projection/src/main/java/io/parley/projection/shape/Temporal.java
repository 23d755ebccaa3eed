package io.parley.projection.shape;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.parley.schemas.DayPart;
import io.parley.schemas.Qualifier;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.Weekday;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Order;
import io.parley.schemas.temporal.Weekdays;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A temporal value as it was given, with its bounds (rules 1 to 4).
 *
 * @param edtf date or time, EDTF
 * @param dayPart part of the day, if only that is known
 * @param zone IANA zone that was given with it
 * @param qualifier whether the source states it or an editor inferred it
 * @param earliest first instant that it can cover; null where there is no bound
 * @param latest first instant after all that it can cover; null where there is no bound
 * @param weekday day of the week that the source names with it; left out where it names none
 * @param weekdayFits whether that is a day that the date can be (rule 3); left out without one
 */
public record Temporal(
    String edtf,
    @Nullable DayPart dayPart,
    @Nullable String zone,
    Qualifier qualifier,
    @Nullable Instant earliest,
    @Nullable Instant latest,
    @JsonInclude(NON_NULL) @Nullable Weekday weekday,
    @JsonInclude(NON_NULL) @Nullable Boolean weekdayFits) {

  /** The value as given, or null. */
  public static @Nullable Temporal of(@Nullable TemporalValue value) {
    return of(value, null);
  }

  /**
   * The value as given, or null. A date is a civil day in the zone of its place, where it names
   * none itself (rule 2).
   */
  public static @Nullable Temporal of(@Nullable TemporalValue value, @Nullable String placeZone) {
    return value == null
        ? null
        : bounded(
            value.edtf(),
            value.dayPart(),
            value.zone(),
            value.qualifier(),
            value.weekday(),
            placeZone);
  }

  /** The same value where its place turns out to have another zone. */
  public Temporal at(@Nullable String placeZone) {
    return zone == null ? bounded(edtf, dayPart, null, qualifier, weekday, placeZone) : this;
  }

  /**
   * Whether it is over, whatever the doubt, when the other begins (rule 1). Dates without a zone
   * are taken to be at one place (rule 2).
   */
  public boolean isBefore(Temporal other) {
    return Bounds.compare(bounds(null), other.bounds(null)) == Order.BEFORE;
  }

  /** Where it lies, at a place with this zone. */
  public Bounds bounds(@Nullable String placeZone) {
    return bounds(edtf, dayPart, zone == null ? placeZone : zone, qualifier);
  }

  private static Temporal bounded(
      String edtf,
      @Nullable DayPart dayPart,
      @Nullable String zone,
      Qualifier qualifier,
      @Nullable Weekday weekday,
      @Nullable String placeZone) {
    Bounds bounds = bounds(edtf, dayPart, zone == null ? placeZone : zone, qualifier);
    return new Temporal(
        edtf,
        dayPart,
        zone,
        qualifier,
        bounds.earliest(),
        bounds.latest(),
        weekday,
        weekday == null ? null : Weekdays.fits(edtf, weekday));
  }

  private static Bounds bounds(
      String edtf, @Nullable DayPart dayPart, @Nullable String zone, Qualifier qualifier) {
    TemporalValue asked = new TemporalValue();
    asked.edtf(edtf);
    asked.dayPart(dayPart);
    asked.zone(zone);
    asked.qualifier(qualifier);
    return Bounds.of(asked);
  }
}
