package io.parley.projection.entries;

import io.parley.projection.read.AsOf;
import io.parley.projection.read.AsOf.AtInstant;
import io.parley.projection.read.AsOf.AtSequence;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import io.parley.schemas.announcement.Announcement;
import io.parley.schemas.delegation.Delegation;
import io.parley.schemas.schedule.Schedule;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.util.RawValue;

/** The timeline as it is read. */
@RestController
public final class TimelineController {
  private static final List<String> TYPES =
      Stream.of(Schedule.EVENT_SCHEMAS, Delegation.EVENT_SCHEMAS, Announcement.EVENT_SCHEMAS)
          .flatMap(List::stream)
          .map(Schema::getName)
          .sorted()
          .toList();

  private final Reading reading;
  private final Authors authors;

  TimelineController(Reading reading, Authors authors) {
    this.reading = reading;
    this.authors = authors;
  }

  /**
   * Every event in order. {@code from} and {@code to} are sequence numbers or instants on the
   * recorded axis, both inclusive; {@code type} is an event's name, repeatable.
   */
  @GetMapping("/api/negotiations/{negotiation}/timeline")
  @Asks(
      value = {"from", "to", "type"},
      list = true,
      views = {})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    AsOf from = bound(question, "from");
    AsOf to = bound(question, "to");
    List<String> types = question.words("type", TYPES);
    return reading.under(
        question,
        negotiation,
        moment ->
            authors
                .of(exchange)
                .flatMap(
                    shown ->
                        reading
                            .rows(
                                question,
                                select(moment, from, to, types),
                                TimelineItem.COLUMNS,
                                TimelineItem::read)
                            .map(
                                rows ->
                                    reading.page(
                                        question,
                                        moment.sequence(),
                                        moment.sequence(),
                                        rows,
                                        rows.bodies().stream()
                                            .map(item -> raw(item.json(shown)))
                                            .toList()))));
  }

  /** Where the entries begin or end; an instant asks what was recorded then, a number does not. */
  private static @Nullable AsOf bound(Question question, String name) {
    AsOf bound = question.parsed(name, AsOf::parse);
    if (bound instanceof AtInstant) {
      question.asks(name);
    }
    return bound;
  }

  private static Select select(
      Moment moment, @Nullable AsOf from, @Nullable AsOf to, List<String> types) {
    Select select =
        Select.from("timeline")
            .where("t.negotiation = ?", moment.negotiation())
            .where("t.sequence <= ?", moment.sequence())
            .whereAny("t.type = any(?)", types)
            .byNumber("t.sequence", false);
    bound(select, from, ">=");
    bound(select, to, "<=");
    return select;
  }

  private static void bound(Select select, @Nullable AsOf bound, String comparison) {
    switch (bound) {
      case null -> {}
      case AtSequence(long sequence) -> select.where("t.sequence " + comparison + " ?", sequence);
      case AtInstant(var instant) ->
          select.where("t.recorded_ms " + comparison + " ?", instant.toEpochMilli());
    }
  }

  private static JsonNode raw(String json) {
    return JsonNodeFactory.instance.rawValueNode(new RawValue(json));
  }
}
