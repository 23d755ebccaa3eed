package io.parley.projection.audit;

import io.parley.projection.projector.Database;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The last verification of each negotiation; all of them are in the audit trail. */
@Component
final class Verifications {
  private final Database database;

  Verifications(Database database) {
    this.database = database;
  }

  /**
   * A verification that came to its end.
   *
   * @param at when it did
   * @param verdict VERIFIED or DIFFERS
   * @param length entries that it read
   * @param headHash hash of the last of them, hexadecimal
   */
  record Last(Instant at, String verdict, long length, String headHash) {}

  /** The last one of a negotiation, if there was any. */
  Mono<Last> of(String negotiation) {
    return database
        .query(
            "select at, verdict, length, head_hash from parley.verifications where negotiation = $1",
            row ->
                new Last(
                    row.get(0, Instant.class),
                    row.get(1, String.class),
                    row.get(2, Long.class),
                    row.get(3, String.class)),
            List.of(negotiation))
        .next();
  }

  /** The last head that was verified, if there was any: it is in the record, or that is cut. */
  Mono<String> verifiedHead(String negotiation) {
    return database
        .query(
            "select verified_hash from parley.verifications where negotiation = $1"
                + " and verified_hash is not null",
            row -> row.get(0, String.class),
            List.of(negotiation))
        .next();
  }

  /** Keeps one; what differs does not take the place of the head that was verified last. */
  Mono<Void> keep(String negotiation, Last last) {
    return database
        .transaction(
            connection ->
                database
                    .change(
                        connection,
                        "insert into parley.verifications as v"
                            + " (negotiation, at, verdict, length, head_hash, verified_hash)"
                            + " values ($1, $2, $3, $4, $5,"
                            + " case when $3 = 'VERIFIED' then $5 end)"
                            + " on conflict (negotiation) do update set at = excluded.at,"
                            + " verdict = excluded.verdict, length = excluded.length,"
                            + " head_hash = excluded.head_hash,"
                            + " verified_hash = coalesce(excluded.verified_hash, v.verified_hash)",
                        List.of(
                            negotiation, last.at(), last.verdict(), last.length(), last.headHash()))
                    .thenReturn(true))
        .then();
  }
}
