package io.parley.projection.people;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Display.Placed;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where a person goes, stays and meets, across negotiations. */
@RestController
public final class ItineraryController {
  /** Milliseconds that no date reaches: what has none comes last. */
  private static final String NEVER = "9000000000000000";

  /** Makes every date a number of the same sign, so that its digits sort as it does. */
  private static final String SHIFT = "1000000000000000";

  private final Reading reading;
  private final Display display;
  private final Database database;

  ItineraryController(Reading reading, Display display, Database database) {
    this.reading = reading;
    this.display = display;
    this.database = database;
  }

  private record Row(String type, Moment moment, String body) {}

  /**
   * Legs, stays and the meetings that name the person as a participant, by their earliest times;
   * what has none comes last. Their order is only as sure as their times: {@code previousIs} says
   * of the item above that it is BEFORE this one, that it OVERLAPS, or that this is UNDETERMINED
   * (rule 1); null for the first of a page. That a party meets does not say which of its members do
   * (rule 7).
   */
  @GetMapping("/api/people/{person}/itinerary")
  @Asks(
      list = true,
      views = {"people", "legs", "stays", "meetings", "names", "negotiations"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String person, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.across(
        question,
        Mono.defer(
            () ->
                known(question, person)
                    .then(
                        reading.rows(
                            question, select(question, person), columns(question), row -> row(row)))
                    .zipWith(reading.length(question))
                    .flatMap(
                        found ->
                            display
                                .across(placed(found.getT1().bodies()))
                                .map(
                                    items ->
                                        reading.page(
                                            question,
                                            found.getT2(),
                                            -1,
                                            found.getT1(),
                                            told(found.getT1().bodies(), items))))));
  }

  private Mono<Void> known(Question question, String person) {
    Select select =
        Select.across("people", question.recordedMillis())
            .where("t.id = ?", person)
            .where(PersonController.ARE_PEOPLE);
    return database
        .query(select.sql("t.id", 1), row -> true, select.values())
        .next()
        .switchIfEmpty(Mono.error(() -> Reading.unknown("person", person)))
        .then();
  }

  private static Select select(Question question, String person) {
    Long millis = question.recordedMillis();
    String query =
        String.join(
            " union all ",
            of("leg", "legs", "t.person = $1", millis),
            of("stay", "stays", "t.person = $1", millis),
            of("meeting", "meetings", "t.refs @> array[$1::text]", millis));
    return Select.derived(query, millis == null ? List.of(person) : List.of(person, millis));
  }

  private static String of(String type, String table, String whose, @Nullable Long millis) {
    return "select (lpad((coalesce(t.earliest_ms, t.latest_ms, %s) + %s)::text, 20, '0')"
            .formatted(NEVER, SHIFT)
        + " || '/%1$s/' || t.negotiation || '/' || t.id) collate \"C\" as id, '%1$s' as type,"
            .formatted(type)
        + " t.negotiation, t.body from {schema}."
        + table
        + " t where "
        + whose
        + " and "
        + Select.then(table, "t", millis == null ? "" : "$2");
  }

  /** With the end of the negotiation's timeline then, as of which names are shown. */
  private static String columns(Question question) {
    return "t.type, t.negotiation, t.body, (select max(e.sequence) from {schema}.timeline e"
        + " where e.negotiation = t.negotiation"
        + (question.recordedMillis() == null ? ")" : " and e.recorded_ms <= $2)");
  }

  private static Row row(Readable row) {
    return new Row(
        row.get(1, String.class),
        new Moment(row.get(2, String.class), row.get(4, Long.class)),
        row.get(3, String.class));
  }

  private static List<Placed> placed(List<Row> rows) {
    return rows.stream().map(row -> new Placed(row.moment(), row.body())).toList();
  }

  private static List<JsonNode> told(List<Row> rows, List<JsonNode> items) {
    List<JsonNode> told = new ArrayList<>();
    Stop before = null;
    for (int i = 0; i < items.size(); i++) {
      Row row = rows.get(i);
      Stop stop = Stop.of(row.type(), row.body());
      ObjectNode item = Bodies.JSON.createObjectNode();
      item.put("type", row.type());
      item.put("negotiation", row.moment().negotiation());
      item.put("previousIs", before == null ? null : before.comparedTo(stop).name());
      item.setAll((ObjectNode) items.get(i));
      told.add(item);
      before = stop;
    }
    return told;
  }
}
