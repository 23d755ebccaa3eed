package io.parley.schemas.temporal;

import io.parley.schemas.temporal.Edtf.Doubt;
import io.parley.schemas.temporal.Edtf.End;
import io.parley.schemas.temporal.Edtf.Interval;
import io.parley.schemas.temporal.Edtf.NoPoint;
import io.parley.schemas.temporal.Edtf.OneOf;
import io.parley.schemas.temporal.Edtf.Point;
import io.parley.schemas.temporal.Edtf.Precision;
import io.parley.schemas.temporal.Edtf.Range;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one EDTF text from left to right, in one pass. */
final class EdtfParser {
  /** Leaves room for {@code ~} and for time zones inside what java.time can hold. */
  private static final int LARGEST_YEAR = 999_999_000;

  private static final int MOST_OFFSET_MINUTES = 14 * 60;
  private static final int LEAST_OFFSET_MINUTES = -12 * 60;

  private final String text;
  private int at;

  EdtfParser(String text) {
    this.text = text;
  }

  Edtf parse() {
    if (text.isEmpty()) {
      throw wrong(0, "empty; expected a date such as 2025-05-15");
    }
    if (peek('{')) {
      throw wrong(0, "an all-of set is not read; write one value each");
    }
    Edtf value = peek('[') ? oneOf() : text.indexOf('/') >= 0 ? interval() : point(true);
    if (at < text.length()) {
      throw wrong(at, "nothing may follow here, found '" + text.charAt(at) + "'");
    }
    return value;
  }

  private Interval interval() {
    End start = end();
    if (!accept("/")) {
      throw wrong(at, "expected '/' after the start of the interval");
    }
    int second = at;
    End end = end();
    if (!(start instanceof Point) && !(end instanceof Point)) {
      throw wrong(0, "an interval needs a date at one end at least");
    }
    if (start instanceof Point s && end instanceof Point e && !s.from().isBefore(e.to())) {
      throw wrong(second, "the interval ends before it starts");
    }
    return new Interval(start, end);
  }

  private End end() {
    if (at == text.length() || peek('/')) {
      return NoPoint.UNKNOWN;
    }
    return accept("..") ? NoPoint.OPEN : point(false);
  }

  private OneOf oneOf() {
    at++;
    List<Range> ranges = new ArrayList<>();
    do {
      skipSpaces();
      ranges.add(range(ranges.isEmpty()));
      skipSpaces();
    } while (accept(","));
    if (!accept("]")) {
      throw wrong(at, "expected ',' or ']' in the set");
    }
    return new OneOf(ranges);
  }

  private Range range(boolean isFirst) {
    int start = at;
    if (accept("..")) {
      if (!isFirst) {
        throw wrong(start, "only the first member of a set may be open at its start");
      }
      return new Range(null, point(false));
    }
    Point first = point(false);
    if (!accept("..")) {
      return new Range(first, first);
    }
    skipSpaces();
    if (peek(']')) {
      return new Range(first, null);
    }
    if (peek(',')) {
      throw wrong(at, "only the last member of a set may be open at its end");
    }
    int second = at;
    Point last = point(false);
    if (!first.from().isBefore(last.to())) {
      throw wrong(second, "the range ends before it starts");
    }
    return new Range(first, last);
  }

  private Point point(boolean timeAllowed) {
    if (accept("Y")) {
      return years(longYear(), Precision.YEAR);
    }
    int start = at;
    boolean negative = accept("-");
    int century = digits(2, "a year of four digits, such as 2025");
    Precision stated = Precision.YEAR;
    int year = century * 100;
    if (accept("XX")) {
      stated = Precision.CENTURY;
    } else if (at + 1 < text.length() && text.charAt(at + 1) == 'X') {
      year += digits(1, "a year of four digits, such as 2025") * 10;
      at++;
      stated = Precision.DECADE;
    } else {
      year += digits(2, "a year of four digits, such as 2025");
    }
    if (negative && year == 0 && stated == Precision.YEAR) {
      throw wrong(start, "the year zero has no sign");
    }
    if (at < text.length() && isDigit(text.charAt(at))) {
      throw wrong(at, "a year of more than four digits starts with Y");
    }
    if (stated != Precision.YEAR) {
      if (peek('-')) {
        throw wrong(at, "no month may follow a year with unspecified digits");
      }
      // Digits count away from zero: -201X runs from -2019 to -2010.
      int span = stated == Precision.DECADE ? 9 : 99;
      return years(negative ? -year - span : year, stated);
    }
    int signed = negative ? -year : year;
    return accept("-") ? monthOrSeason(signed, timeAllowed) : years(signed, Precision.YEAR);
  }

  private int longYear() {
    int start = at;
    boolean negative = accept("-");
    int first = at;
    long year = 0;
    while (at < text.length() && isDigit(text.charAt(at)) && at - first < 10) {
      year = year * 10 + (text.charAt(at++) - '0');
    }
    if (at - first < 5 || text.charAt(first) == '0') {
      throw wrong(start, "Y takes a year of more than four digits, without leading zeros");
    }
    if (year > LARGEST_YEAR) {
      throw wrong(start, "a year is at most " + LARGEST_YEAR);
    }
    return (int) (negative ? -year : year);
  }

