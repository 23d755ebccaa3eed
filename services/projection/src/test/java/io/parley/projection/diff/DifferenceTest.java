package io.parley.projection.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.diff.Difference.Entry;
import io.parley.projection.diff.Difference.Version;
import io.parley.projection.diff.Difference.Way;
import io.parley.projection.projector.Bodies;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What differs between two moments of one item. */
class DifferenceTest {
  private static JsonNode json(String text) {
    return Bodies.JSON.readTree(text.replace('\'', '"'));
  }

  private static List<String> told(List<Entry> entries) {
    return entries.stream()
        .map(
            each ->
                "%s %s %s->%s %s"
                    .formatted(each.way(), each.path(), each.old(), each.value(), each.events()))
        .toList();
  }

  @Test
  void whatWasNotThereIsAddedWholeAndItsHeadApart() {
    List<Entry> entries =
        Difference.of(
            "/delegations/ru",
            null,
            List.of(
                new Version(51, json("{'party':'ru','head':null,'sequence':51}")),
                new Version(52, json("{'party':'ru','head':{'id':'m'},'sequence':52}"))),
            Set.of("head"));
    assertThat(told(entries))
        .containsExactly(
            "ADDED /delegations/ru null->{\"party\":\"ru\",\"head\":{\"id\":\"m\"},\"sequence\":52}"
                + " [51, 52]",
            "ADDED /delegations/ru/head null->{\"id\":\"m\"} [52]");
  }

  @Test
  void fieldsAreAddedChangedAndRemovedEachWithItsOwnEvents() {
    List<Entry> entries =
        Difference.of(
            "/meetings/opening",
            json("{'start':'15','end':'16','place':'i','note':'n','version':1,'sequence':1}"),
            List.of(
                new Version(
                    7, json("{'start':'15','end':'17','place':'a','note':'n','version':2}")),
                new Version(8, json("{'start':'15','place':'i','reason':'late','note':'x'}")),
                new Version(9, json("{'start':'15','place':'i','reason':'late','note':'n'}"))),
            Set.of());
    assertThat(told(entries))
        .containsExactly(
            "REMOVED /meetings/opening/end \"16\"->null [7, 8]",
            "ADDED /meetings/opening/reason null->\"late\" [8]");
  }

  @Test
  void whatIsAtBothMomentsAsItWasDoesNotDiffer() {
    assertThat(Difference.of("/x/y", json("{'a':1}"), List.of(), Set.of())).isEmpty();
    assertThat(
            Difference.of(
                "/x/y",
                json("{'a':1,'version':1}"),
                List.of(new Version(3, json("{'a':1,'version':2}"))),
                Set.of()))
        .isEmpty();
  }

  @Property
  void theDifferenceAppliedToTheOneIsTheOther(
      @ForAll("bodies") List<@Nullable JsonNode> bodies,
      @ForAll @IntRange(max = 6) int from,
      @ForAll @IntRange(max = 6) int to) {
    int last = bodies.size() - 1;
    int first = Math.min(Math.min(from, to), last);
    int second = Math.min(Math.max(from, to), last);
    List<Version> after = new ArrayList<>();
    for (int i = first + 1; i <= second; i++) {
      after.add(new Version(i, bodies.get(i)));
    }
    JsonNode before = bodies.get(first);
    List<Entry> entries = Difference.of("/x/y", before, after, Set.of("a"));
    assertThat(applied(before, entries)).isEqualTo(bare(bodies.get(second)));
    // Whatever differs is put down to events of the time between, and only those.
    assertThat(entries)
        .allSatisfy(
            entry ->
                assertThat(entry.events())
                    .isNotEmpty()
                    .allMatch(event -> event > first && event <= second));
  }

  private static @Nullable JsonNode applied(@Nullable JsonNode before, List<Entry> entries) {
    JsonNode now = bare(before);
    for (Entry entry : entries) {
      String field = entry.path().substring("/x/y".length());
      if (field.isEmpty()) {
        now = bare(entry.value());
      } else if (now instanceof ObjectNode object) {
        if (entry.way() == Way.REMOVED) {
          object.remove(field.substring(1));
        } else {
          object.set(field.substring(1), entry.value());
        }
      }
    }
    return now;
  }

  /** Without what tells of events, and without nulls. */
  private static @Nullable JsonNode bare(@Nullable JsonNode item) {
    if (item == null) {
      return null;
    }
    ObjectNode bare = Bodies.JSON.createObjectNode();
    item.properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull() && !Difference.BOOKKEEPING.contains(field.getKey())) {
                bare.set(field.getKey(), field.getValue());
              }
            });
    return bare;
  }

  @Provide
  Arbitrary<List<@Nullable JsonNode>> bodies() {
    Arbitrary<String> value = Arbitraries.of("1", "2", "null", "[]", "[1,2]", "{'id':'m'}");
    Arbitrary<@Nullable JsonNode> item =
        Combinators.combine(value, value, value, Arbitraries.of("1", "2"))
            .as(
                (a, b, c, version) ->
                    json("{'a':%s,'b':%s,'c':%s,'version':%s}".formatted(a, b, c, version)));
    return item.injectNull(0.2).list().ofMinSize(1).ofMaxSize(7);
  }
}
