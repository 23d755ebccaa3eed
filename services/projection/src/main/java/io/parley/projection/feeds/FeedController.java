package io.parley.projection.feeds;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Reading.Page;
import io.parley.projection.read.Select;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The announcements for readers of feeds. */
@RestController
public final class FeedController {
  private static final MediaType ATOM =
      new MediaType("application", "atom+xml", StandardCharsets.UTF_8);

  private final Reading reading;
  private final Display display;
  private final Database database;

  FeedController(Reading reading, Display display, Database database) {
    this.reading = reading;
    this.display = display;
    this.database = database;
  }

  /**
   * Announcements as an Atom feed (RFC 4287), what changed last first, in pages (RFC 5005). One
   * that was retracted is a tombstone (RFC 6721): a reader who has it takes it away (rule 22).
   */
  @GetMapping("/api/negotiations/{negotiation}/announcements.atom")
  @Asks(
      list = true,
      answers = "application/atom+xml",
      views = {"announcements", "names", "negotiations"})
  public Mono<ResponseEntity<byte[]>> feed(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            Heading.of(database, moment, "announcements")
                .zipWith(
                    reading.rows(
                        question,
                        Select.from("announcements")
                            .where("t.negotiation = ?", moment.negotiation())
                            .where("t.from_sequence <= ?", moment.sequence())
                            .where(Select.isValid("announcements", "t", "?"), moment.sequence())
                            .byNumber("t.from_sequence", true),
                        "t.body",
                        row -> row.get(1, String.class)))
                .flatMap(found -> feed(question, moment, found.getT1(), found.getT2())));
  }

  private Mono<ResponseEntity<byte[]>> feed(
      Question question, Moment moment, Heading heading, Page<String> page) {
    return display
        .items(moment, page.bodies())
        .map(
            items ->
                reading.answer(
                    question,
                    moment.sequence(),
                    ATOM,
                    Feed.write(
                        moment.negotiation(),
                        heading,
                        announcements(items),
                        reading.next(question, moment.sequence(), page))));
  }

  private static List<AnnouncementItem> announcements(List<JsonNode> items) {
    return items.stream()
        .map(item -> Bodies.JSON.treeToValue(item, AnnouncementItem.class))
        .toList();
  }
}
