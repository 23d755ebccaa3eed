package io.parley.projection.feeds;

import io.parley.projection.negotiations.Negotiation;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.Moment;
import io.parley.projection.read.Select;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What stands above a calendar or a feed.
 *
 * @param title the negotiation's
 * @param updated when the last change of what it lists was recorded; where it lists nothing, when
 *     the negotiation was
 */
record Heading(String title, Instant updated) {
  /** The column that says when a row's last change was recorded. */
  static final String RECORDED =
      "(select e.recorded_ms from {schema}.timeline e where e.negotiation = t.negotiation"
          + " and e.sequence = t.from_sequence)";

  /** The heading over a view's items. */
  static Mono<Heading> of(Database database, Moment moment, String table) {
    Select select = Select.items("negotiations", moment).where("t.id = ?", moment.negotiation());
    String last =
        "(select e.recorded_ms from {schema}.timeline e where e.negotiation = $1"
            + " and e.sequence = (select coalesce(max(i.from_sequence), 1) from {schema}."
            + table
            + " i where i.negotiation = $1 and i.from_sequence <= $2))";
    return database
        .query(
            select.sql("t.body, " + last, 1),
            row ->
                new Heading(
                    Bodies.JSON.readValue(row.get(1, String.class), Negotiation.class).title(),
                    Instant.ofEpochMilli(row.get(2, Long.class))),
            List.copyOf(select.values()))
        .next();
  }
}
