package io.parley.projection.announcements;

import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import io.parley.schemas.announcement.AnnouncementKind;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Announcements as they are read. */
@RestController
public final class AnnouncementController {
  private static final List<String> COLUMNS =
      List.of(
          "body",
          "first_sequence",
          "kind",
          "speaker",
          "voices",
          "topics",
          "language",
          "status",
          "search");

  private final Reading reading;

  AnnouncementController(Reading reading) {
    this.reading = reading;
  }

  /**
   * Announcements, newest first: by when they were first put on record. {@code party} finds what is
   * said by a party or on its behalf; {@code q} is full-text search in what is said. Those under
   * embargo come first, for who may learn of them (rule 23).
   */
  @GetMapping("/api/negotiations/{negotiation}/announcements")
  @Asks(
      value = {"kind", "speaker", "party", "topic", "language", "status", "q"},
      list = true,
      views = {"announcements", "names"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    List<String> kinds = question.words("kind", AnnouncementKind.class);
    List<String> states = question.words("status", AnnouncementItem.Status.class);
    List<String> speakers = question.texts("speaker");
    List<String> parties = question.texts("party");
    List<String> topics = question.texts("topic");
    List<String> languages = question.texts("language");
    String words = question.text("q");
    return reading.under(
        question,
        negotiation,
        moment ->
            reading
                .sight(question, moment)
                .flatMap(
                    sight ->
                        reading.page(
                            question,
                            moment,
                            Select.items("announcements", COLUMNS, moment, sight)
                                .whereAny("t.kind = any(?)", kinds)
                                .whereAny("t.status = any(?)", states)
                                .whereAny("t.speaker = any(?)", speakers)
                                .whereAnyIndexed("t.voices && ?", parties)
                                .whereAny("t.topics && ?", topics)
                                .whereAny("t.language = any(?)", languages)
                                .whereWords("t.search", words)
                                .byNumber("t.first_sequence", true))));
  }

  /** One announcement: its last value, or its tombstone. */
  @GetMapping("/api/negotiations/{negotiation}/announcements/{announcement}")
  @Asks(views = {"announcements", "names"})
  public Mono<ResponseEntity<byte[]>> one(
      @PathVariable String negotiation,
      @PathVariable String announcement,
      ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            reading
                .sight(question, moment)
                .flatMap(
                    sight -> reading.one(question, moment, "announcements", announcement, sight)));
  }
}
