package io.parley.projection.stream;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Problem.Fault;
import io.parley.projection.stream.Subscription.Reset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Finds the place in the log at which a stream begins and ends. */
@Component
final class Starts {
  /** Clocks differ: an instant that lies ahead by no more is now. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** No clock of a timeline stage goes back by more. */
  private static final Duration BACK = Duration.ofDays(1);

  private final Hub hub;
  private final History history;
  private final int partitions;

  Starts(Hub hub, History history, ParleyProperties parley) {
    this.hub = hub;
    this.history = history;
    this.partitions = parley.kafka().partitions();
  }

  /**
   * A place in the log.
   *
   * @param at null: now
   * @param end null: never
   * @param notBefore events settled earlier are left out, milliseconds since 1970
   * @param notAfter events settled later are left out
   * @param cost records from there to now
   */
  record Start(
      @Nullable Position at,
      @Nullable Position end,
      long notBefore,
      long notAfter,
      @Nullable Reset reset,
      long cost) {}

  /** The partition of a negotiation: where Kafka's own partitioner puts its key. */
  Scope scopeOf(String negotiation) {
    int hash = Utils.toPositive(Utils.murmur2(negotiation.getBytes(StandardCharsets.UTF_8)));
    return new Scope(hash % partitions);
  }

  /** Where this begins and ends; a {@link Problem} where that cannot be. */
  Mono<Start> of(Ask ask, Scope scope) {
    Hub.Place place = hub.place();
    boolean bounded = ask.format() == Subscription.Format.NDJSON;
    if (ask.until() == null && (ask.since() == null || isAtHand(ask.since(), scope, place))) {
      return Mono.fromSupplier(() -> start(ask, scope, place, null, bounded));
    }
    return Mono.<Start>create(
            sink ->
                history
                    .lane(null)
                    .submit(
                        reader -> start(ask, scope, place, reader, bounded),
                        sink::success,
                        sink::error))
        .onErrorMap(
            KafkaException.class,
            away ->
                Problem.unavailable(
                    "HISTORY_NOT_READABLE",
                    "the broker is away, and older events with it",
                    Duration.ofSeconds(2)));
  }

  /** Whether no question to the broker is needed. */
  private static boolean isAtHand(Ask.Since since, Scope scope, Hub.Place place) {
    return switch (since) {
      case Ask.Since.Beginning() -> true;
      case Ask.Since.From from -> false;
      case Ask.Since.After(Cursor cursor) -> {
        if (cursor.epoch() != place.epoch()) {
          yield true;
        }
        Position at = position(cursor, scope, place.position().partitions());
        yield at.covers(place.recent(), scope) && place.position().covers(at, scope);
      }
    };
  }

  private Start start(
      Ask ask, Scope scope, Hub.Place place, @Nullable TimelineLogReader reader, boolean bounded) {
    Position end = bounded ? place.position() : null;
    long notAfter = Long.MAX_VALUE;
    if (ask.until() != null && reader != null) {
      notAfter = ask.until().toEpochMilli();
      // The times of different negotiations are not in order: what is later is left out one by one.
      end = reader.firstSince(ask.until().plus(BACK).toEpochMilli(), place.position());
      end = end.lower(place.position());
    }
    Start start =
        switch (ask.since()) {
          case null -> new Start(bounded ? place.position() : null, end, 0, notAfter, null, 0);
          case Ask.Since.Beginning() ->
              new Start(Position.beginning(partitions), end, 0, notAfter, null, 0);
          case Ask.Since.From(Instant instant) -> from(instant, place, reader, end, notAfter);
          case Ask.Since.After(Cursor cursor) -> after(cursor, scope, place, reader, end, notAfter);
        };
    long cost =
        start.at == null ? 0 : start.at.distance(end == null ? place.position() : end, scope);
    return new Start(start.at, end, start.notBefore, notAfter, start.reset, cost);
  }

  private static Start from(
      Instant instant,
      Hub.Place place,
      @Nullable TimelineLogReader reader,
      @Nullable Position end,
      long notAfter) {
    if (instant.isAfter(Instant.now().plus(AHEAD))) {
      throw fault("since", "lies ahead");
    }
    long millis = instant.toEpochMilli();
    if (reader == null) {
      throw new IllegalStateException("an instant is looked up in the log");
    }
    return new Start(reader.firstSince(millis, place.position()), end, millis, notAfter, null, 0);
  }

  private Start after(
      Cursor cursor,
      Scope scope,
      Hub.Place place,
      @Nullable TimelineLogReader reader,
      @Nullable Position end,
      long notAfter) {
    boolean bounded = end != null;
    if (cursor.epoch() != place.epoch()) {
      return reset("ANOTHER_EPOCH", "the cursor is of another timeline", bounded, end, notAfter);
    }
    Position at = position(cursor, scope, partitions);
    if (reader != null) {
      if (!at.covers(reader.beginnings(), scope)) {
        return reset("GONE", "what follows the cursor is no longer kept", bounded, end, notAfter);
      }
      if (!reader.ends().covers(at, scope)) {
        return reset("AHEAD", "the timeline ends before the cursor", bounded, end, notAfter);
      }
    }
    return new Start(at, end, 0, notAfter, null, 0);
  }

  private Start reset(
      String reason, String detail, boolean bounded, @Nullable Position end, long notAfter) {
    return new Start(
        bounded ? Position.beginning(partitions) : null,
        end,
        0,
        notAfter,
        new Reset(reason, detail, bounded ? "beginning" : "now"),
        0);
  }

  private static Position position(Cursor cursor, Scope scope, int partitions) {
    if (cursor.scope().isWhole()) {
      if (cursor.position().partitions() != partitions) {
        throw fault("cursor", "of another number of partitions");
      }
      return cursor.position();
    }
    if (!cursor.scope().equals(scope)) {
      throw fault("cursor", "of the stream of one negotiation, and not of this one");
    }
    int partition = scope.partition();
    return Position.beginning(partitions).put(partition, cursor.position().of(partition));
  }

  private static Problem fault(String name, String detail) {
    return Problem.invalid(
        "the query parameters cannot be answered", List.of(new Fault(name, detail)));
  }
}
