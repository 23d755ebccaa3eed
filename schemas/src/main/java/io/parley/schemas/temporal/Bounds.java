package io.parley.schemas.temporal;

import io.parley.schemas.DayPart;
import io.parley.schemas.TemporalValue;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a temporal value lies on the time line, as far as it is known (rules 1 to 3): the earliest
 * instant that it can cover, and the first instant after all that it can cover. {@link #compare}
 * says how two of them relate.
 *
 * <p>A value names a period: 2025-05-15 the whole day, 2025-05 the whole month. Doubt makes it one
 * of several periods. What the words mean is our choice, where the rules leave it open:
 *
 * <ul>
 *   <li>MORNING is 06 to 12, AFTERNOON 12 to 18, EVENING 18 to 24. Rule 3 sets LATE_EVENING (21 to
 *       24) and NIGHT (of the day D: from D-1 21:00 to D+1 06:00). A part that is not recognised
 *       covers what NIGHT covers, and nothing surely. With a date coarser than a day, the part is
 *       that of one of its days. A clock time overrules it.
 *   <li>{@code ~} and {@code %} reach one hour either way around a clock time, three days around a
 *       day, one month around a month or a season, one year around a year, and one decade or
 *       century around 201X or 20XX. Where digits are unspecified, the smallest part that is stated
 *       counts. {@code ?} alone does not widen: it doubts the source.
 *   <li>Seasons are the meteorological ones of the northern hemisphere: 21 spring is March to May,
 *       22 summer, 23 autumn. 24, the winter of 2022, is the one that begins or the one that ends
 *       in 2022: which one is not known.
 *   <li>An interval's open end goes on for ever; its unknown end is anywhere from the known end on.
 *   <li>With no zone and no offset, the bounds widen to the first place on Earth (UTC+14) and the
 *       last (UTC-12).
 *   <li>A local time that a change of the clocks repeats is either of the two; one that it skips
 *       moves on by the gap.
 * </ul>
 *
 * <p>Immutable. Equal if all that compare looks at is equal.
 */
public final class Bounds {
  private static final ZoneOffset FIRST_ON_EARTH = ZoneOffset.ofHours(14);
  private static final ZoneOffset LAST_ON_EARTH = ZoneOffset.ofHours(-12);

  private final Instant earliest;
  private final Instant latestStart;
  private final Instant earliestEnd;
  private final Instant latest;

  /** Present only where the value is date-only, which is compared as civil dates. */
  private final @Nullable CivilSpan civil;

  private final @Nullable ZoneId zone;

  private Bounds(
      Instant earliest,
      Instant latestStart,
      Instant earliestEnd,
      Instant latest,
      @Nullable CivilSpan civil,
      @Nullable ZoneId zone) {
    this.earliest = earliest;
    this.latestStart = latestStart;
    this.earliestEnd = earliestEnd;
    this.latest = latest;
    this.civil = civil;
    this.zone = zone;
  }

  /**
   * The bounds of a value on record.
   *
   * @throws EdtfException if its EDTF cannot be read
   * @throws java.time.DateTimeException if its zone is no IANA zone
   */
  public static Bounds of(TemporalValue value) {
    String zone = value.zone();
    return of(Edtf.parse(value.edtf()), value.dayPart(), zone == null ? null : ZoneId.of(zone));
  }

  /** The bounds of a date or time in a part of the day, in a zone; both may be absent. */
  public static Bounds of(Edtf value, @Nullable DayPart part, @Nullable ZoneId zone) {
    CivilSpan span = CivilSpan.of(value, part);
    Edtf.Point point = value instanceof Edtf.Point p ? p : null;
    if (point != null && point.offset() != null) {
      return of(span, null, point.offset());
    }
    return of(span, point == null || point.dateOnly() ? span : null, zone);
  }

  private static Bounds of(CivilSpan span, @Nullable CivilSpan civil, @Nullable ZoneId zone) {
    return new Bounds(
        early(span.earliest(), zone),
        late(span.latestStart(), zone),
        early(span.earliestEnd(), zone),
        late(span.latest(), zone),
        civil,
        zone);
  }

  /**
   * The bounds of something that starts somewhere in one value and ends somewhere in another: a
   * stay from 14 May to 16 May surely covers the 15th, and neither of the other two. Null where a
   * start or an end is not known.
   */
  public static Bounds spanning(@Nullable Bounds start, @Nullable Bounds end) {
    if (start == null || end == null) {
      return new Bounds(
          start == null ? Instant.MIN : start.earliest,
          start == null ? end == null ? Instant.MAX : end.latest : start.latest,
          end == null ? start == null ? Instant.MIN : start.earliest : end.earliest,
          end == null ? Instant.MAX : end.latest,
          null,
          null);
    }
    CivilSpan from = start.civil;
    CivilSpan to = end.civil;
    CivilSpan civil =
        from != null && to != null && Objects.equals(start.zone, end.zone)
            ? CivilSpan.spanning(from, to)
            : null;
    return new Bounds(
        min(start.earliest, end.earliest),
        start.latest,
        end.earliest,
        max(start.latest, end.latest),
        civil,
        civil == null ? null : start.zone);
  }

  /** The first instant that it can cover, inclusive; null where there is no bound. */
  public @Nullable Instant earliest() {
    return earliest.equals(Instant.MIN) ? null : earliest;
  }

  /** The first instant after all that it can cover, exclusive; null where there is no bound. */
  public @Nullable Instant latest() {
    return latest.equals(Instant.MAX) ? null : latest;
  }

  /**
   * How two values relate. Two date-only values in one zone, or both without one, are taken to be
   * at one place and compare as civil dates (rule 2); where the places are known to differ, use
   * {@link #compareApart}.
   */
  public static Order compare(Bounds a, Bounds b) {
    CivilSpan first = a.civil;
    CivilSpan second = b.civil;
    return first != null && second != null && Objects.equals(a.zone, b.zone)
        ? order(
            first.earliest(),
            first.latestStart(),
            first.earliestEnd(),
            first.latest(),
            second.earliest(),
            second.latestStart(),
            second.earliestEnd(),
            second.latest())
        : compareApart(a, b);
  }

  /** How two values relate that hold at different places: as instants only. */
  public static Order compareApart(Bounds a, Bounds b) {
    return order(
        a.earliest,
        a.latestStart,
        a.earliestEnd,
        a.latest,
        b.earliest,
        b.latestStart,
        b.earliestEnd,
        b.latest);
  }

  /**
   * Sure is what holds for every period that the one may be, with every period that the other may
   * be.
   */
  private static <T extends Comparable<? super T>> Order order(
      T earliestA,
      T latestStartA,
      T earliestEndA,
      T latestA,
      T earliestB,
      T latestStartB,
      T earliestEndB,
      T latestB) {
    if (latestA.compareTo(earliestB) <= 0) {
      return Order.BEFORE;
    }
    if (latestB.compareTo(earliestA) <= 0) {
      return Order.AFTER;
    }
    return latestStartA.compareTo(earliestEndB) < 0 && latestStartB.compareTo(earliestEndA) < 0
        ? Order.OVERLAPS
        : Order.UNDETERMINED;
  }

  private static Instant early(LocalDateTime time, @Nullable ZoneId zone) {
    Instant unbounded = unbounded(time);
    if (unbounded != null) {
      return unbounded;
    }
    return zone == null
        ? time.toInstant(FIRST_ON_EARTH)
        : time.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }

  private static Instant late(LocalDateTime time, @Nullable ZoneId zone) {
    Instant unbounded = unbounded(time);
    if (unbounded != null) {
      return unbounded;
    }
    return zone == null
        ? time.toInstant(LAST_ON_EARTH)
        : time.atZone(zone).withLaterOffsetAtOverlap().toInstant();
  }

  private static @Nullable Instant unbounded(LocalDateTime time) {
    return time.equals(LocalDateTime.MIN)
        ? Instant.MIN
        : time.equals(LocalDateTime.MAX) ? Instant.MAX : null;
  }

  private static Instant min(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bounds b
        && earliest.equals(b.earliest)
        && latestStart.equals(b.latestStart)
        && earliestEnd.equals(b.earliestEnd)
        && latest.equals(b.latest)
        && Objects.equals(civil, b.civil)
        && Objects.equals(zone, b.zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(earliest, latestStart, earliestEnd, latest);
  }

  /**
   * Such as {@code [2025-05-14T21:00:00Z, 2025-05-15T21:00:00Z)}, with ".." where there is no
   * bound.
   */
  @Override
  public String toString() {
    return "[" + Objects.toString(earliest(), "..") + ", " + Objects.toString(latest(), "..") + ")";
  }
}
