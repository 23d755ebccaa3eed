package io.parley.projection.negotiations;

import io.parley.projection.projector.Bodies;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Negotiations as they are read. */
@RestController
public final class NegotiationController {
  private final Reading reading;

  NegotiationController(Reading reading) {
    this.reading = reading;
  }

  /** One negotiation, whole. */
  @GetMapping("/api/negotiations/{negotiation}")
  @Asks(views = {"negotiations"})
  public Mono<ResponseEntity<byte[]>> one(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment -> reading.one(question, moment, "negotiations", negotiation));
  }

  /**
   * All negotiations, by id. {@code party} is a party's id; {@code q} looks in titles, names and
   * aliases. Parley-Sequence is the number of entries of all of them together.
   */
  @GetMapping("/api/negotiations")
  @Asks(
      value = {"party", "q"},
      list = true,
      views = {"negotiations"})
  public Mono<ResponseEntity<byte[]>> list(ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    List<String> parties = question.texts("party");
    String words = question.text("q");
    return reading.across(
        question,
        Mono.defer(
            () -> {
              Select select =
                  Select.across("negotiations", question.recordedMillis())
                      .whereAny("t.parties && ?", parties)
                      .whereWords("t.search", words);
              return reading
                  .length(question)
                  .flatMap(
                      length ->
                          reading
                              .rows(question, select, "t.body", row -> row.get(1, String.class))
                              .map(
                                  rows ->
                                      reading.page(
                                          question,
                                          length,
                                          -1,
                                          rows,
                                          rows.bodies().stream()
                                              .map(Bodies.JSON::readTree)
                                              .toList())));
            }));
  }
}
