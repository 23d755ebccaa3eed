package io.parley.projection.conflicts;

import io.parley.projection.conflicts.Conflict.Link;
import io.parley.projection.names.Naming;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Moment;
import io.parley.projection.schedule.Exclusion;
import io.parley.projection.shape.Cited;
import io.parley.schemas.Event;
import io.parley.schemas.schedule.ValueExcluded;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
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

/** Finds the events of grounds on the timeline, for the conflicts of one page. */
@Component
final class Grounds {
  /** How far back an aggregate's events are looked through. */
  private static final int MOST_LOOKED_AT = 50;

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
          "ValueExcluded");

  private final Database database;

  Grounds(Database database) {
    this.database = database;
  }

  private record Told(long sequence, String aggregate, Event event) {
    boolean excludes(Exclusion excluded) {
      return event instanceof ValueExcluded said
          && excluded.field().equals(said.field())
          && excluded.value().equals(said.value());
    }

    Link link(String text) {
      return new Link(sequence, event.type(), text, Cited.of(event));
    }
  }

  /** The events that grounds are found among. */
  static final class Found {
    private final Map<Long, Told> bySequence = new HashMap<>();
    private final Map<String, List<Told>> byAggregate = new HashMap<>();

    /** The facts of a conflict, oldest first; one whose event is out of reach is left out. */
    List<Link> links(Finding finding, Map<String, Naming> names) {
      Map<Long, Link> links = new TreeMap<>();
      for (Ground ground : finding.because()) {
        Told told = told(ground);
        if (told != null) {
          links.putIfAbsent(told.sequence(), told.link(ground.text().with(names)));
        }
      }
      return List.copyOf(links.values());
    }

    private @Nullable Told told(Ground ground) {
      Long sequence = ground.sequence();
      if (sequence != null) {
        return bySequence.get(sequence);
      }
      Exclusion excluded = ground.excluded();
      return byAggregate.getOrDefault(Objects.toString(ground.aggregate()), List.of()).stream()
          .filter(
              told ->
                  excluded == null
                      ? !(told.event() instanceof ValueExcluded)
                      : told.excludes(excluded))
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
    String columns = " t.sequence, t.aggregate, t.event from {schema}.timeline t where ";
    return database
        .query(
            "select"
                + columns
                + "t.negotiation = $1 and t.sequence <= $2 and t.sequence = any($3)"
                + " union all select x.sequence, x.aggregate, x.event"
                + " from unnest($4::text[]) as a(aggregate) cross join lateral (select"
                + columns
                + "t.negotiation = $1 and t.sequence <= $2 and t.aggregate = a.aggregate"
                + " and t.type = any($5) order by t.version desc limit "
                + MOST_LOOKED_AT
                + ") x",
            row ->
                new Told(
                    row.get(0, Long.class),
                    row.get(1, String.class),
                    Wire.event(row.get(2, ByteBuffer.class))),
            List.of(
                moment.negotiation(),
                moment.sequence(),
                sequences.toArray(new Long[0]),
                aggregates.toArray(new String[0]),
                TELLING.toArray(new String[0])))
        .collectList()
        .map(Grounds::found);
  }

  private static Found found(List<Told> events) {
    Found found = new Found();
    List<Told> newestFirst = new ArrayList<>(events);
    newestFirst.sort((one, other) -> Long.compare(other.sequence(), one.sequence()));
    for (Told told : newestFirst) {
      found.bySequence.put(told.sequence(), told);
      found.byAggregate.computeIfAbsent(told.aggregate(), any -> new ArrayList<>()).add(told);
    }
    return found;
  }
}
