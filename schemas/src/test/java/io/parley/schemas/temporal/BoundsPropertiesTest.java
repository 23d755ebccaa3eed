package io.parley.schemas.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.DayPart;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What holds for every temporal value: bounds nest, and what is not known never becomes sure. */
class BoundsPropertiesTest {

  /** A value as it is written. */
  record Value(String edtf, @Nullable DayPart part, @Nullable String zone) {
    Bounds bounds() {
      return BoundsTest.bounds(edtf, part, zone);
    }
  }

  /** A value, and the same with less known. */
  record Widening(Value narrow, Value wide) {}

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void boundsNest(@ForAll("widenings") Widening w) {
    assertThat(encloses(w.wide().bounds(), w.narrow().bounds())).isTrue();
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void aCoarserDateEnclosesAFinerOne(@ForAll("days") LocalDate day, @ForAll("zones") String zone) {
    String date = day.toString();
    List<String> coarser =
        List.of(
            date + "T12:00",
            date,
            date.substring(0, 7),
            date.substring(0, 4),
            date.substring(0, 3) + "X",
            date.substring(0, 2) + "XX");
    for (int i = 1; i < coarser.size(); i++) {
      Bounds fine = new Value(coarser.get(i - 1), null, zone).bounds();
      assertThat(encloses(new Value(coarser.get(i), null, zone).bounds(), fine)).isTrue();
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void rule1_comparisonIsAntisymmetric(@ForAll("values") Value a, @ForAll("values") Value b) {
    assertThat(Bounds.compare(a.bounds(), b.bounds()))
        .isEqualTo(Bounds.compare(b.bounds(), a.bounds()).reversed());
    assertThat(Bounds.compareApart(a.bounds(), b.bounds()))
        .isEqualTo(Bounds.compareApart(b.bounds(), a.bounds()).reversed());
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void knowingLessNeverMakesSure(@ForAll("widenings") Widening w, @ForAll("values") Value other) {
    Order wide = Bounds.compareApart(w.wide().bounds(), other.bounds());
    if (wide != Order.UNDETERMINED) {
      assertThat(Bounds.compareApart(w.narrow().bounds(), other.bounds())).isEqualTo(wide);
    }
  }

  @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
  void knowingLessAtOnePlaceNeverMakesSure(
      @ForAll("wideningsAtOnePlace") Widening w, @ForAll("values") Value value) {
    Bounds other = new Value(value.edtf(), value.part(), null).bounds();
    Order wide = Bounds.compare(w.wide().bounds(), other);
    if (wide != Order.UNDETERMINED) {
      assertThat(Bounds.compare(w.narrow().bounds(), other)).isEqualTo(wide);
    }
  }

  private static boolean encloses(Bounds wide, Bounds narrow) {
    Instant earliest = wide.earliest();
    Instant latest = wide.latest();
    Instant from = narrow.earliest();
    Instant to = narrow.latest();
    return (earliest == null || (from != null && !from.isBefore(earliest)))
        && (latest == null || (to != null && !to.isAfter(latest)));
  }

  /** Close together, so that most pairs meet. */
  @Provide
  Arbitrary<LocalDate> days() {
    return Arbitraries.integers().between(-8, 8).map(LocalDate.of(2025, 5, 30)::plusDays);
  }

  @Provide
  Arbitrary<String> zones() {
    return Arbitraries.of(
        "UTC",
        "Europe/Istanbul",
        "Europe/Berlin",
        "Pacific/Kiritimati",
        "America/New_York",
        "Etc/GMT+12");
  }

  private Arbitrary<DayPart> parts() {
    return Arbitraries.of(DayPart.class);
  }

  private Arbitrary<String> texts() {
    return Combinators.combine(
            days(), Arbitraries.integers().between(0, 20), Arbitraries.of("", "", "?", "~", "%"))
        .flatAs(
            (day, length, doubt) -> {
              String month = day.toString().substring(0, 7);
              return Arbitraries.of(
                  day + doubt,
                  month + doubt,
                  day.getYear() + doubt,
                  day.getYear() + "-21" + doubt,
                  day.getYear() + "-24" + doubt,
                  month + "-XX" + doubt,
                  day.getYear() + "-XX-XX",
                  day + "T10:30" + doubt,
                  day + "T10:30:00+03:00",
                  day + doubt + "/" + day.plusDays(length),
                  day + "/" + doubt.replace("?", ".."),
                  "../" + day + doubt,
                  "/" + day,
                  "[" + day + "," + day.plusDays(length) + "]",
                  "[.." + day + doubt + "]",
                  "[" + day + ".." + day.plusDays(length) + "]");
            })
        .filter(text -> !text.endsWith("/~") && !text.endsWith("/%"));
  }

  @Provide
  Arbitrary<Value> values() {
    return Combinators.combine(texts(), parts().injectNull(0.6), zones().injectNull(0.4))
        .as(Value::new);
  }

  @Provide
  Arbitrary<Widening> widenings() {
    return Arbitraries.oneOf(
        wideningsAtOnePlace(),
        Combinators.combine(texts(), parts().injectNull(0.6), zones())
            .as((t, p, z) -> new Widening(new Value(t, p, z), new Value(t, p, null))));
  }

  @Provide
  Arbitrary<Widening> wideningsAtOnePlace() {
    return Combinators.combine(
            days(), days(), Arbitraries.integers().between(-3, 3), parts().injectNull(0.6))
        .flatAs(
            (day, other, off, part) -> {
              String date = day.toString();
              String month = date.substring(0, 7);
              LocalDate first = day.isBefore(other) ? day : other;
              LocalDate last = day.isBefore(other) ? other : day;
              return Arbitraries.of(
                  widening(day.plusDays(off).toString(), date + "~", part),
                  widening(
                      day.plusMonths(Integer.signum(off)).toString().substring(0, 7),
                      month + "~",
                      part),
                  widening(date, month + "-XX", part),
                  widening(date + "~", month + "-XX~", part),
                  widening(month + "-XX", day.getYear() + "-XX-XX", part),
                  widening(date, "[" + date + "," + other + "]", part),
                  widening(date, "[" + other + "," + date + "]", part),
                  widening(date, "[" + first + ".." + last + "]", part),
                  widening(last.toString(), "[" + first + ".." + last + "]", part),
                  widening("[" + first + ".." + last + "]", "[" + first + "..]", part),
                  widening("[" + first + ".." + last + "]", "[.." + last + "]", part),
                  widening(first + "/" + last, first + "~/" + last + "~", part),
                  widening(first + "/" + last, first + "/", part),
                  widening(first + "/" + last, "/" + last, part),
                  widening(first + "/..", first + "/", part),
                  widening("../" + last, "/" + last, part),
                  new Widening(
                      new Value(date, part == null ? DayPart.EVENING : part, null),
                      new Value(date, DayPart.UNRECOGNIZED, null)));
            });
  }

  private static Widening widening(String narrow, String wide, @Nullable DayPart part) {
    return new Widening(new Value(narrow, part, null), new Value(wide, part, null));
  }
}
