package io.parley.projection.schedule;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import io.parley.schemas.temporal.Bounds;
import io.parley.schemas.temporal.Edtf;
import io.parley.schemas.temporal.EdtfException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rounds, meetings, legs and stays as they are read. */
@RestController
public final class ScheduleController {
  private static final List<String> TABLES = List.of("rounds", "meetings", "legs", "stays");

  private final Reading reading;
  private final Display display;
  private final Database database;

  ScheduleController(Reading reading, Display display, Database database) {
    this.reading = reading;
    this.display = display;
    this.database = database;
  }

  /** Part of the occurred axis. */
  private record Span(@Nullable Instant from, @Nullable Instant to) {}

  private record Row(String table, String body) {}

  /**
   * The whole schedule, each list by earliest start; what has none comes last. {@code from}, {@code
   * to} and {@code at} are EDTF values or instants on the occurred axis, with no zone anywhere on
   * Earth. They leave out what certainly lies outside: of a meeting with no date, nobody can say
   * so.
   */
  @GetMapping("/api/negotiations/{negotiation}/schedule")
  @Asks(
      value = {"from", "to", "at"},
      views = {"rounds", "meetings", "legs", "stays", "names"})
  public Mono<ResponseEntity<byte[]>> all(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    Span from = question.parsed("from", ScheduleController::span);
    Span to = question.parsed("to", ScheduleController::span);
    Span at = question.parsed("at", ScheduleController::span);
    List<Span> spans = new ArrayList<>();
    if (from != null) {
      spans.add(new Span(from.from(), null));
    }
    if (to != null) {
      spans.add(new Span(null, to.to()));
    }
    if (at != null) {
      spans.add(at);
    }
    return reading.under(
        question,
        negotiation,
        moment ->
            rows(moment, spans)
                .flatMap(
                    rows ->
                        display
                            .items(moment, rows.stream().map(Row::body).toList())
                            .map(
                                items ->
                                    reading.answer(
                                        question,
                                        moment.sequence(),
                                        Bodies.JSON.writeValueAsBytes(schedule(rows, items))))));
  }

  /** One meeting. */
  @GetMapping("/api/negotiations/{negotiation}/meetings/{meeting}")
  @Asks(views = {"meetings", "names"})
  public Mono<ResponseEntity<byte[]>> one(
      @PathVariable String negotiation, @PathVariable String meeting, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question, negotiation, moment -> reading.one(question, moment, "meetings", meeting));
  }

  private Mono<List<Row>> rows(Moment moment, List<Span> spans) {
    List<Object> values = new ArrayList<>(List.of(moment.negotiation(), moment.sequence()));
    StringBuilder within = new StringBuilder();
    for (Span span : spans) {
      if (span.from() != null) {
        values.add(span.from().toEpochMilli());
        within.append(" and coalesce(latest_ms, 9223372036854775807) > $").append(values.size());
      }
      if (span.to() != null) {
        values.add(span.to().toEpochMilli());
        within.append(" and coalesce(earliest_ms, -9223372036854775808) < $").append(values.size());
      }
    }
    String sql =
        TABLES.stream()
            .map(
                table ->
                    "select '"
                        + table
                        + "' as kind, body, earliest_ms, id from "
                        + Select.valid(table, "$1", "$2")
                        + " where true"
                        + within)
            .collect(
                Collectors.joining(
                    " union all ",
                    "select kind, body from (",
                    ") x order by earliest_ms nulls last, id"));
    return database
        .query(sql, row -> new Row(row.get(0, String.class), row.get(1, String.class)), values)
        .collectList();
  }

  private static ObjectNode schedule(List<Row> rows, List<JsonNode> items) {
    ObjectNode schedule = Bodies.JSON.createObjectNode();
    TABLES.forEach(schedule::putArray);
    for (int i = 0; i < rows.size(); i++) {
      ((ArrayNode) schedule.get(rows.get(i).table())).add(items.get(i));
    }
    return schedule;
  }

  private static Span span(String text) {
    try {
      Bounds bounds = Bounds.of(Edtf.parse(text), null, null);
      return new Span(bounds.earliest(), bounds.latest());
    } catch (EdtfException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
