package io.parley.projection.attendance;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.parley.projection.delegations.Delegation;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Select;
import io.parley.projection.schedule.Meeting;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Attendance of a negotiation as of a moment, for whoever asks: derived once for each moment, and
 * kept while it is asked for.
 */
@Component
public final class Rooms {
  /** Facts kept in memory, of all rooms together; one takes about 1 KiB. */
  private static final long CACHED_FACTS = 100_000;

  private static final List<String> TABLES =
      List.of("attendance", "conditions", "places", "meetings", "delegations");

  private final Database database;
  private final AsyncCache<Asked, Room> rooms =
      Caffeine.newBuilder()
          .maximumWeight(CACHED_FACTS)
          .weigher((Asked asked, Room room) -> 1 + room.derivation().facts().size())
          .buildAsync();

  Rooms(Database database) {
    this.database = database;
  }

  private record Row(String table, String body) {}

  /** A moment, in a build of the tables: another build may say otherwise (ADR 14). */
  private record Asked(Moment moment, long build) {}

  /** Attendance as of a moment. */
  public Mono<Room> at(Moment moment) {
    // Whoever is waiting with others must not end the work for them by going away.
    return Mono.defer(
        () ->
            Mono.fromFuture(
                rooms.get(
                    new Asked(moment, database.build()),
                    (asked, executor) -> read(asked.moment()).toFuture()),
                true));
  }

  private Mono<Room> read(Moment moment) {
    String sql =
        TABLES.stream()
            .map(
                table ->
                    "select '%s' as kind, body from ".formatted(table)
                        + Select.valid(table, "$1", "$2"))
            .collect(Collectors.joining(" union all "));
    return database
        .query(
            sql,
            row -> new Row(row.get(0, String.class), row.get(1, String.class)),
            List.of(moment.negotiation(), moment.sequence()))
        .collectList()
        // Not on the thread of a connection: a large room takes its time.
        .publishOn(Schedulers.parallel())
        .map(Rooms::room);
  }

  private static Room room(List<Row> rows) {
    return Room.of(
        items(rows, "attendance", Attendance.class),
        items(rows, "conditions", StandingCondition.class),
        items(rows, "places", Placement.class),
        items(rows, "meetings", Meeting.class),
        items(rows, "delegations", Delegation.class));
  }

  private static <T> List<T> items(List<Row> rows, String table, Class<T> type) {
    return rows.stream()
        .filter(row -> row.table().equals(table))
        .map(row -> Bodies.JSON.readValue(row.body(), type))
        .toList();
  }
}
