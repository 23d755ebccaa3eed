package io.parley.projection.delegations;

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

/** Delegations as they are read. */
@RestController
public final class DelegationController {
  private final Reading reading;

  DelegationController(Reading reading) {
    this.reading = reading;
  }

  /** All delegations, by party; for who may learn of them, unannounced rosters too (rule 31). */
  @GetMapping("/api/negotiations/{negotiation}/delegations")
  @Asks(
      list = true,
      views = {"delegations", "names", "announcements"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
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
                            Select.items("delegations", List.of("body"), moment, sight))));
  }

  /** The delegation of one party. */
  @GetMapping("/api/negotiations/{negotiation}/delegations/{party}")
  @Asks(views = {"delegations", "names", "announcements"})
  public Mono<ResponseEntity<byte[]>> one(
      @PathVariable String negotiation, @PathVariable String party, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            reading
                .sight(question, moment)
                .flatMap(sight -> reading.one(question, moment, "delegations", party, sight)));
  }
}
