package io.parley.projection.positions;

import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.proposals.Proposal;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Display;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.read.Select;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The matrix of party and topic. It has no table of its own: which cell an announcement lies in may
 * be corrected, and then it leaves one cell and enters another.
 */
@RestController
public final class PositionController {
  private static final String CELLS =
      "select a.party || '/' || topic as id from {schema}.announcements a,"
          + " unnest(a.topics) topic where a.negotiation = $1 and a.kind = 'POSITION' and "
          + Select.isValid("announcements", "a", "$2")
          + " union select party || '/' || p.topic from {schema}.proposals p,"
          + " unnest(p.answerers) party where p.negotiation = $1 and "
          + Select.isValid("proposals", "p", "$2");

  private final Reading reading;
  private final Display display;
  private final Database database;

  PositionController(Reading reading, Display display, Database database) {
    this.reading = reading;
    this.display = display;
    this.database = database;
  }

  /** A party and a topic. */
  private record Cell(String party, String topic) {
    static Cell of(String key) {
      int slash = key.indexOf('/');
      return new Cell(key.substring(0, slash), key.substring(slash + 1));
    }
  }

  /**
   * What each party holds on each topic, by party and topic: announcements of the kind POSITION
   * that are its own or made on its behalf, and its answers to proposals on the topic.
   */
  @GetMapping("/api/negotiations/{negotiation}/positions")
  @Asks(
      value = {"party", "topic"},
      list = true,
      views = {"announcements", "proposals", "names"})
  public Mono<ResponseEntity<byte[]>> list(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    List<String> parties = question.texts("party");
    List<String> topics = question.texts("topic");
    return reading.under(
        question,
        negotiation,
        moment ->
            reading
                .rows(
                    question,
                    Select.derived(CELLS, List.of(moment.negotiation(), moment.sequence()))
                        .whereAny("split_part(t.id, '/', 1) = any(?)", parties)
                        .whereAny("split_part(t.id, '/', 2) = any(?)", topics),
                    "t.id",
                    row -> Cell.of(row.get(1, String.class)))
                .flatMap(
                    cells ->
                        positions(moment, cells.bodies())
                            .flatMap(bodies -> display.items(moment, bodies))
                            .map(
                                items ->
                                    reading.page(
                                        question,
                                        moment.sequence(),
                                        moment.sequence(),
                                        cells,
                                        items))));
  }

  private Mono<List<String>> positions(Moment moment, List<Cell> cells) {
    List<Object> values =
        List.of(
            moment.negotiation(),
            moment.sequence(),
            cells.stream().map(Cell::party).distinct().toArray(String[]::new),
            cells.stream().map(Cell::topic).distinct().toArray(String[]::new));
    Mono<List<AnnouncementItem>> announcements =
        database
            .query(
                "select a.body from {schema}.announcements a where a.negotiation = $1"
                    + " and a.kind = 'POSITION' and "
                    + Select.isValid("announcements", "a", "$2")
                    + " and a.party = any($3) and a.topics && $4",
                row -> Bodies.JSON.readValue(row.get(0, String.class), AnnouncementItem.class),
                values)
            .collectList();
    Mono<List<Proposal>> proposals =
        database
            .query(
                "select p.body from {schema}.proposals p where p.negotiation = $1 and "
                    + Select.isValid("proposals", "p", "$2")
                    + " and p.answerers && $3 and p.topic = any($4)",
                row -> Bodies.JSON.readValue(row.get(0, String.class), Proposal.class),
                values)
            .collectList();
    return Mono.zip(
        announcements,
        proposals,
        (said, answered) ->
            cells.stream()
                .map(cell -> position(cell, said, answered))
                .map(Bodies.JSON::writeValueAsString)
                .toList());
  }

  private static Position position(
      Cell cell, List<AnnouncementItem> announcements, List<Proposal> proposals) {
    Stream<Statement> said =
        announcements.stream()
            .filter(item -> item.party().equals(cell.party()))
            .filter(item -> item.topics().contains(cell.topic()))
            .map(item -> Statement.of(item, cell.party()));
    Stream<Statement> answered =
        proposals.stream()
            .filter(proposal -> proposal.topic().equals(cell.topic()))
            .flatMap(proposal -> Statement.of(proposal, cell.party()));
    return Position.of(cell.party(), cell.topic(), Stream.concat(said, answered).toList());
  }
}
