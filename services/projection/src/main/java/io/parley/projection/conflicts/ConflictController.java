package io.parley.projection.conflicts;

import io.parley.projection.conflicts.Conflict.Link;
import io.parley.projection.names.Naming;
import io.parley.projection.projector.Bodies;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** Conflicts as they are read. */
@RestController
public final class ConflictController {
  private final Reading reading;
  private final Display display;
  private final Situations situations;
  private final Grounds grounds;

  ConflictController(Reading reading, Display display, Situations situations, Grounds grounds) {
    this.reading = reading;
    this.display = display;
    this.situations = situations;
    this.grounds = grounds;
  }

  /** Every conflict, by severity (HARD, LATE, POSSIBLE), kind and subjects. */
  @GetMapping("/api/negotiations/{negotiation}/conflicts")
  @Asks(
      list = true,
      views = {
        "attendance",
        "conditions",
        "places",
        "meetings",
        "delegations",
        "negotiations",
        "legs",
        "stays",
        "announcements",
        "claims",
        "names"
      })
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    return reading.under(
        question,
        negotiation,
        moment -> situations.at(moment).flatMap(all -> page(question, moment, all)));
  }

  private Mono<ResponseEntity<byte[]>> page(
      Question question, Moment moment, NavigableMap<String, Finding> all) {
    String after = question.after();
    NavigableMap<String, Finding> rest = after == null ? all : all.tailMap(after, false);
    List<Finding> findings = rest.values().stream().limit(question.limit()).toList();
    String last = rest.size() > findings.size() ? findings.getLast().key() : null;
    return display
        .names(moment, ids(findings))
        .zipWith(grounds.of(moment, findings))
        .map(
            both -> {
              List<Conflict> items =
                  findings.stream()
                      .map(finding -> conflict(finding, both.getT1(), both.getT2()))
                      .toList();
              ObjectNode body = Bodies.JSON.createObjectNode();
              body.set("items", Bodies.JSON.valueToTree(items));
              return reading.answer(question, moment, body, last);
            });
  }

  private static Set<String> ids(List<Finding> findings) {
    Set<String> ids = new HashSet<>();
    for (Finding finding : findings) {
      finding.explanation().ids(ids);
      finding.because().forEach(ground -> ground.text().ids(ids));
    }
    return ids;
  }

  private static Conflict conflict(
      Finding finding, Map<String, Naming> names, Grounds.Found found) {
    List<Link> because = found.links(finding, names);
    Long newest = because.isEmpty() ? null : (Long) because.getLast().sequence();
    return new Conflict(
        finding.kind(),
        finding.severity(),
        finding.subjects(),
        finding.explanation().with(names),
        because,
        newest);
  }
}
