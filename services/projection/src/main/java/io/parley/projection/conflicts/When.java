package io.parley.projection.conflicts;

import io.parley.projection.shape.Temporal;
import io.parley.schemas.DayPart;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Edtf;
import io.parley.schemas.temporal.EdtfException;
import io.parley.schemas.temporal.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When somebody is somewhere, as far as it is known.
 *
 * @param bounds where it lies
 * @param sometime whether it takes place somewhere in these bounds and does not fill them: a
 *     meeting "on the 15th" is not the whole of that day
 */
record When(Bounds bounds, boolean sometime) {
  /** What is stated to the minute fills its bounds: no guess is made at how long it lasts. */
  private static final Duration STATED_TO_THE_MINUTE = Duration.ofMinutes(1);

  /** How sure it is that two of them share an instant. */
  enum Shared {
    NEVER,
    PERHAPS,
    SURELY
  }

  /** From somewhere in the one to somewhere in the other; null where neither is known. */
  static @Nullable When lasting(@Nullable Temporal from, @Nullable Temporal to) {
    return from == null && to == null
        ? null
        : new When(
            Bounds.spanning(
                from == null ? null : bounds(from, null), to == null ? null : bounds(to, null)),
            false);
  }

  /** A meeting's time; with a start alone it takes place within the start's own bounds. */
  static @Nullable When held(
      @Nullable Temporal start, @Nullable Temporal end, @Nullable String zone) {
    if (start != null && end != null) {
      return new When(Bounds.spanning(bounds(start, zone), bounds(end, zone)), false);
    }
    Temporal only = start == null ? end : start;
    return only == null ? null : sometime(only, zone);
  }

  /** Somewhere in a value's bounds. */
  static When sometime(Temporal value, @Nullable String zone) {
    Bounds bounds = bounds(value, zone);
    Instant earliest = bounds.earliest();
    Instant latest = bounds.latest();
    boolean exact =
        earliest != null
            && latest != null
            && Duration.between(earliest, latest).compareTo(STATED_TO_THE_MINUTE) <= 0;
    return new When(bounds, !exact);
  }

  /** The bounds of a value, a date without a zone being a civil day in this one (rule 2). */
  static Bounds bounds(Temporal value, @Nullable String placeZone) {
    String zone = value.zone() == null ? placeZone : value.zone();
    return Bounds.of(
        Edtf.parse(value.edtf()), value.dayPart(), zone == null ? null : ZoneId.of(zone));
  }

  /**
   * Whether two share an instant; rule 19 calls it certain only where it holds whatever the doubt.
   *
   * @param together whether both are at places of one zone, where dates compare as civil dates
   */
  Shared shared(When other, boolean together) {
    Order order =
        together ? Bounds.compare(bounds, other.bounds) : Bounds.compareApart(bounds, other.bounds);
    return switch (order) {
      case BEFORE, AFTER -> Shared.NEVER;
      case UNDETERMINED -> Shared.PERHAPS;
      case OVERLAPS -> {
        boolean sure =
            sometime
                ? !other.sometime && other.covers(bounds)
                : !other.sometime || covers(other.bounds);
        yield sure ? Shared.SURELY : Shared.PERHAPS;
      }
    };
  }

  /** Whether it surely goes on over the whole of these bounds: at their first and last second. */
  private boolean covers(Bounds all) {
    Instant earliest = all.earliest();
    Instant latest = all.latest();
    return earliest != null
        && latest != null
        && goesOnAt(earliest)
        && goesOnAt(latest.minusSeconds(1));
  }

  private boolean goesOnAt(Instant instant) {
    try {
      Bounds second =
          Bounds.of(Edtf.parse(instant.truncatedTo(ChronoUnit.SECONDS).toString()), null, null);
      return Bounds.compareApart(bounds, second) == Order.OVERLAPS;
    } catch (EdtfException e) {
      // A year that EDTF cannot write: nothing is certain of it.
      return false;
    }
  }

  /** The earliest instant, for sorting; the beginning of time where there is no bound. */
  Instant earliest() {
    return Objects.requireNonNullElse(bounds.earliest(), Instant.MIN);
  }

  /** The latest instant, for sorting; the end of time where there is no bound. */
  Instant latest() {
    return Objects.requireNonNullElse(bounds.latest(), Instant.MAX);
  }

  /** A value in words. */
  static String said(Temporal value) {
    DayPart part = value.dayPart();
    return part == null
        ? value.edtf()
        : value.edtf() + ", " + part.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
