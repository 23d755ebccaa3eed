package io.parley.projection.projector;

import io.parley.projection.projector.DeadLetter.Named;
import io.parley.projection.projector.DeadLetter.OfPartition;
import io.parley.projection.projector.DeadLetter.OfView;
import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The entries that are not applied, as every instance can tell, and what an operator asks to be
 * done with them: it stands in the database, where the instance that has the partition finds it.
 */
@Component
public final class DeadLetters {
  private static final String STOPPED =
      "select s.partition, s.record_offset, s.reason, s.attempts, s.since from {schema}.stopped s"
          + " left join {schema}.positions p on p.partition = s.partition"
          + " where s.record_offset >= coalesce(p.position, 0) and ";

  private final Database database;
  private final HaltedTable halted;

  DeadLetters(Database database, HaltedTable halted) {
    this.database = database;
    this.halted = halted;
  }

  /** How asking for something ended. */
  public enum Asked {
    /** It is asked for. */
    YES,
    /** It stands elsewhere now. */
    MOVED,
    /** There are as many skips as there may be. */
    TOO_MANY
  }

  /** What an id names, or nothing where it is no id of one. */
  public static Optional<Named> named(String id) {
    return DeadLetter.named(id);
  }

  /** Some of them: the partitions that stand still, then the views by negotiation. */
  public Flux<DeadLetter> after(@Nullable Named last, int limit) {
    int after = last instanceof OfPartition at ? at.partition() : -1;
    Flux<DeadLetter> partitions =
        last instanceof OfView
            ? Flux.empty()
            : stopped("s.partition > $1 order by s.partition limit " + limit, List.of(after));
    Halt.Key view = last instanceof OfView at ? at.key() : null;
    return partitions.concatWith(halted.after(view, limit).map(DeadLetter::of)).take(limit);
  }

  /** The one that is named, or nothing where it is none any more. */
  public Mono<DeadLetter> find(Named named) {
    return switch (named) {
      case OfView at ->
          halted
              .standing(at.key())
              .filter(halt -> halt.sequence() == at.sequence())
              .map(DeadLetter::of);
      case OfPartition at ->
          stopped("s.partition = $1 and s.record_offset = $2", List.of(at.partition(), at.offset()))
              .next();
    };
  }

  /** Where it stands now that stood where this names, or nothing where it stands still no more. */
  public Mono<DeadLetter> now(Named named) {
    return switch (named) {
      case OfView at -> halted.standing(at.key()).map(DeadLetter::of);
      case OfPartition at -> stopped("s.partition = $1", List.of(at.partition())).next();
    };
  }

  /** Asks for another try; in vain where it moved meanwhile. */
  public Mono<Asked> retry(Named named) {
    return asked(named, connection -> Mono.just(true));
  }

  /**
   * Has the view pass over the entry from now on, in every version and rebuild, and go on; in vain
   * where it moved meanwhile.
   *
   * @param subject who says so
   * @param reason why
   */
  public Mono<Asked> skip(DeadLetter letter, String subject, String reason) {
    Named named = DeadLetter.named(letter.id()).orElseThrow();
    if (!(named instanceof OfView at)) {
      return Mono.error(new IllegalArgumentException("of the log nothing can be passed over"));
    }
    return asked(
        named,
        connection ->
            database
                .change(
                    connection,
                    "insert into parley.skips"
                        + " (view, negotiation, sequence, type, aggregate, subject, reason)"
                        + " select $1, $2, $3, $4, $5, $6, $7"
                        + " where (select count(*) from parley.skips) < "
                        + Skips.MOST
                        + " on conflict (view, negotiation, sequence)"
                        + " do update set skipped = parley.skips.skipped",
                    List.of(
                        at.view(),
                        at.negotiation(),
                        at.sequence(),
                        String.valueOf(letter.type()),
                        String.valueOf(letter.aggregate()),
                        subject,
                        reason))
                .map(written -> written == 1));
  }

  /** Whether what was asked for was not tried yet. */
  public Mono<Boolean> pending(Named named) {
    List<Object> values =
        switch (named) {
          case OfView at -> List.of(at.view(), at.negotiation());
          case OfPartition at -> List.of(Retries.PARTITION, String.valueOf(at.partition()));
        };
    return database
        .query(
            "select count(*) > 0 from {schema}.retries where view = $1"
                + " and (view = '' and partition::text = $2 or view <> '' and negotiation = $2)",
            row -> row.get(0, Boolean.class),
            values)
        .next();
  }

  private Mono<Asked> asked(Named named, Function<Connection, Mono<Boolean>> before) {
    Asked[] ended = {Asked.MOVED};
    return database
        .transaction(
            connection ->
                ask(connection, named)
                    .filter(asked -> asked == 1)
                    .flatMap(
                        asked ->
                            before
                                .apply(connection)
                                .doOnNext(done -> ended[0] = done ? Asked.YES : Asked.TOO_MANY))
                    .defaultIfEmpty(false))
        .map(done -> ended[0]);
  }

  /** Finds it where it is named, and only there. */
  private Mono<Long> ask(Connection connection, Named named) {
    String conflict =
        " on conflict (view, negotiation, partition) do update set asked = excluded.asked";
    return switch (named) {
      case OfView at ->
          database.change(
              connection,
              "insert into {schema}.retries (view, negotiation, partition)"
                  + " select h.view, h.negotiation, h.partition from {schema}.halted h"
                  + " where h.view = $1 and h.negotiation = $2 and h.sequence = $3 for update"
                  + conflict,
              List.of(at.view(), at.negotiation(), at.sequence()));
      case OfPartition at ->
          database.change(
              connection,
              "insert into {schema}.retries (view, negotiation, partition)"
                  + " select '', '', s.partition from {schema}.stopped s"
                  + " left join {schema}.positions p on p.partition = s.partition"
                  + " where s.partition = $1 and s.record_offset = $2"
                  + " and s.record_offset >= coalesce(p.position, 0)"
                  + conflict,
              List.of(at.partition(), at.offset()));
    };
  }

  private Flux<DeadLetter> stopped(String which, List<?> values) {
    return database.query(
        STOPPED + which,
        row ->
            DeadLetter.of(
                row.get(0, Integer.class),
                row.get(1, Long.class),
                row.get(2, String.class),
                row.get(3, Long.class),
                row.get(4, Instant.class)),
        values);
  }
}
