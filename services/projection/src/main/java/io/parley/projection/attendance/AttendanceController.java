package io.parley.projection.attendance;

import io.parley.journal.reading.Problem;
import io.parley.projection.attendance.derivation.Dependent;
import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Fact;
import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Facts;
import io.parley.projection.attendance.derivation.Outcome;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.projector.Bodies;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Attendance as it is read: who is in the room, and why. */
@RestController
public final class AttendanceController {
  private static final Pattern ASSUMED = Pattern.compile("([^@]+)@(.+):(present|absent)");

  private final Reading reading;
  private final Display display;
  private final Rooms rooms;

  AttendanceController(Reading reading, Display display, Rooms rooms) {
    this.reading = reading;
    this.display = display;
    this.rooms = rooms;
  }

  /**
   * The room, by id of the person; {@code scope} is the talks unless said otherwise. {@code assume}
   * is PERSON@SCOPE:present or PERSON@SCOPE:absent, up to 16 times: what would follow if it were
   * so.
   */
  @GetMapping("/api/negotiations/{negotiation}/attendance")
  @Asks(
      value = {"scope", "assume"},
      list = true,
      shape = Seats.class,
      views = {"attendance", "conditions", "places", "meetings", "delegations", "names"})
  public Mono<ResponseEntity<byte[]>> room(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    String asked = question.parsed("scope", Presence::scope);
    String scope = asked == null ? Presence.TALKS : asked;
    List<Assumed> assumed = assumed(question);
    return reading.under(
        question,
        negotiation,
        moment ->
            rooms
                .at(moment)
                .flatMap(
                    room -> {
                      meetings(room, scope, assumed);
                      Derivation derivation = assuming(room.derivation(), assumed);
                      return seats(question, moment, room, derivation, scope)
                          .map(page -> answer(question, moment, derivation, scope, assumed, page));
                    }));
  }

