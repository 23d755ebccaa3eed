package io.parley.schemas.temporal;

import io.parley.schemas.DayPart;
import io.parley.schemas.temporal.Edtf.End;
import io.parley.schemas.temporal.Edtf.Interval;
import io.parley.schemas.temporal.Edtf.NoPoint;
import io.parley.schemas.temporal.Edtf.OneOf;
import io.parley.schemas.temporal.Edtf.Point;
import io.parley.schemas.temporal.Edtf.Precision;
import io.parley.schemas.temporal.Edtf.Range;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Where something may start and where it may end, on the clock and calendar of its place. Ends are
 * exclusive; LocalDateTime.MIN and MAX stand for no bound.
 *
 * @param earliest first possible start
 * @param latestStart last possible start
 * @param earliestEnd first possible end
 * @param latest last possible end
 */
record CivilSpan(
    LocalDateTime earliest,
    LocalDateTime latestStart,
    LocalDateTime earliestEnd,
    LocalDateTime latest) {

  static CivilSpan of(Edtf value, @Nullable DayPart part) {
    return switch (value) {
      case Point point -> of(point, part);
      case OneOf set ->
          set.ranges().stream().map(range -> of(range, part)).reduce(CivilSpan::or).orElseThrow();
      case Interval interval -> of(interval, part);
    };
  }

  /** From somewhere in the one to somewhere in the other. */
  static CivilSpan spanning(CivilSpan start, CivilSpan end) {
    return new CivilSpan(
        min(start.earliest, end.earliest),
        start.latest,
        end.earliest,
        max(start.latest, end.latest));
  }

  /** Either of the two. */
  private CivilSpan or(CivilSpan other) {
    return new CivilSpan(
        min(earliest, other.earliest),
        max(latestStart, other.latestStart),
        min(earliestEnd, other.earliestEnd),
        max(latest, other.latest));
  }

  private static CivilSpan of(Interval interval, @Nullable DayPart part) {
    CivilSpan start = edge(interval.start(), part);
    CivilSpan end = edge(interval.end(), part);
    // What is open surely goes on; what ends at an unknown time may end with the known date.
    // Evenings that go on are
    // not one stretch, so a day part leaves nothing sure.
    if (start == null) {
      if (end == null) {
        throw new IllegalArgumentException("an interval without a date");
      }
      boolean goesOn = interval.start() == NoPoint.OPEN && part == null;
      return new CivilSpan(
          LocalDateTime.MIN,
          goesOn ? LocalDateTime.MIN : end.latestStart,
          part == null ? end.earliestEnd : LocalDateTime.MIN,
          end.latest);
    }
    if (end == null) {
      boolean goesOn = interval.end() == NoPoint.OPEN && part == null;
      return new CivilSpan(
          start.earliest,
          part == null ? start.latestStart : LocalDateTime.MAX,
          goesOn ? LocalDateTime.MAX : start.earliestEnd,
          LocalDateTime.MAX);
    }
    return part == null
        ? new CivilSpan(
            start.earliest, start.latestStart, end.earliestEnd, max(start.latest, end.latest))
        : start.or(end);
  }

  private static @Nullable CivilSpan edge(End end, @Nullable DayPart part) {
    return end instanceof Point point ? of(point, part) : null;
  }

  private static CivilSpan of(Range range, @Nullable DayPart part) {
    CivilSpan first = range.first() == null ? null : of(range.first(), part);
    CivilSpan last = range.last() == null ? null : of(range.last(), part);
    return new CivilSpan(
        first == null ? LocalDateTime.MIN : first.earliest,
        last == null ? LocalDateTime.MAX : last.latestStart,
        first == null ? LocalDateTime.MIN : first.earliestEnd,
        last == null ? LocalDateTime.MAX : last.latest);
  }

  private static CivilSpan of(Point point, @Nullable DayPart part) {
    // "About" makes more of the calendar possible; what lies there stays as long as it is.
    boolean about = point.doubt().widens();
    LocalDateTime from = about ? moved(point.from(), point.stated(), -1) : point.from();
    LocalDateTime to = about ? moved(point.to(), point.stated(), 1) : point.to();
    return part != null && point.dateOnly()
        ? partOfDay(from, to.minusDays(1), part)
        : new CivilSpan(from, point.unit().plus(to, -1), point.unit().after(from), to);
  }

  /** The part of one of the days from first to last, which are midnights. */
  private static CivilSpan partOfDay(LocalDateTime first, LocalDateTime last, DayPart part) {
    int from = firstHour(part);
    int to = lastHour(part);
    return part == DayPart.UNRECOGNIZED
        // A part that a newer version knows: some of it lies in these hours, which is all that can
        // be said.
        ? new CivilSpan(
            first.plusHours(from), last.plusHours(to), first.plusHours(from), last.plusHours(to))
        : new CivilSpan(
            first.plusHours(from), last.plusHours(from), first.plusHours(to), last.plusHours(to));
  }

  private static int firstHour(DayPart part) {
    return switch (part) {
      case MORNING -> 6;
      case AFTERNOON -> 12;
      case EVENING -> 18;
      case LATE_EVENING -> 21;
      case NIGHT, UNRECOGNIZED -> -3;
    };
  }

  private static int lastHour(DayPart part) {
    return switch (part) {
      case MORNING -> 12;
      case AFTERNOON -> 18;
      case EVENING, LATE_EVENING -> 24;
      case NIGHT, UNRECOGNIZED -> 30;
    };
  }

  /** How far "about" reaches: the choice is written down at {@link Bounds}. */
  private static LocalDateTime moved(LocalDateTime time, Precision stated, int sign) {
    return switch (stated) {
      case SECOND, MINUTE -> time.plusHours(sign);
      case DAY -> time.plusDays(3L * sign);
      case MONTH, SEASON -> time.plusMonths(sign);
      case YEAR, DECADE, CENTURY -> stated.plus(time, sign);
    };
  }

  private static LocalDateTime min(LocalDateTime a, LocalDateTime b) {
    return a.isBefore(b) ? a : b;
  }

  private static LocalDateTime max(LocalDateTime a, LocalDateTime b) {
    return a.isAfter(b) ? a : b;
  }
}
