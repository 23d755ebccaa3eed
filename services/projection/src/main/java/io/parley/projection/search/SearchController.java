package io.parley.projection.search;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Words;
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
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Search over everything that has a name or words. Something is found by its own words, or because
 * it names somebody or some place that one of its negotiation's names and other spellings fits.
 */
@RestController
public final class SearchController {
  /** Most characters that are looked for. */
  static final int MAX_CHARACTERS = 200;

  private final Reading reading;
  private final Display display;

  SearchController(Reading reading, Display display) {
    this.reading = reading;
    this.display = display;
  }

  private record Row(String type, String id, Moment moment, String body) {}

  /**
   * People, negotiations, meetings and announcements, in this order and by id. {@code q} takes
   * words that must all be there, a "phrase", {@code or}, and {@code -without}; accents and
   * capitals do not count.
   */
  @GetMapping("/api/search")
  @Asks(
      value = {"q"},
      list = true,
      views = {"people", "names", "negotiations", "meetings", "announcements"})
  public Mono<ResponseEntity<byte[]>> search(ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    String words = question.parsed("q", SearchController::words);
    if (words == null) {
      question.required("q");
    }
    return reading.across(
        question,
        Mono.defer(
            () ->
                reading
                    .rows(
                        question,
                        select(String.valueOf(words), question.recordedMillis()),
                        columns(question),
                        SearchController::row)
                    .zipWith(reading.length(question))
                    .flatMap(
                        found ->
                            display
                                .across(
                                    found.getT1().bodies().stream()
                                        .map(row -> new Placed(row.moment(), row.body()))
                                        .toList())
                                .map(
                                    items ->
                                        reading.page(
                                            question,
                                            found.getT2(),
                                            -1,
                                            found.getT1(),
                                            told(found.getT1().bodies(), items))))));
  }

  private static String words(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("longer than " + MAX_CHARACTERS + " characters");
    }
    return Words.folded(text);
  }

  private static Select select(String words, @Nullable Long millis) {
    String at = millis == null ? "" : "$2";
    String query =
        // What only says what is not there would find everything, and no index helps to.
        "with asked as materialized (select words"
            + " from (select websearch_to_tsquery('simple', $1) as words) w"
            + " where querytree(words) not in ('', 'T')),"
            + " named as materialized (select n.negotiation, n.id from {schema}.names n, asked"
            + " where n.search @@ asked.words and "
            + Select.then("names", "n", at)
            + ") select ('1/' || t.id) collate \"C\" as id, 'person' as type, t.id as item,"
            + " min(t.negotiation) as negotiation, null::text as body"
            + " from {schema}.people t, asked where t.search @@ asked.words"
            + " and t.sort in ('PERSON', 'SPEAKER') and "
            + Select.then("people", "t", at)
            + " group by t.id union "
            + found("2", "negotiation", "parties", at)
            + " union "
            + found("3", "meeting", "refs", at)
            + " union "
            + found("4", "announcement", "voices", at);
    return Select.derived(query, millis == null ? List.of(words) : List.of(words, millis));
  }

  /** Two queries, so that each finds its rows by an index. A tombstone has no words to find. */
  private static String found(String order, String type, String names, String at) {
    String rows =
        "select ('%s/' || t.negotiation || '/' || t.id) collate \"C\" as id, '%s' as type,"
                .formatted(order, type)
            + " t.id as item, t.negotiation, t.body from {schema}."
            + type
            + "s t, %s where %s and "
            + Select.then(type + "s", "t", at)
            + (type.equals("announcement") ? " and t.status <> 'RETRACTED'" : "");
    return rows.formatted("asked", "t.search @@ asked.words")
        + " union "
        + rows.formatted(
            "named", "t.negotiation = named.negotiation and t." + names + " @> array[named.id]");
  }

  private static String columns(Question question) {
    return "t.type, t.item, t.negotiation, t.body, (select max(e.sequence)"
        + " from {schema}.timeline e where e.negotiation = t.negotiation"
        + (question.recordedMillis() == null ? ")" : " and e.recorded_ms <= $2)");
  }

  private static Row row(Readable row) {
    String body = row.get(4, String.class);
    String id = row.get(2, String.class);
    return new Row(
        row.get(1, String.class),
        id,
        new Moment(row.get(3, String.class), row.get(5, Long.class)),
        body == null ? person(id) : body);
  }

  /** A person by id alone: the name is put in as everywhere. */
  private static String person(String id) {
    ObjectNode person = Bodies.JSON.createObjectNode();
    person.put("id", id);
    person.putNull("name");
    person.putNull("office");
    return person.toString();
  }

  private static List<JsonNode> told(List<Row> rows, List<JsonNode> items) {
    List<JsonNode> told = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Row row = rows.get(i);
      ObjectNode item = Bodies.JSON.createObjectNode();
      item.put("type", row.type());
      item.put("id", row.id());
      item.put("negotiation", row.moment().negotiation());
      item.setAll((ObjectNode) items.get(i));
      told.add(item);
    }
    return told;
  }
}