  private Point years(int first, Precision stated) {
    LocalDateTime from = LocalDate.of(first, 1, 1).atStartOfDay();
    return new Point(from, stated.after(from), Precision.YEAR, stated, doubt(), null);
  }

  private Point monthOrSeason(int year, boolean timeAllowed) {
    LocalDateTime january = LocalDate.of(year, 1, 1).atStartOfDay();
    if (accept("XX")) {
      if (!accept("-")) {
        return new Point(
            january, january.plusYears(1), Precision.MONTH, Precision.YEAR, doubt(), null);
      }
      if (!accept("XX")) {
        throw wrong(at, "expected XX: where the month is unspecified, so is the day");
      }
      return new Point(january, january.plusYears(1), Precision.DAY, Precision.YEAR, doubt(), null);
    }
    int start = at;
    int month = digits(2, "a month of two digits, or XX");
    if (month >= 21 && month <= 24) {
      return season(year, month);
    }
    if (month < 1 || month > 12) {
      throw wrong(start, "a month is 01 to 12, a season 21 to 24");
    }
    LocalDateTime first = january.plusMonths(month - 1L);
    if (!accept("-")) {
      return new Point(first, first.plusMonths(1), Precision.MONTH, Precision.MONTH, doubt(), null);
    }
    if (accept("XX")) {
      return new Point(first, first.plusMonths(1), Precision.DAY, Precision.MONTH, doubt(), null);
    }
    start = at;
    int day = digits(2, "a day of two digits, or XX");
    int days = YearMonth.of(year, month).lengthOfMonth();
    if (day < 1 || day > days) {
      throw wrong(start, "this month has days 01 to " + days);
    }
    LocalDateTime midnight = first.plusDays(day - 1L);
    if (peek('T')) {
      if (!timeAllowed) {
        throw wrong(at, "no clock time inside an interval or a set");
      }
      at++;
      return time(midnight);
    }
    return new Point(midnight, midnight.plusDays(1), Precision.DAY, Precision.DAY, doubt(), null);
  }

  /** The months that a season takes are written down at {@link Bounds}. */
  private Point season(int year, int season) {
    LocalDateTime march = LocalDate.of(year, 3, 1).atStartOfDay();
    LocalDateTime from = march.plusMonths((season - 21) * 3L);
    // The winter of 2022 may be the one that it starts with or the one that it ends with.
    return season == 24
        ? new Point(
            from.minusYears(1),
            from.plusMonths(3),
            Precision.SEASON,
            Precision.SEASON,
            doubt(),
            null)
        : new Point(from, from.plusMonths(3), Precision.SEASON, Precision.SEASON, doubt(), null);
  }

  private Point time(LocalDateTime midnight) {
    int hour = number(23, "an hour is 00 to 23");
    if (!accept(":")) {
      throw wrong(at, "expected ':' and minutes");
    }
    int minute = number(59, "a minute is 00 to 59");
    LocalDateTime from = midnight.plusHours(hour).plusMinutes(minute);
    Precision unit = Precision.MINUTE;
    if (accept(":")) {
      from = from.plusSeconds(number(59, "a second is 00 to 59"));
      unit = Precision.SECOND;
    }
    ZoneOffset offset = offset();
    return new Point(from, unit.after(from), unit, unit, doubt(), offset);
  }

  private @Nullable ZoneOffset offset() {
    if (accept("Z")) {
      return ZoneOffset.UTC;
    }
    if (!peek('+') && !peek('-')) {
      return null;
    }
    int start = at;
    int sign = text.charAt(at++) == '+' ? 1 : -1;
    int minutes = 60 * number(23, "an offset has hours of two digits");
    if (accept(":")) {
      minutes += number(59, "an offset has minutes of two digits");
    }
    minutes *= sign;
    if (minutes > MOST_OFFSET_MINUTES || minutes < LEAST_OFFSET_MINUTES) {
      throw wrong(start, "an offset is -12:00 to +14:00");
    }
    return ZoneOffset.ofTotalSeconds(minutes * 60);
  }

  private Doubt doubt() {
    if (accept("?")) {
      return Doubt.UNCERTAIN;
    }
    if (accept("~")) {
      return Doubt.APPROXIMATE;
    }
    return accept("%") ? Doubt.UNCERTAIN_AND_APPROXIMATE : Doubt.NONE;
  }

  private int number(int largest, String expected) {
    int start = at;
    int value = digits(2, expected);
    if (value > largest) {
      throw wrong(start, expected);
    }
    return value;
  }

  private int digits(int count, String expected) {
    int value = 0;
    for (int i = 0; i < count; i++, at++) {
      if (at >= text.length()) {
        throw wrong(at, "ends too early; expected " + expected);
      }
      char c = text.charAt(at);
      if (!isDigit(c)) {
        throw wrong(at, "expected " + expected + ", found '" + c + "'");
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  /** Character.isDigit would let the digits of other scripts in. */
  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private boolean peek(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean accept(String expected) {
    boolean found = text.startsWith(expected, at);
    if (found) {
      at += expected.length();
    }
    return found;
  }

  private void skipSpaces() {
    while (peek(' ')) {
      at++;
    }
  }

  private EdtfException wrong(int position, String problem) {
    return new EdtfException(text, position, problem);
  }
}
