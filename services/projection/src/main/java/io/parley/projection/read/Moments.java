package io.parley.projection.read;

import io.parley.projection.projector.Database;
import io.parley.projection.read.AsOf.AtInstant;
import io.parley.projection.read.AsOf.AtSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Finds the moment that a question asks for, which is no later than the views that it reads. */
@Component
final class Moments {
  /** Before what one of these views does not take; in the statement that resolves the moment. */
  private static final String LOWEST =
      " and sequence < (select coalesce(min(h.sequence), 9223372036854775807)"
          + " from {schema}.halted h where h.negotiation = $1 and h.view = any($2))";

  private final Database database;

  Moments(Database database) {
    this.database = database;
  }

  /** The moment, or nothing where the negotiation did not exist then. */
  Mono<Moment> of(Question question, String negotiation) {
    return head(negotiation, question)
        .filter(Optional::isPresent)
        .map(head -> new Moment(negotiation, head.orElseThrow()));
  }

  private Mono<Optional<Long>> head(String negotiation, Question question) {
    List<Object> values = new ArrayList<>(List.of(negotiation));
    String sql = "select max(sequence) from {schema}.timeline where negotiation = $1";
    if (!question.views().isEmpty()) {
      values.add(question.views().toArray(new String[0]));
      sql += LOWEST;
    }
    Cursor cursor = question.cursor();
    if (cursor != null) {
      return max(sql + " and sequence <= ", cursor.asOf(), values);
    }
    return switch (question.asOf()) {
      case null -> max(sql, null, values);
      case AtSequence(long sequence) -> max(sql + " and sequence <= ", sequence, values);
      case AtInstant(var instant) ->
          max(sql + " and recorded_ms <= ", instant.toEpochMilli(), values);
    };
  }

  private Mono<Optional<Long>> max(String sql, @Nullable Long bound, List<Object> values) {
    String bounded = sql;
    if (bound != null) {
      values.add(bound);
      bounded += "$" + values.size();
    }
    return database
        .query(bounded, row -> Optional.ofNullable(row.get(0, Long.class)), values)
        .next();
  }

  /** How many entries all negotiations have together at the moment that is asked for. */
  Mono<Long> length(Question question) {
    Long millis = question.recordedMillis();
    return database
        .query(
            "select coalesce(sum(last), 0)::bigint from (select (select max(sequence)"
                + " from {schema}.timeline e where e.negotiation = n.negotiation"
                + " and e.recorded_ms <= $1) as last"
                + " from {schema}.negotiations n where n.from_sequence = n.first_sequence) heads",
            row -> row.get(0, Long.class),
            List.of(millis == null ? Long.MAX_VALUE : millis))
        .next();
  }

  /** Of a sequence number: when it was recorded; what is beyond the head is now. */
  Mono<Long> millis(Question question, Moment moment) {
    return switch (question.asOf()) {
      case null -> Mono.just(Long.MAX_VALUE - 1);
      case AtInstant(var instant) -> Mono.just(instant.toEpochMilli());
      case AtSequence(long sequence) ->
          database
              .query(
                  "select recorded_ms from {schema}.timeline"
                      + " where negotiation = $1 and sequence = $2",
                  row -> row.get(0, Long.class),
                  List.of(moment.negotiation(), sequence))
              .next()
              .defaultIfEmpty(Long.MAX_VALUE - 1);
    };
  }
}
