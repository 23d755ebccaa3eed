package io.parley.projection.proposals;

import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Proposals as they are read. */
@RestController
public final class ProposalController {
  private final Reading reading;

  ProposalController(Reading reading) {
    this.reading = reading;
  }

  /** Proposals with their lineage, in the order in which they were recorded. */
  @GetMapping("/api/negotiations/{negotiation}/proposals")
  @Asks(
      list = true,
      views = {"proposals", "names"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            reading.page(
                question,
                moment,
                Select.items("proposals", moment).byNumber("t.first_sequence", false)));
  }
}
