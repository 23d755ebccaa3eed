package io.parley.projection.diff;

import io.parley.journal.reading.Problem;
import io.parley.projection.diff.Changes.Course;
import io.parley.projection.diff.Changes.Item;
import io.parley.projection.diff.Difference.Entry;
import io.parley.projection.diff.Difference.Way;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.AsOf;
import io.parley.projection.read.AsOf.AtInstant;
import io.parley.projection.read.AsOf.AtSequence;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What changed between two moments, as it is read. */
@RestController
public final class DiffController {
  /** Parts that are told apart even where the whole item is new: who heads a delegation. */
  private static final Map<String, Set<String>> PARTS = Map.of("delegations", Set.of("head"));

  private final Reading reading;
  private final Changes changes;
  private final Database database;

  DiffController(Reading reading, Changes changes, Database database) {
    this.reading = reading;
    this.changes = changes;
    this.database = database;
  }

  /**
   * What changed after one moment, and up to another: sequence numbers, or instants on the recorded
   * axis; {@code from} 0 is the beginning, {@code to} is now unless said otherwise. Paths are those
   * of the resources under the negotiation, with the field where it is not the whole: {@code
   * /delegations/ru/head}. Added, changed and removed are by path, and so are pages: a page has the
   * changes of {@code limit} items. Of one item the newest 200 events are told. Names are as of the
   * later moment.
   */
  @GetMapping("/api/negotiations/{negotiation}/diff")
  @Asks(
      value = {"from", "to"},
      list = true,
      views = {
        "announcements",
        "attendance",
        "claims",
        "conditions",
        "delegations",
        "drafts",
        "legs",
        "meetings",
        "negotiations",
        "proposals",
        "rounds",
        "stays",
        "names"
      })
  public Mono<ResponseEntity<byte[]>> diff(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    AsOf from = question.moment("from");
    AsOf to = question.moment("to");
    if (from == null && !exchange.getRequest().getQueryParams().containsKey("from")) {
      question.fault("from", "needed: a sequence number or an instant; 0 is the beginning");
    }
    if (from instanceof AtInstant(Instant first)
        && to instanceof AtInstant(Instant last)
        && first.isAfter(last)) {
      question.fault("from", first + " is after to, " + last);
    }
    return reading.under(
        question,
        negotiation,
        moment ->
            sequence(moment, to)
                .zipWith(sequence(moment, from == null ? new AtSequence(0) : from))
                .flatMap(both -> answer(question, moment, both.getT2(), both.getT1())));
  }

  /** The last sequence number at a moment; 0 before the first. What is to come is as given. */
  private Mono<Long> sequence(Moment moment, @Nullable AsOf asked) {
    return switch (asked) {
      case null -> Mono.just(moment.sequence());
      case AtSequence(long sequence) -> Mono.just(sequence);
      case AtInstant(Instant instant) ->
          database
              .query(
                  "select coalesce(max(sequence), 0)::bigint from {schema}.timeline"
                      + " where negotiation = $1 and sequence <= $2 and recorded_ms <= $3",
                  row -> row.get(0, Long.class),
                  List.of(moment.negotiation(), moment.sequence(), instant.toEpochMilli()))
              .next();
    };
  }

  private Mono<ResponseEntity<byte[]>> answer(
      Question question, Moment moment, long from, long to) {
    if (from > to) {
      return Mono.error(
          () ->
              Problem.invalid(
                  "the query parameters cannot be answered",
                  List.of(new Problem.Fault("from", from + " is after to, " + to))));
    }
    long first = Math.min(from, moment.sequence());
    Moment last = new Moment(moment.negotiation(), Math.min(to, moment.sequence()));
    if (first == last.sequence()) {
      return Mono.just(answer(question, last, first, List.of(), Map.of(), null));
    }
    return changes
        .changed(last, first, question.after(), question.limit() + 1)
        .flatMap(
            items -> {
              boolean more = items.size() > question.limit();
              List<Item> page = more ? items.subList(0, question.limit()) : items;
              String next = more ? page.getLast().key() : null;
              return changes
                  .courses(last, first, page)
                  .map(courses -> courses.stream().flatMap(each -> entries(each).stream()).toList())
                  .flatMap(
                      entries ->
                          events(last, entries)
                              .map(events -> answer(question, last, first, entries, events, next)));
            });
  }

  private static List<Entry> entries(Course course) {
    Item item = course.item();
    // The negotiation is where the paths begin.
    String path = item.table().equals("negotiations") ? "" : "/" + item.table() + "/" + item.id();
    return Difference.of(
        path, course.before(), course.after(), PARTS.getOrDefault(item.table(), Set.of()));
  }

  private record Event(long sequence, String id, String type, String aggregate) {}

  private Mono<Map<Long, Event>> events(Moment moment, List<Entry> entries) {
    Set<Long> sequences = new TreeSet<>();
    entries.forEach(entry -> sequences.addAll(entry.events()));
    return database
        .query(
            "select sequence, type, aggregate, event from {schema}.timeline"
                + " where negotiation = $1 and sequence = any($2)",
            row ->
                new Event(
                    row.get(0, Long.class),
                    Wire.event(row.get(3, ByteBuffer.class)).header().id(),
                    row.get(1, String.class),
                    row.get(2, String.class)),
            List.of(moment.negotiation(), sequences.toArray(new Long[0])))
        .collectMap(Event::sequence);
  }

  private ResponseEntity<byte[]> answer(
      Question question,
      Moment to,
      long from,
      List<Entry> entries,
      Map<Long, Event> events,
      @Nullable String next) {
    ObjectNode body = Bodies.JSON.createObjectNode().put("from", from).put("to", to.sequence());
    for (Way way : Way.values()) {
      ArrayNode list = body.putArray(way.name().toLowerCase(Locale.ROOT));
      for (Entry entry : entries) {
        if (entry.way() == way) {
          list.add(entry(entry, events));
        }
      }
    }
    return reading.answer(question, to, body, next);
  }

  private static ObjectNode entry(Entry entry, Map<Long, Event> events) {
    ObjectNode node = Bodies.JSON.createObjectNode();
    node.put("path", entry.path().isEmpty() ? "/" : entry.path());
    switch (entry.way()) {
      case ADDED -> node.set("value", entry.value());
      case REMOVED -> node.set("value", entry.old());
      case CHANGED -> {
        node.set("old", entry.old());
        node.set("new", entry.value());
      }
    }
    List<Event> told = new ArrayList<>();
    for (Long sequence : entry.events()) {
      Event event = events.get(sequence);
      if (event != null) {
        told.add(event);
      }
    }
    node.set("events", Bodies.JSON.valueToTree(told));
    return node;
  }
}
