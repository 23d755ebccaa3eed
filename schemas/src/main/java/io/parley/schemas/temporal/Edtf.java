package io.parley.schemas.temporal;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A date or time as a source gave it: EDTF level 1, and the one-of sets of level 2 (ISO
 * 8601-2:2019; the Library of Congress specification). It keeps what is known and what is not;
 * {@link Bounds} turns it into instants.
 *
 * <p>Beyond the specification it reads clock times without seconds. Not read: level 2 in general,
 * all-of sets in braces, fractions of a second, durations, and (as in the specification) clock
 * times inside intervals and sets.
 */
public sealed interface Edtf {

  /**
   * Reads a value.
   *
   * @throws EdtfException if it is not one; the message says what is wrong and where
   */
  static Edtf parse(String text) {
    return new EdtfParser(text).parse();
  }

  /** A length of civil time. */
  enum Precision {
    SECOND,
    MINUTE,
    DAY,
    MONTH,
    SEASON,
    YEAR,
    DECADE,
    CENTURY;

    LocalDateTime after(LocalDateTime start) {
      return plus(start, 1);
    }

    LocalDateTime plus(LocalDateTime time, long count) {
      return switch (this) {
        case SECOND -> time.plusSeconds(count);
        case MINUTE -> time.plusMinutes(count);
        case DAY -> time.plusDays(count);
        case MONTH -> time.plusMonths(count);
        case SEASON -> time.plusMonths(3 * count);
        case YEAR -> time.plusYears(count);
        case DECADE -> time.plusYears(10 * count);
        case CENTURY -> time.plusYears(100 * count);
      };
    }
  }

  /** The doubt that a value carries. */
  enum Doubt {
    NONE,
    /**
     * {@code ?}: the source may be wrong. Says nothing of how far, so it does not widen the bounds.
     */
    UNCERTAIN,
    /** {@code ~}: about then. */
    APPROXIMATE,
    /** {@code %}: both. */
    UNCERTAIN_AND_APPROXIMATE;

    boolean widens() {
      return this == APPROXIMATE || this == UNCERTAIN_AND_APPROXIMATE;
    }
  }

  /**
   * One date or time: something as long as {@code unit} that lies between {@code from} and {@code
   * to}. The two differ in length where digits are unspecified: 1985-04-XX is a day in April.
   *
   * @param from first moment that it can cover, civil time
   * @param to first moment after all that it can cover, civil time
   * @param unit how long it is
   * @param stated the smallest part that is stated, which says how far {@code ~} reaches
   * @param doubt its qualifier
   * @param offset offset from UTC, only for a clock time that gives one
   */
  record Point(
      LocalDateTime from,
      LocalDateTime to,
      Precision unit,
      Precision stated,
      Doubt doubt,
      @Nullable ZoneOffset offset)
      implements Edtf, End {
    /** Whether it is a date, of any precision, rather than a clock time. */
    public boolean dateOnly() {
      return unit.compareTo(Precision.DAY) >= 0;
    }
  }

  /** One end of an interval. */
  sealed interface End permits Point, NoPoint {}

  /** An end that is no date. */
  enum NoPoint implements End {
    /** {@code ..}: it goes on, without an end or from time immemorial. */
    OPEN,
    /** Empty: it has an end, which is not known. */
    UNKNOWN
  }

  /** A stretch of time; both ends belong to it. At least one is a date. */
  record Interval(End start, End end) implements Edtf {}

  /** One of these, it is not known which. */
  record OneOf(List<Range> ranges) implements Edtf {
    /** Keeps its own copy of the list. */
    public OneOf {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * Members of a set: from the first to the last, which are the same for a single one; null where
   * open.
   */
  record Range(@Nullable Point first, @Nullable Point last) {}
}
