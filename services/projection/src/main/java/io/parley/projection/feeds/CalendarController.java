package io.parley.projection.feeds;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import io.parley.projection.schedule.Meeting;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The schedule for calendars that subscribe to it. */
@RestController
public final class CalendarController {
  /** Most meetings of a calendar: those that start last. */
  static final int MAX_MEETINGS = 10_000;

  private static final MediaType CALENDAR =
      new MediaType("text", "calendar", StandardCharsets.UTF_8);

  private final Reading reading;
  private final Display display;
  private final Database database;

  CalendarController(Reading reading, Display display, Database database) {
    this.reading = reading;
    this.display = display;
    this.database = database;
  }

  private record Row(String body, Instant recorded) {}

  /**
   * The meetings as iCalendar (RFC 5545, RFC 7986), at most 10,000: each keeps its UID, a
   * rescheduled one has a higher SEQUENCE, a cancelled one stays and says so. Of times that are
   * only dates, all day; of what no day is known, nothing.
   */
  @GetMapping("/api/negotiations/{negotiation}/schedule.ics")
  @Asks(
      answers = "text/calendar",
      views = {"meetings", "names", "negotiations"})
  public Mono<ResponseEntity<byte[]>> calendar(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            Heading.of(database, moment, "meetings")
                .zipWith(entries(moment))
                .map(
                    found ->
                        reading.answer(
                            question,
                            moment.sequence(),
                            CALENDAR,
                            Calendar.write(moment.negotiation(), found.getT1(), found.getT2()))));
  }

  private Mono<List<Calendar.Entry>> entries(Moment moment) {
    Select select =
        Select.items("meetings", moment)
            .where("t.earliest_ms is not null")
            .byNumber("t.earliest_ms", true);
    return database
        .query(
            select.sql("t.body, " + Heading.RECORDED, MAX_MEETINGS),
            row -> new Row(row.get(1, String.class), Instant.ofEpochMilli(row.get(2, Long.class))),
            select.values())
        .collectList()
        .flatMap(
            rows ->
                display
                    .items(moment, rows.stream().map(Row::body).toList())
                    .map(items -> entries(rows, items)));
  }

  private static List<Calendar.Entry> entries(List<Row> rows, List<JsonNode> items) {
    List<Calendar.Entry> entries = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      entries.add(
          new Calendar.Entry(
              Bodies.JSON.treeToValue(items.get(i), Meeting.class), rows.get(i).recorded()));
    }
    return entries;
  }
}
