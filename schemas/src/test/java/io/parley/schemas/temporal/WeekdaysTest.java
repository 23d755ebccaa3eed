package io.parley.schemas.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Weekday;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeekdaysTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2025-05-15 | THURSDAY | true",
        "2025-05-15 | FRIDAY | false",
        "2025-05-15? | FRIDAY | false",
        "2025-05-15T23:30Z | THURSDAY | true",
        "2025-05-15T23:30Z | FRIDAY | false",
        // Three days to either side are a week.
        "2025-05-15~ | MONDAY | true",
        "2025-05 | MONDAY | true",
        "[2025-05-15,2025-05-19] | MONDAY | true",
        "[2025-05-15,2025-05-19] | FRIDAY | false",
        "[2025-05-15..2025-05-17] | FRIDAY | true",
        "2025-05-15/2025-05-16 | FRIDAY | true",
        "2025-05-15/2025-05-16 | SATURDAY | false",
        "2025-05-15/.. | SATURDAY | true",
        "2025-05-15 | UNRECOGNIZED | true",
      })
  void rule3_aDayOfTheWeekFitsOneOfTheDaysThatADateCanBe(
      String edtf, Weekday weekday, boolean fits) {
    assertThat(Weekdays.fits(edtf, weekday)).isEqualTo(fits);
  }
}
