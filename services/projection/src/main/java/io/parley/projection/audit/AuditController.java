package io.parley.projection.audit;

import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What an auditor asks. */
@RestController
public final class AuditController {
  private final Reading reading;
  private final Database database;
  private final Verifications verifications;

  AuditController(Reading reading, Database database, Verifications verifications) {
    this.reading = reading;
    this.database = database;
    this.verifications = verifications;
  }

  /**
   * How long a negotiation's record is and where it ends.
   *
   * @param headHash hash of its last entry, hexadecimal: what to write down
   * @param lastVerification when the record was last verified, and with what result
   */
  public record Summary(
      String negotiation,
      long length,
      Instant firstRecorded,
      Instant lastRecorded,
      String headHash,
      Verifications.@Nullable Last lastVerification) {
    Summary verified(Verifications.Last last) {
      return new Summary(negotiation, length, firstRecorded, lastRecorded, headHash, last);
    }
  }

  /** The record of one negotiation, as a whole. */
  @GetMapping("/api/audit/negotiations/{negotiation}")
  @Asks(views = {})
  public Mono<ResponseEntity<byte[]>> summary(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            database
                .query(
                    "select last.sequence, first.recorded_ms, last.recorded_ms, last.hash"
                        + " from {schema}.timeline last, {schema}.timeline first"
                        + " where last.negotiation = $1 and last.sequence = $2"
                        + " and first.negotiation = $1 and first.sequence = 1",
                    row ->
                        new Summary(
                            negotiation,
                            row.get(0, Long.class),
                            Instant.ofEpochMilli(row.get(1, Long.class)),
                            Instant.ofEpochMilli(row.get(2, Long.class)),
                            row.get(3, String.class),
                            null),
                    List.of(moment.negotiation(), moment.sequence()))
                .next()
                .flatMap(
                    summary ->
                        verifications
                            .of(negotiation)
                            .map(summary::verified)
                            .defaultIfEmpty(summary))
                .map(
                    summary ->
                        reading.answer(
                            question, moment.sequence(), Bodies.JSON.writeValueAsBytes(summary))));
  }
}
