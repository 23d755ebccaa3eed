package io.parley.projection.people;

import io.parley.projection.people.Acquaintance.Given;
import io.parley.projection.people.Acquaintance.Membership;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Somebody, as all negotiations know them. */
@RestController
public final class PersonController {
  /** Of the ids on record, who counts as a person. */
  static final String ARE_PEOPLE = "t.sort in ('PERSON', 'SPEAKER')";

  private final Reading reading;
  private final Database database;

  PersonController(Reading reading, Database database) {
    this.reading = reading;
    this.database = database;
  }

  private record Known(String negotiation, Acquaintance as) {}

  private record Dated(String negotiation, Given given) {}

  /**
   * Names, offices and memberships of a person, each with the negotiation that has it on record,
   * oldest first; the newest name and office show. Parley-Sequence is the number of entries of all
   * negotiations together.
   */
  @GetMapping("/api/people/{person}")
  @Asks(views = {"people", "negotiations"})
  public Mono<ResponseEntity<byte[]>> one(@PathVariable String person, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.across(
        question,
        Mono.defer(
            () -> {
              Select select =
                  Select.across("people", question.recordedMillis())
                      .where("t.id = ?", person)
                      .where(ARE_PEOPLE)
                      .by("t.negotiation");
              return database
                  .query(
                      select.sql("t.body", Question.MAX_LIMIT),
                      row ->
                          new Known(
                              row.get(0, String.class),
                              Bodies.JSON.readValue(row.get(1, String.class), Acquaintance.class)),
                      select.values())
                  .collectList()
                  .filter(known -> !known.isEmpty())
                  .switchIfEmpty(Mono.error(() -> Reading.unknown("person", person)))
                  .zipWith(
                      reading.length(question),
                      (known, length) ->
                          reading.answer(
                              question,
                              length,
                              Bodies.JSON.writeValueAsBytes(person(person, known))));
            }));
  }

  private static ObjectNode person(String id, List<Known> known) {
    List<Dated> names = dated(known, Acquaintance::names);
    List<Dated> offices = dated(known, Acquaintance::offices);
    ObjectNode person = Bodies.JSON.createObjectNode();
    person.put("person", id);
    person.put("name", names.isEmpty() ? id : names.getLast().given().value());
    person.put("office", offices.isEmpty() ? null : offices.getLast().given().value());
    ArrayNode aliases = person.putArray("aliases");
    Stream.concat(
            names.stream().map(name -> name.given().value()),
            known.stream().flatMap(each -> each.as().aliases().stream()))
        .distinct()
        .filter(alias -> !alias.equals(person.get("name").asString()))
        .forEach(aliases::add);
    list(person.putArray("names"), "name", names);
    list(person.putArray("offices"), "office", offices);
    ArrayNode memberships = person.putArray("memberships");
    for (Known each : known) {
      for (Membership membership : each.as().memberships()) {
        ObjectNode seat = memberships.addObject().put("negotiation", each.negotiation());
        seat.setAll((ObjectNode) Bodies.JSON.valueToTree(membership));
      }
    }
    ArrayNode negotiations = person.putArray("negotiations");
    known.forEach(
        each ->
            negotiations
                .addObject()
                .put("negotiation", each.negotiation())
                .put("sequence", each.as().sequence()));
    return person;
  }

  private static List<Dated> dated(List<Known> known, Function<Acquaintance, List<Given>> given) {
    return known.stream()
        .flatMap(
            each ->
                given.apply(each.as()).stream().map(value -> new Dated(each.negotiation(), value)))
        .sorted(Comparator.comparing(each -> each.given().from().recordedAt()))
        .toList();
  }

  private static void list(ArrayNode list, String name, List<Dated> values) {
    for (Dated each : values) {
      ObjectNode value = list.addObject().put(name, each.given().value());
      value.put("negotiation", each.negotiation());
      value.set("from", Bodies.JSON.valueToTree(each.given().from()));
    }
  }
}
