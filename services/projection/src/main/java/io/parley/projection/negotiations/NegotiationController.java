package io.parley.projection.negotiations;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  private final Database database;

  NegotiationController(Reading reading, Database database) {
    this.reading = reading;
    this.database = database;
  }

  /** One negotiation, whole. */
  @GetMapping("/api/negotiations/{negotiation}")
  @Asks
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
      list = true)
  public Mono<ResponseEntity<byte[]>> list(ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    List<String> parties = question.texts("party");
    String words = question.text("q");
    Long asOf = question.recordedMillis();
    return reading.across(
        question,
        Mono.defer(
            () -> {
              Select select =
                  Select.from("negotiations")
                      .whereAny("t.parties && ?", parties)
                      .whereIf("t.search @@ websearch_to_tsquery('simple', ?)", words);
              asOf(select, asOf);
              return length(asOf)
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

  private static void asOf(Select select, @Nullable Long millis) {
    if (millis == null) {
      select.where("t.to_sequence is null");
    } else {
      select.where(
          "exists (select 1 from (select max(sequence) as last from {schema}.timeline e"
              + " where e.negotiation = t.negotiation and e.recorded_ms <= ?) head"
              + " where t.from_sequence <= head.last"
              + " and coalesce(t.to_sequence, 9223372036854775807) > head.last)",
          millis);
    }
  }

  private Mono<Long> length(@Nullable Long millis) {
    return database
        .query(
            "select coalesce(sum(last), 0)::bigint from (select (select max(sequence)"
                + " from {schema}.timeline e where e.negotiation = n.negotiation"
                + " and e.recorded_ms <= $1) as last"
                + " from {schema}.negotiations n where n.to_sequence is null) heads",
            row -> row.get(0, Long.class),
            List.of(millis == null ? Long.MAX_VALUE : millis))
        .next();
  }
}
