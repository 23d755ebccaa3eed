package io.parley.schemas.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.schemas.temporal.Edtf.Doubt;
import io.parley.schemas.temporal.Edtf.Interval;
import io.parley.schemas.temporal.Edtf.NoPoint;
import io.parley.schemas.temporal.Edtf.OneOf;
import io.parley.schemas.temporal.Edtf.Point;
import io.parley.schemas.temporal.Edtf.Precision;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdtfTest {
  @ParameterizedTest
  @CsvSource({
    "2025-05-15, 2025-05-15T00:00, 2025-05-16T00:00, DAY, DAY, NONE",
    "2024-02-29, 2024-02-29T00:00, 2024-03-01T00:00, DAY, DAY, NONE",
    "2025-05, 2025-05-01T00:00, 2025-06-01T00:00, MONTH, MONTH, NONE",
    "2025, 2025-01-01T00:00, 2026-01-01T00:00, YEAR, YEAR, NONE",
    "0000, 0000-01-01T00:00, 0001-01-01T00:00, YEAR, YEAR, NONE",
    "-1985, -1985-01-01T00:00, -1984-01-01T00:00, YEAR, YEAR, NONE",
    "-0001-12-31, -0001-12-31T00:00, 0000-01-01T00:00, DAY, DAY, NONE",
    "Y170000002, +170000002-01-01T00:00, +170000003-01-01T00:00, YEAR, YEAR, NONE",
    "Y-12345, -12345-01-01T00:00, -12344-01-01T00:00, YEAR, YEAR, NONE",
    "2022-21, 2022-03-01T00:00, 2022-06-01T00:00, SEASON, SEASON, NONE",
    "2022-23, 2022-09-01T00:00, 2022-12-01T00:00, SEASON, SEASON, NONE",
    "2022-24, 2021-12-01T00:00, 2023-03-01T00:00, SEASON, SEASON, NONE",
    "2025-05-08~, 2025-05-08T00:00, 2025-05-09T00:00, DAY, DAY, APPROXIMATE",
    "2025?, 2025-01-01T00:00, 2026-01-01T00:00, YEAR, YEAR, UNCERTAIN",
    "2025-05%, 2025-05-01T00:00, 2025-06-01T00:00, MONTH, MONTH, UNCERTAIN_AND_APPROXIMATE",
    "201X, 2010-01-01T00:00, 2020-01-01T00:00, YEAR, DECADE, NONE",
    "20XX, 2000-01-01T00:00, 2100-01-01T00:00, YEAR, CENTURY, NONE",
    "-201X, -2019-01-01T00:00, -2009-01-01T00:00, YEAR, DECADE, NONE",
    "2004-XX, 2004-01-01T00:00, 2005-01-01T00:00, MONTH, YEAR, NONE",
    "1985-04-XX, 1985-04-01T00:00, 1985-05-01T00:00, DAY, MONTH, NONE",
    "1985-XX-XX, 1985-01-01T00:00, 1986-01-01T00:00, DAY, YEAR, NONE",
    "2025-05-15T10:30, 2025-05-15T10:30, 2025-05-15T10:31, MINUTE, MINUTE, NONE",
    "2025-05-15T23:59:59, 2025-05-15T23:59:59, 2025-05-16T00:00, SECOND, SECOND, NONE",
  })
  void readsADate(
      String text, String from, String to, Precision unit, Precision stated, Doubt doubt) {
    Point point = (Point) Edtf.parse(text);
    assertThat(point.from()).hasToString(from);
    assertThat(point.to()).hasToString(to);
    assertThat(point.unit()).isEqualTo(unit);
    assertThat(point.stated()).isEqualTo(stated);
    assertThat(point.doubt()).isEqualTo(doubt);
    assertThat(point.offset()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2025-05-15T10:30:00Z, Z",
    "2025-05-15T10:30+03:00, +03:00",
    "2025-05-15T10:30:00+03, +03:00",
    "2025-05-15T10:30:00-03:30, -03:30",
    "2025-05-15T10:30~, ",
  })
  void readsAnOffset(String text, String offset) {
    assertThat(((Point) Edtf.parse(text)).offset())
        .isEqualTo(offset == null ? null : java.time.ZoneOffset.of(offset));
  }

  @ParameterizedTest
  @CsvSource({
    "2025-05-15/2025-05-17, NONE, NONE",
    "2025-01~/.., APPROXIMATE, OPEN",
    "2025-01/, NONE, UNKNOWN",
    "../2025-01, OPEN, NONE",
    "/2025-01?, UNKNOWN, UNCERTAIN",
    "2004-06-XX/2004-07-03, NONE, NONE",
    "-0044/2022-21, NONE, NONE",
    "2025/2025-05, NONE, NONE",
  })
  void readsAnInterval(String text, String start, String end) {
    Interval interval = (Interval) Edtf.parse(text);
    assertThat(mark(interval.start())).isEqualTo(start);
    assertThat(mark(interval.end())).isEqualTo(end);
  }

  private static String mark(Edtf.End end) {
    return switch (end) {
      case NoPoint none -> none.name();
      case Point point -> point.doubt().name();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2025-05-10,2025-05-11] | 2",
        "[1667, 1668, 1670..1672] | 3",
        "[..1760-12-03] | 1",
        "[1760-01, 1760-12..] | 2",
        "[2025-05-10..2025-05-12] | 1",
        "[2025-05-10~] | 1",
      })
  void readsASet(String text, int ranges) {
    assertThat(((OneOf) Edtf.parse(text)).ranges()).hasSize(ranges);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | 0 | empty",
        "May 15 | 0 | expected a year of four digits, such as 2025, found 'M'",
        "25-05-15 | 2 | expected a year of four digits",
        "202 | 3 | ends too early",
        "20255 | 4 | a year of more than four digits starts with Y",
        "2025-13 | 5 | a month is 01 to 12, a season 21 to 24",
        "2025-25 | 5 | a month is 01 to 12, a season 21 to 24",
        "2025-5-15 | 6 | expected a month of two digits",
        "2025-02-29 | 8 | this month has days 01 to 28",
        "2025-05-00 | 8 | this month has days 01 to 31",
        "2025-05-15T24:00 | 11 | an hour is 00 to 23",
        "2025-05-15T10 | 13 | expected ':' and minutes",
        "2025-05-15T10:00:00.5Z | 19 | nothing may follow here, found '.'",
        "2025-05-15T10:00+15:00 | 16 | an offset is -12:00 to +14:00",
        "2025-05-15 10:00 | 10 | nothing may follow here",
        "2025-05-15?~ | 11 | nothing may follow here",
        "2025?-05 | 5 | nothing may follow here",
        "2025-22-01 | 7 | nothing may follow here",
        "201X-05 | 4 | no month may follow a year with unspecified digits",
        "2X25 | 1 | expected a year of four digits",
        "1985-XX-05 | 8 | where the month is unspecified, so is the day",
        "-0000 | 0 | the year zero has no sign",
        "Y2025 | 1 | a year of more than four digits",
        "Y012345 | 1 | without leading zeros",
        "Y1000000000 | 1 | a year is at most",
        "../.. | 0 | an interval needs a date at one end at least",
        "/ | 0 | an interval needs a date at one end at least",
        "2025-05-17/2025-05-15 | 11 | the interval ends before it starts",
        "2025/2026/2027 | 9 | nothing may follow here",
        "2025-05-15T10:00/2025-05-16 | 10 | no clock time inside an interval or a set",
        "[2025 | 5 | expected ',' or ']'",
        "[2025..,2026] | 7 | only the last member",
        "[2025,..2026] | 6 | only the first member",
        "[2026..2025] | 7 | the range ends before it starts",
        "[] | 1 | expected a year",
        "{2025,2026} | 0 | an all-of set is not read",
        "２０２５ | 0 | expected a year",
      })
  void saysWhatIsWrongAndWhere(String text, int position, String problem) {
    String given = text == null ? "" : text;

    assertThatThrownBy(() -> Edtf.parse(given))
        .isInstanceOfSatisfying(
            EdtfException.class,
            e -> {
              assertThat(e).hasMessageContaining(problem);
              assertThat(e.position()).isEqualTo(position);
              assertThat(e).hasMessageContaining("character " + (position + 1) + ":");
            });
  }

  @Property(tries = 5000)
  void anyTextIsReadOrRefused(
      @ForAll
          @StringLength(max = 24)
          @Chars({'-', '/', '.', '[', ']', ',', ' ', 'X', 'Y', 'T', 'Z', ':', '+', '~', '?', '%'})
          @CharRange(from = '0', to = '9')
          String text) {
    try {
      Bounds.of(Edtf.parse(text), null, null);
    } catch (EdtfException e) {
      assertThat(e.position()).isBetween(0, text.length());
    }
  }
}
