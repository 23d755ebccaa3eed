package io.parley.projection.conflicts;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.attendance.Room;
import io.parley.projection.attendance.Rooms;
import io.parley.projection.conflicts.Situation.Claimed;
import io.parley.projection.delegations.Delegation;
import io.parley.projection.negotiations.Negotiation;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Select;
import io.parley.projection.schedule.Leg;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.schedule.Stay;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Conflicts as of a moment: found once for each, and kept while they are asked for. */
@Component
final class Situations {
  /** Conflicts kept in memory, of all moments together; one takes about 1 KiB. */
  private static final long CACHED = 50_000;

  private static final String CLAIMS = "claims";

  /**
   * Of announcements, which may be many and long, those alone that can matter: what is retracted,
   * and what rests on it. An index finds them.
   */
  private static final String ANNOUNCEMENTS =
      "with gone as (select t.id, t.body from {schema}.announcements t where t.negotiation = $1"
          + " and t.status = 'RETRACTED' and "
          + Select.isValid("announcements", "t", "$2")
          + ") select 'announcements' as kind, gone.body from gone"
          + " union all select 'announcements', t.body from {schema}.announcements t"
          + " where t.negotiation = $1 and t.bases <> '{}'"
          + " and t.bases && (select array_agg(gone.id) from gone)"
          + " and t.status <> 'RETRACTED' and "
          + Select.isValid("announcements", "t", "$2");

  /** Of claims, those that are contested or name something that is retracted. */
  private static final String CONTESTED_OR_GONE =
      " where position('\"contestedBy\":[{' in t.body) > 0 or exists (select 1 from gone"
          + " where position('\"announcement:' || gone.id || '\"' in t.body) > 0)";

  private static final String SQL =
      Stream.of(
              ANNOUNCEMENTS,
              select("negotiations", ""),
              select("meetings", ""),
              select("legs", ""),
              select("stays", ""),
              select("delegations", ""),
              select(CLAIMS, CONTESTED_OR_GONE))
          .collect(Collectors.joining(" union all "));

  private final Database database;
  private final Rooms rooms;
  private final AsyncCache<Asked, NavigableMap<String, Finding>> found =
      Caffeine.newBuilder()
          .maximumWeight(CACHED)
          .weigher((Asked asked, NavigableMap<String, Finding> each) -> 1 + each.size())
          .buildAsync();

  Situations(Database database, Rooms rooms) {
    this.database = database;
    this.rooms = rooms;
  }

  private static String select(String table, String which) {
    return "select '%s' as kind, t.body from ".formatted(table)
        + Select.valid(table, "$1", "$2")
        + which;
  }

  private record Row(String table, String body) {}

  /** A moment, in a build of the tables: another build may say otherwise (ADR 14). */
  private record Asked(Moment moment, long build) {}

  /** The conflicts as of a moment, by their keys. */
  Mono<NavigableMap<String, Finding>> at(Moment moment) {
    // Whoever is waiting with others must not end the work for them by going away.
    return Mono.defer(
        () ->
            Mono.fromFuture(
                found.get(
                    new Asked(moment, database.build()),
                    (asked, executor) -> find(asked.moment()).toFuture()),
                true));
  }

  private Mono<NavigableMap<String, Finding>> find(Moment moment) {
    Mono<List<Row>> rows =
        database
            .query(
                SQL,
                row -> new Row(row.get(0, String.class), row.get(1, String.class)),
                List.of(moment.negotiation(), moment.sequence()))
            // The database gives them in any order, and the same moment is told the same for ever.
            .collectSortedList(Comparator.comparing(Row::body));
    return rooms
        .at(moment)
        .zipWith(rows)
        // Not on the thread of a connection: a large record takes its time.
        .publishOn(Schedulers.parallel())
        .map(both -> Conflicts.of(situation(both.getT1(), both.getT2())));
  }

  private static Situation situation(Room room, List<Row> rows) {
    return new Situation(
        room.derivation(),
        items(rows, "negotiations", Negotiation.class).stream()
            .flatMap(each -> each.parties().stream())
            .map(Negotiation.Member::party)
            .collect(Collectors.toSet()),
        items(rows, "meetings", Meeting.class),
        items(rows, "legs", Leg.class),
        items(rows, "stays", Stay.class),
        items(rows, "delegations", Delegation.class),
        items(rows, "announcements", AnnouncementItem.class),
        items(rows, CLAIMS, Claimed.class));
  }

  private static <T> List<T> items(List<Row> rows, String table, Class<T> type) {
    return rows.stream()
        .filter(row -> row.table().equals(table))
        .map(row -> Bodies.JSON.readValue(row.body(), type))
        .toList();
  }
}
