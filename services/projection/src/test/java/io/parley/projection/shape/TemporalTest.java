package io.parley.projection.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.projector.Bodies;
import io.parley.schemas.Qualifier;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.Weekday;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Temporal values as they are answered. */
class TemporalTest {
  @Test
  void rule3_aWeekdayThatDoesNotFitItsDateIsFlaggedAndStoredAsGiven() {
    JsonNode friday = answered(date().weekday(Weekday.FRIDAY));
    assertThat(friday.at("/edtf").asString()).isEqualTo("2025-05-15");
    assertThat(friday.at("/weekday").asString()).isEqualTo("FRIDAY");
    assertThat(friday.at("/weekdayFits").asBoolean()).isFalse();
    assertThat(answered(date().weekday(Weekday.THURSDAY)).at("/weekdayFits").asBoolean()).isTrue();
  }

  @Test
  void rule3_withoutAWeekdayNothingIsSaidOfIt() {
    assertThat(answered(date()).has("weekday")).isFalse();
    assertThat(answered(date()).has("weekdayFits")).isFalse();
  }

  @Test
  void rule4_whatIsInferredSaysSo() {
    assertThat(answered(date().qualifier(Qualifier.INFERRED)).at("/qualifier").asString())
        .isEqualTo("INFERRED");
    assertThat(answered(date()).at("/qualifier").asString()).isEqualTo("STATED");
  }

  @Test
  void whatIsReadBackIsTheSame() {
    Temporal value = Temporal.of(date().weekday(Weekday.FRIDAY), "Europe/Istanbul");
    assertThat(Bodies.JSON.readValue(Bodies.JSON.writeValueAsBytes(value), Temporal.class))
        .isEqualTo(value);
  }

  private static TemporalValue date() {
    return new TemporalValue().edtf("2025-05-15");
  }

  private static JsonNode answered(TemporalValue value) {
    return Bodies.JSON.readTree(Bodies.JSON.writeValueAsBytes(Temporal.of(value)));
  }
}
