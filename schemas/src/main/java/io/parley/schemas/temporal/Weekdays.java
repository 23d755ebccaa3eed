package io.parley.schemas.temporal;

import io.parley.schemas.Weekday;
import io.parley.schemas.temporal.Edtf.OneOf;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/** Whether the day of the week that a source names is one that its date can be (rule 3). */
public final class Weekdays {
  private static final int WEEK = 7;

  private Weekdays() {}

  /**
   * False where no day that the value can cover is that day of the week.
   *
   * @throws EdtfException if the value cannot be read
   */
  public static boolean fits(String edtf, Weekday weekday) {
    if (weekday == Weekday.UNRECOGNIZED) {
      return true;
    }
    DayOfWeek day = DayOfWeek.valueOf(weekday.name());
    return switch (Edtf.parse(edtf)) {
      case OneOf set ->
          set.ranges().stream()
              .anyMatch(range -> fits(CivilSpan.of(new OneOf(List.of(range)), null), day));
      case Edtf value -> fits(CivilSpan.of(value, null), day);
    };
  }

  private static boolean fits(CivilSpan span, DayOfWeek day) {
    if (span.earliest().equals(LocalDateTime.MIN) || span.latest().equals(LocalDateTime.MAX)) {
      return true;
    }
    LocalDate first = span.earliest().toLocalDate();
    // Exclusive: a day that ends at midnight does not reach into the next.
    LocalDate last = span.latest().minusNanos(1).toLocalDate();
    return first.plusDays(WEEK - 1).compareTo(last) <= 0
        || first.datesUntil(last.plusDays(1)).anyMatch(date -> date.getDayOfWeek() == day);
  }
}
