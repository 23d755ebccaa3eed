package io.parley.projection.drafts;

import io.parley.projection.drafts.Draft.Stage;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import io.r2dbc.spi.Readable;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Drafts and agreements as they are read. */
@RestController
public final class DraftController {
  /**
   * Whether every principal has signed a text that names no parties (rule 24). Principals are those
   * of the moment of the last signature: who joins later does not undo it.
   */
  private static final String PRINCIPALS_SIGNED =
      "(t.signed_sequence is not null and t.parties = '{}' and exists (select 1"
          + " from {schema}.negotiations n where n.negotiation = t.negotiation"
          + " and "
          + Select.isValid("negotiations", "n", "t.signed_sequence")
          + " and n.principals <> '{}' and n.principals <@ t.signatures))";

  private static final String COLUMNS = "t.body, " + PRINCIPALS_SIGNED;

  private final Reading reading;
  private final Display display;
  private final Database database;

  DraftController(Reading reading, Display display, Database database) {
    this.reading = reading;
    this.display = display;
    this.database = database;
  }

  /** Every text on record, in the order in which they were recorded, agreed or not. */
  @GetMapping("/api/negotiations/{negotiation}/drafts")
  @Asks(
      list = true,
      views = {"drafts", "negotiations"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(question, negotiation, moment -> page(question, moment, drafts(moment)));
  }

  /** One text with its provisions. */
  @GetMapping("/api/negotiations/{negotiation}/drafts/{draft}")
  @Asks(views = {"drafts", "negotiations"})
  public Mono<ResponseEntity<byte[]>> one(
      @PathVariable String negotiation, @PathVariable String draft, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment -> {
          Select select = drafts(moment).where("t.id = ?", draft);
          return database
              .query(select.sql(COLUMNS, 1), DraftController::body, select.values())
              .next()
              .switchIfEmpty(Mono.error(() -> Reading.unknown("draft", draft)))
              .flatMap(body -> display.items(moment, List.of(body)))
              .map(
                  items ->
                      reading.answer(
                          question,
                          moment.sequence(),
                          Bodies.JSON.writeValueAsBytes(items.getFirst())));
        });
  }

  /** Only what all have signed, or whose ratification is recorded (rule 24). */
  @GetMapping("/api/negotiations/{negotiation}/agreements")
  @Asks(
      list = true,
      views = {"drafts", "negotiations"})
  public Mono<ResponseEntity<byte[]>> agreements(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            page(
                question,
                moment,
                drafts(moment).where("(t.agreed = 'true' or " + PRINCIPALS_SIGNED + ")")));
  }

  private static Select drafts(Moment moment) {
    return Select.items("drafts", moment).byNumber("t.first_sequence", false);
  }

  private Mono<ResponseEntity<byte[]>> page(Question question, Moment moment, Select select) {
    return reading
        .rows(question, select, COLUMNS, DraftController::body)
        .flatMap(
            rows ->
                display
                    .items(moment, rows.bodies())
                    .map(
                        items ->
                            reading.page(
                                question, moment.sequence(), moment.sequence(), rows, items)));
  }

  private static String body(Readable row) {
    String body = row.get(1, String.class);
    if (!Boolean.TRUE.equals(row.get(2, Boolean.class))) {
      return body;
    }
    JsonNode item = Bodies.JSON.readTree(body);
    Stage stage = Stage.valueOf(item.get("stage").asString());
    if (item instanceof ObjectNode draft && stage.compareTo(Stage.SIGNED) < 0) {
      draft.put("stage", Stage.SIGNED.name());
    }
    return item.toString();
  }
}
