package io.parley.projection.announcements;

import io.parley.projection.projector.Bodies;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Reading.Page;
import io.parley.projection.read.Select;
import io.parley.projection.read.Sight;
import io.r2dbc.spi.Readable;
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

/** What an announcement was at each of its versions: the chain of corrections (rule 21). */
@RestController
public final class VersionsController {
  /** The event that made the version, and where the next one took its place. */
  private static final String COLUMNS =
      "t.body, (select e.type from {schema}.timeline e where e.negotiation = t.negotiation"
          + " and e.sequence = t.from_sequence), (select min(n.from_sequence)"
          + " from {schema}.announcements n where n.negotiation = t.negotiation and n.id = t.id"
          + " and n.from_sequence > t.from_sequence)";

  private final Reading reading;
  private final Display display;

  VersionsController(Reading reading, Display display) {
    this.reading = reading;
    this.display = display;
  }

  /**
   * A version.
   *
   * @param until where the next one took its place: a sequence, or milliseconds of what is
   *     restricted; null for the last
   */
  private record Row(String body, String event, @Nullable Long until) {
    static Row of(Readable row) {
      return new Row(row.get(1, String.class), row.get(2, String.class), row.get(3, Long.class));
    }
  }

  /**
   * Every version, oldest first. Each is the announcement as it was then, with the {@code event}
   * that made it. An old value stays, marked with the version that took its place: {@code
   * supersededBy}, null for the last. A retraction is a version without text (rule 22); what it
   * took back is still in the versions before. Under embargo they are listed for who may learn of
   * them, those that moved the embargo too; once it is public, its versions are those since (rules
   * 23 and 32).
   */
  @GetMapping("/api/negotiations/{negotiation}/announcements/{announcement}/versions")
  @Asks(
      list = true,
      views = {"announcements", "names"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation,
      @PathVariable String announcement,
      ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            open(question, moment, announcement)
                .flatMap(
                    rows ->
                        // The first page of an announcement has its first version.
                        rows.bodies().isEmpty()
                            ? reading
                                .sight(question, moment)
                                .flatMap(sight -> restricted(question, moment, announcement, sight))
                            : answer(question, moment, rows, moment.sequence())));
  }

  private Mono<Page<Row>> open(Question question, Moment moment, String announcement) {
    return reading.rows(
        question,
        Select.from("announcements")
            .where("t.negotiation = ?", moment.negotiation())
            .where("t.id = ?", announcement)
            .where("t.from_sequence <= ?", moment.sequence())
            .byNumber("t.from_sequence", false),
        COLUMNS,
        Row::of);
  }

  private Mono<ResponseEntity<byte[]>> restricted(
      Question question, Moment moment, String announcement, Sight sight) {
    Mono<ResponseEntity<byte[]>> unknown =
        Mono.error(() -> Reading.unknown("announcement", announcement));
    if (sight.isNothing()) {
      return unknown;
    }
    Select versions =
        Select.from("restricted")
            .where("t.negotiation = ?", moment.negotiation())
            .where("t.view = ?", "announcements")
            .where("t.id = ?", announcement)
            .where("t.from_ms <= ?", sight.atMillis())
            .byNumber("t.version", false);
    if (!sight.all()) {
      versions.whereAny("t.issuer = any(?)", List.copyOf(sight.parties()));
    }
    return reading
        .rows(question, versions, "t.body, t.event, t.to_ms", Row::of)
        .flatMap(
            rows ->
                rows.bodies().isEmpty()
                    ? unknown
                    : answer(question, moment, rows, sight.atMillis()));
  }

  private Mono<ResponseEntity<byte[]>> answer(
      Question question, Moment moment, Page<Row> rows, long at) {
    return display
        .items(moment, rows.bodies().stream().map(Row::body).toList())
        .map(
            items -> {
              mark(at, rows.bodies(), items);
              return reading.page(question, moment.sequence(), moment.sequence(), rows, items);
            });
  }

  private static void mark(long at, List<Row> rows, List<JsonNode> items) {
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (items.get(i) instanceof ObjectNode item) {
        boolean superseded = row.until() != null && row.until() <= at;
        item.put("event", row.event());
        if (superseded) {
          // Each event of an announcement makes one version and one row.
          item.put("supersededBy", item.get("version").asLong() + 1);
        } else {
          item.set("supersededBy", Bodies.JSON.nullNode());
        }
      }
    }
  }
}
