package io.parley.projection.conflicts;

import io.parley.projection.conflicts.Conflict.Link;
import io.parley.projection.names.Naming;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Moment;
import io.parley.projection.schedule.Exclusion;
import io.parley.projection.shape.Cited;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Finds the events of grounds on the timeline, for the conflicts of one page. */
@Component
final class Grounds {
  /** How far back an aggregate's events are looked through. */
  private static final int MOST_LOOKED_AT = 50;

  private static final String EXCLUDED = "ValueExcluded";

  /** What says when and where something is. */
  private static final Set<String> TELLING =
      Set.of(
          "MeetingScheduled",
          "MeetingRescheduled",
          "MeetingCorrected",
          "VenueChanged",
          "LegRecorded",
          "StayRecorded",
          "ClaimRecorded",
          EXCLUDED);

  private final Database database;

  Grounds(Database database) {
    this.database = database;
  }

  private record Event(long sequence, String type, String aggregate, JsonNode body) {
    boolean excludes(Exclusion excluded) {
      return type.equals(EXCLUDED)
          && excluded.field().equals(body.at("/data/field").asString(""))
          && excluded.value().equals(body.at("/data/value").asString(""));
    }

    Link link(String text) {
      return new Link(
          sequence,
          type,
          text,
          body.path("source").isObject()
              ? Bodies.JSON.treeToValue(body.get("source"), Cited.class)
              : null);
    }
  }

  /** The events that grounds are found among. */
  static final class Found {
    private final Map<Long, Event> bySequence = new HashMap<>();
    private final Map<String, List<Event>> byAggregate = new HashMap<>();

    /** The facts of a conflict, oldest first; one whose event is out of reach is left out. */
    List<Link> links(Finding finding, Map<String, Naming> names) {
      Map<Long, Link> links = new TreeMap<>();
      for (Ground ground : finding.because()) {
        Event event = event(ground);
        if (event != null) {
          links.putIfAbsent(event.sequence(), event.link(ground.text().with(names)));
        }
      }
      return List.copyOf(links.values());
    }

    private @Nullable Event event(Ground ground) {
      Long sequence = ground.sequence();
      if (sequence != null) {
        return bySequence.get(sequence);
      }
      Exclusion excluded = ground.excluded();
      return byAggregate.getOrDefault(Objects.toString(ground.aggregate()), List.of()).stream()
          .filter(
              event -> excluded == null ? !event.type().equals(EXCLUDED) : event.excludes(excluded))
          .findFirst()
          .orElse(null);
    }
  }

  /** The events of these conflicts, up to a moment. */
  Mono<Found> of(Moment moment, List<Finding> findings) {
    Set<Long> sequences = new TreeSet<>();
    Set<String> aggregates = new TreeSet<>();
    for (Finding finding : findings) {
      for (Ground ground : finding.because()) {
        if (ground.sequence() != null) {
          sequences.add(ground.sequence());
        } else if (ground.aggregate() != null) {
          aggregates.add(ground.aggregate());
        }
      }
    }
    String columns = " t.sequence, t.type, t.aggregate, t.body from {schema}.timeline t where ";
    return database
        .query(
            "select"
                + columns
                + "t.negotiation = $1 and t.sequence <= $2 and t.sequence = any($3)"
                + " union all select x.sequence, x.type, x.aggregate, x.body"
                + " from unnest($4::text[]) as a(aggregate) cross join lateral (select"
                + columns
                + "t.negotiation = $1 and t.sequence <= $2 and t.aggregate = a.aggregate"
                + " and t.type = any($5) order by t.version desc limit "
                + MOST_LOOKED_AT
                + ") x",
            row ->
                new Event(
                    row.get(0, Long.class),
                    row.get(1, String.class),
                    row.get(2, String.class),
                    Bodies.JSON.readTree(row.get(3, String.class))),
            List.of(
                moment.negotiation(),
                moment.sequence(),
                sequences.toArray(new Long[0]),
                aggregates.toArray(new String[0]),
                TELLING.toArray(new String[0])))
        .collectList()
        .map(Grounds::found);
  }

  private static Found found(List<Event> events) {
    Found found = new Found();
    List<Event> newestFirst = new ArrayList<>(events);
    newestFirst.sort((one, other) -> Long.compare(other.sequence(), one.sequence()));
    for (Event event : newestFirst) {
      found.bySequence.put(event.sequence(), event);
      found.byAggregate.computeIfAbsent(event.aggregate(), any -> new ArrayList<>()).add(event);
    }
    return found;
  }
}
