package io.parley.schemas.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.schemas.DayPart;
import io.parley.schemas.TemporalValue;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {
  @ParameterizedTest
  @CsvSource({
    // In a zone, a date is the civil day.
    "2025-05-15, , Europe/Istanbul, 2025-05-14T21:00:00Z, 2025-05-15T21:00:00Z",
    "2025-03-30, , Europe/Berlin, 2025-03-29T23:00:00Z, 2025-03-30T22:00:00Z",
    "2025-05, , UTC, 2025-05-01T00:00:00Z, 2025-06-01T00:00:00Z",
    "2025, , UTC, 2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z",
    "2022-21, , UTC, 2022-03-01T00:00:00Z, 2022-06-01T00:00:00Z",
    // Without one, it is the day of the first and of the last place on Earth.
    "2025-05-15, , , 2025-05-14T10:00:00Z, 2025-05-16T12:00:00Z",
    "2025-05-15T10:00, , , 2025-05-14T20:00:00Z, 2025-05-15T22:01:00Z",
    // An offset overrules both the zone and the part.
    "2025-05-15T10:00+03:00, , , 2025-05-15T07:00:00Z, 2025-05-15T07:01:00Z",
    "2025-05-15T10:00:00Z, EVENING, Asia/Tokyo, 2025-05-15T10:00:00Z, 2025-05-15T10:00:01Z",
    // A repeated hour is either one.
    "2025-10-26T02:30, , Europe/Berlin, 2025-10-26T00:30:00Z, 2025-10-26T01:31:00Z",
    // Parts of the day.
    "2025-05-15, MORNING, UTC, 2025-05-15T06:00:00Z, 2025-05-15T12:00:00Z",
    "2025-05-15, AFTERNOON, UTC, 2025-05-15T12:00:00Z, 2025-05-15T18:00:00Z",
    "2025-05-15, EVENING, UTC, 2025-05-15T18:00:00Z, 2025-05-16T00:00:00Z",
    "2025-05-14, LATE_EVENING, Europe/Moscow, 2025-05-14T18:00:00Z, 2025-05-14T21:00:00Z",
    "2025-05-11, NIGHT, Europe/Moscow, 2025-05-10T18:00:00Z, 2025-05-12T03:00:00Z",
    "2025-05-11, UNRECOGNIZED, UTC, 2025-05-10T21:00:00Z, 2025-05-12T06:00:00Z",
    "2025-05, MORNING, UTC, 2025-05-01T06:00:00Z, 2025-05-31T12:00:00Z",
    // About.
    "2025-05-08~, , UTC, 2025-05-05T00:00:00Z, 2025-05-12T00:00:00Z",
    "2025-05~, , UTC, 2025-04-01T00:00:00Z, 2025-07-01T00:00:00Z",
    "2025%, , UTC, 2024-01-01T00:00:00Z, 2027-01-01T00:00:00Z",
    "2025-05-08?, , UTC, 2025-05-08T00:00:00Z, 2025-05-09T00:00:00Z",
    "2025-05-08T10:00Z~, , , 2025-05-08T09:00:00Z, 2025-05-08T11:01:00Z",
    // Intervals and sets.
    "2025-05-15/2025-05-17, , UTC, 2025-05-15T00:00:00Z, 2025-05-18T00:00:00Z",
    "2025-01~/.., , UTC, 2024-12-01T00:00:00Z, ",
    "/2025-05-17, , UTC, , 2025-05-18T00:00:00Z",
    "[2025-05-10;2025-05-12], , UTC, 2025-05-10T00:00:00Z, 2025-05-13T00:00:00Z",
    "[..2025-05-12], , UTC, , 2025-05-13T00:00:00Z",
    "[2025-05-12..], , UTC, 2025-05-12T00:00:00Z, ",
    "1985-04-XX, , UTC, 1985-04-01T00:00:00Z, 1985-05-01T00:00:00Z",
  })
  void rule2_liesBetween(
      String edtf,
      @Nullable DayPart part,
      @Nullable String zone,
      @Nullable String earliest,
      @Nullable String latest) {
    Bounds bounds = bounds(edtf.replace(';', ','), part, zone);
    assertThat(bounds)
        .hasToString(
            "["
                + (earliest == null ? ".." : earliest)
                + ", "
                + (latest == null ? ".." : latest)
                + ")");
  }

  @ParameterizedTest
  @CsvSource({
    // Civil dates at one place.
    "2025-05-15, , 2025-05-16, , BEFORE",
    "2025-05-16, , 2025-05-15, , AFTER",
    "2025-05-15, , 2025-05-15, , OVERLAPS",
    "2025-05-15, Asia/Tokyo, 2025-05-16, Asia/Tokyo, BEFORE",
    // One of the two zones is not known.
    "2025-05-15, Asia/Tokyo, 2025-05-16, , UNDETERMINED",
    "2025-05-15, Asia/Tokyo, 2025-05-18, , BEFORE",
    "2025-05-15, Asia/Tokyo, 2025-05-15, , OVERLAPS",
    "2025-05-15, Pacific/Kiritimati, 2025-05-15, , UNDETERMINED",
    "2025-05-15, Asia/Tokyo, 2025-05-15, America/New_York, OVERLAPS",
    "2025-05-15, Asia/Tokyo, 2025-05-16, America/New_York, BEFORE",
    // A clock time without a zone is widened, rule 2 speaks of dates only.
    "2025-05-15T10:00, , 2025-05-15T11:00, , UNDETERMINED",
    "2025-05-15T10:00, Asia/Tokyo, 2025-05-15T11:00, Asia/Tokyo, BEFORE",
    "2025-05-15T10:00Z, , 2025-05-15T10:00:30Z, , OVERLAPS",
    "2025-05-15T10:00Z, , 2025-05-15T10:01Z, , BEFORE",
    // Doubt.
    "2025-05-15~, , 2025-05-15, , UNDETERMINED",
    "2025-05-15~, , 2025-05-18, , UNDETERMINED",
    "2025-05-15~, , 2025-05-19, , BEFORE",
    "2025-05, , 2025-05-15, , OVERLAPS",
    "2025-05-XX, , 2025-05-15, , UNDETERMINED",
    "2022-24, , 2022-01-15, , UNDETERMINED",
    "[2025-05-15;2025-05-17], , 2025-05-16, , UNDETERMINED",
    "[2025-05-15;2025-05-17], , 2025-05, , OVERLAPS",
    "[2025-05-15;2025-05-17], , 2025-05-18, , BEFORE",
    // Intervals.
    "2025-05-15/2025-05-17, , 2025-05-16, , OVERLAPS",
    "2025-05-15~/2025-05-17, , 2025-05-16, , UNDETERMINED",
    "2025-05-15/.., , 2031, , OVERLAPS",
    "2025-05-15/, , 2031, , UNDETERMINED",
    "2025-05-15/, , 2025-05-15, , OVERLAPS",
    "2025-05-15/.., , 2024/.., , OVERLAPS",
    "[..2025], , [..2026], , UNDETERMINED",
  })
  void rule1_compares(
      String a, @Nullable String zoneA, String b, @Nullable String zoneB, Order order) {
    Bounds first = bounds(a.replace(';', ','), null, zoneA);
    Bounds second = bounds(b.replace(';', ','), null, zoneB);
    assertThat(Bounds.compare(first, second)).isEqualTo(order);
    assertThat(Bounds.compare(second, first)).isEqualTo(order.reversed());
  }

  @Test
  void rule2_atDifferentPlacesDatesWithoutZonesProveLittle() {
    Bounds fifteenth = bounds("2025-05-15", null, null);
    assertThat(Bounds.compareApart(fifteenth, bounds("2025-05-16", null, null)))
        .isEqualTo(Order.UNDETERMINED);
    assertThat(Bounds.compareApart(fifteenth, bounds("2025-05-18", null, null)))
        .isEqualTo(Order.BEFORE);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-05-14, 2025-05-16, 2025-05-16, 2025-05-18, UNDETERMINED",
    "2025-05-13, 2025-05-18, 2025-05-15, 2025-05-17, OVERLAPS",
    "2025-05-15, 2025-05-15, 2025-05-15, 2025-05-15, UNDETERMINED",
    "2025-05-13, 2025-05-14, 2025-05-15, 2025-05-15, BEFORE",
    "2025-05-13, , 2025-05-15, 2025-05-16, UNDETERMINED",
    "2025-05-13, , 2025-05-11, 2025-05-12, AFTER",
    ", 2025-05-13, 2025-05-14, 2025-05-15, BEFORE",
    ", , 2025-05-14, 2025-05-15, UNDETERMINED",
  })
  void whatSpansTwoDaysSurelyCoversTheDaysBetween(
      @Nullable String fromA,
      @Nullable String toA,
      @Nullable String fromB,
      @Nullable String toB,
      Order order) {
    assertThat(Bounds.compare(stay(fromA, toA), stay(fromB, toB))).isEqualTo(order);
    assertThat(Bounds.compareApart(stay(fromA, toA), stay(fromB, toB))).isEqualTo(order);
  }

  private static Bounds stay(@Nullable String from, @Nullable String to) {
    return Bounds.spanning(
        from == null ? null : bounds(from, null, "Europe/Istanbul"),
        to == null ? null : bounds(to, null, "Europe/Istanbul"));
  }

  @Test
  void anUnknownZoneIsRefused() {
    assertThatThrownBy(() -> bounds("2025-05-15", null, "Europe/Atlantis"))
        .isInstanceOf(DateTimeException.class);
  }

  static Bounds bounds(String edtf, @Nullable DayPart part, @Nullable String zone) {
    return Bounds.of(new TemporalValue().edtf(edtf).dayPart(part).zone(zone));
  }
}