  /** Who depends on a person, by person and scope. */
  @GetMapping("/api/negotiations/{negotiation}/attendance/{person}/dependents")
  @Asks(
      list = true,
      views = {"attendance", "conditions", "places", "meetings", "delegations"})
  public Mono<ResponseEntity<byte[]>> dependents(
      @PathVariable String negotiation, @PathVariable String person, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment ->
            rooms
                .at(moment)
                .map(
                    room -> {
                      Map<String, Row> rows = new LinkedHashMap<>();
                      for (Dependent each : room.derivation().dependents(person)) {
                        Presence presence = each.presence();
                        rows.put(
                            presence.subject() + " " + presence.scope(),
                            new Row(
                                presence.subject(), presence.scope(), each.direct(), each.via()));
                      }
                      Page<String> page = page(question, new TreeSet<>(rows.keySet()));
                      ObjectNode body = Bodies.JSON.createObjectNode().put("person", person);
                      body.putPOJO("dependents", page.items().stream().map(rows::get).toList());
                      return reading.answer(question, moment, body, page.last());
                    }));
  }

  private record Row(String person, String scope, boolean direct, List<String> via) {}

  /**
   * What a page has.
   *
   * @param last key of the last item; null where nothing comes after it
   */
  private record Page<T>(List<T> items, @Nullable String last) {}

  private static Page<String> page(Question question, NavigableSet<String> keys) {
    String after = question.after();
    Set<String> rest = after == null ? keys : keys.tailSet(after, false);
    List<String> items = rest.stream().limit(question.limit()).toList();
    return new Page<>(items, rest.size() > items.size() ? items.getLast() : null);
  }

  private static List<Assumed> assumed(Question question) {
    List<Assumed> assumed = new ArrayList<>();
    for (String text : question.texts("assume")) {
      Matcher parts = ASSUMED.matcher(text);
      try {
        if (!parts.matches()) {
          throw new IllegalArgumentException("not PERSON@SCOPE:present or PERSON@SCOPE:absent");
        }
        assumed.add(
            new Assumed(
                new Presence(Presence.person(parts.group(1)), Presence.scope(parts.group(2))),
                parts.group(3).equals("present")));
      } catch (IllegalArgumentException e) {
        question.fault("assume", "'%s': %s".formatted(text, e.getMessage()));
      }
    }
    if (assumed.size() > Derivation.MOST_ASSUMED) {
      question.fault(
          "assume",
          "%d assumed facts, of at most %d".formatted(assumed.size(), Derivation.MOST_ASSUMED));
    }
    return assumed;
  }

  /** A meeting is on record or not; places stand for themselves. */
  private static void meetings(Room room, String scope, List<Assumed> assumed) {
    Stream.concat(Stream.of(scope), assumed.stream().map(each -> each.presence().scope()))
        .filter(each -> each.startsWith(Presence.MEETING))
        .map(each -> each.substring(Presence.MEETING.length()))
        .filter(meeting -> !room.meetings().containsKey(meeting))
        .findFirst()
        .ifPresent(
            meeting -> {
              throw Reading.unknown("meeting", meeting);
            });
  }

  private static Derivation assuming(Derivation derivation, List<Assumed> assumed) {
    if (assumed.isEmpty()) {
      return derivation;
    }
    try {
      return derivation.assuming(assumed);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(
          "the query parameters cannot be answered",
          List.of(new Problem.Fault("assume", String.valueOf(e.getMessage()))));
    }
  }

  private Mono<Page<Seat>> seats(
      Question question, Moment moment, Room room, Derivation derivation, String scope) {
    TreeSet<String> subjects = new TreeSet<>(derivation.bearing(scope));
    for (Facts.Delegates delegates : derivation.facts().delegations()) {
      subjects.addAll(delegates.members());
    }
    Page<String> page = page(question, subjects);
    Map<Presence, Outcome> outcomes = new LinkedHashMap<>();
    Set<String> ids = new HashSet<>();
    for (String subject : page.items()) {
      Presence presence = new Presence(subject, scope);
      Outcome outcome = derivation.at(presence);
      outcomes.put(presence, outcome);
      ids.add(presence.id());
      ids.addAll(Wording.ids(outcome.because()));
    }
    return display
        .names(moment, ids)
        .map(
            names -> {
              Wording wording = new Wording(names, room.meetings());
              return new Page<>(
                  outcomes.entrySet().stream()
                      .map(each -> seat(room, each.getKey(), each.getValue(), wording))
                      .toList(),
                  page.last());
            });
  }

  private static Seat seat(Room room, Presence presence, Outcome outcome, Wording wording) {
    List<Seat.Said> stated =
        room.stated(presence).stream()
            .map(each -> new Seat.Said(each.status(), each.sequence(), each.source()))
            .toList();
    Fact.Observed actual = outcome.actual();
    Long newest =
        Stream.concat(
                stated.stream().map(Seat.Said::sequence),
                outcome.because().stream().map(Fact::sequence))
            .flatMap(Stream::ofNullable)
            .max(Long::compare)
            .orElse(null);
    return new Seat(
        presence.isOfParty() ? null : presence.id(),
        wording.name(presence.id()),
        presence.isOfParty() ? presence.id() : room.parties().get(presence.subject()),
        room.membership(presence.subject()),
        stated.isEmpty() ? null : stated.getFirst(),
        stated.size() < 2 ? List.of() : stated.subList(1, stated.size()),
        outcome.derived(),
        actual == null ? null : actual.present() ? Seat.Actual.PRESENT : Seat.Actual.ABSENT,
        outcome.disputed(),
        outcome.because().stream()
            .map(
                fact ->
                    new Seat.Link(fact.sequence(), fact.type(), wording.of(fact), fact.source()))
            .toList(),
        outcome.cut(),
        newest,
        room.versions().get(presence.subject()));
  }

  private ResponseEntity<byte[]> answer(
      Question question,
      Moment moment,
      Derivation derivation,
      String scope,
      List<Assumed> assumed,
      Page<Seat> page) {
    Seats seats =
        new Seats(
            scope,
            assumed.stream()
                .map(
                    each ->
                        new Seats.Assumption(
                            each.presence().subject(),
                            each.presence().scope(),
                            each.present() ? "present" : "absent"))
                .toList(),
            page.items(),
            derivation.cycles(),
            null);
    ObjectNode body = Bodies.JSON.valueToTree(seats);
    return reading.answer(question, moment, body, page.last());
  }
}
