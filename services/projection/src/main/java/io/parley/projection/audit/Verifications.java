package io.parley.projection.audit;

import io.parley.projection.projector.Database;
import io.parley.projection.restricted.RestrictedHead;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

  /**
   * What was verified last: it is in the record, or that is cut.
   *
   * @param headHash hash of the last entry then, hexadecimal
   * @param restricted where the restricted events of each service ended
   */
  record Verified(String headHash, Map<String, RestrictedHead> restricted) {}

  /** What was verified last, if anything was. */
  Mono<Verified> verified(String negotiation) {
    return database
        .query(
            "select verified_hash, verified_restricted from parley.verifications"
                + " where negotiation = $1 and verified_hash is not null",
            row -> new Verified(row.get(0, String.class), heads(row.get(1, String.class))),
            List.of(negotiation))
        .next();
  }

  /** A service, its number of events and their head, a line each. */
  private static Map<String, RestrictedHead> heads(@Nullable String lines) {
    Map<String, RestrictedHead> heads = new HashMap<>();
    if (lines != null) {
      lines
          .lines()
          .map(line -> line.split(" "))
          .forEach(
              line -> heads.put(line[0], new RestrictedHead(Long.parseLong(line[1]), line[2])));
    }
    return heads;
  }

  private static String lines(Map<String, RestrictedHead> heads) {
    return heads.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue().events() + " " + each.getValue().hash())
        .collect(Collectors.joining("\n"));
  }

  /** Keeps one; what differs does not take the place of the head that was verified last. */
  Mono<Void> keep(String negotiation, Last last, Map<String, RestrictedHead> restricted) {
    return database
        .transaction(
            connection ->
                database
                    .change(
                        connection,
                        "insert into parley.verifications as v"
                            + " (negotiation, at, verdict, length, head_hash, verified_hash,"
                            + " verified_restricted) values ($1, $2, $3, $4, $5,"
                            + " case when $3 = 'VERIFIED' then $5 end,"
                            + " case when $3 = 'VERIFIED' then $6 end)"
                            + " on conflict (negotiation) do update set at = excluded.at,"
                            + " verdict = excluded.verdict, length = excluded.length,"
                            + " head_hash = excluded.head_hash,"
                            + " verified_hash = coalesce(excluded.verified_hash, v.verified_hash),"
                            + " verified_restricted = coalesce(excluded.verified_restricted,"
                            + " v.verified_restricted)",
                        List.of(
                            negotiation,
                            last.at(),
                            last.verdict(),
                            last.length(),
                            last.headHash(),
                            lines(restricted)))
                    .thenReturn(true))
        .then();
  }
}
