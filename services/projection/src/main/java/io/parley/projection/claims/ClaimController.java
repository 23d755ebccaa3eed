package io.parley.projection.claims;

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

/** Claims as they are read. */
@RestController
public final class ClaimController {
  private final Reading reading;

  ClaimController(Reading reading) {
    this.reading = reading;
  }

  /**
   * Claims, in the order in which they were recorded, with who says so and who says otherwise;
   * {@code contested} is true or false.
   */
  @GetMapping("/api/negotiations/{negotiation}/claims")
  @Asks(
      value = {"contested"},
      list = true,
      views = {"claims", "names", "announcements"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    List<String> contested = question.words("contested", List.of("true", "false"));
    return reading.under(
        question,
        negotiation,
        moment ->
            reading.page(
                question,
                moment,
                Select.items("claims", moment)
                    .whereAny("t.contested = any(?)", contested)
                    .byNumber("t.first_sequence", false)));
  }
}
