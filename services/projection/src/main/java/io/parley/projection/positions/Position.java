package io.parley.projection.positions;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.schemas.announcement.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a party holds on a topic.
 *
 * @param text the newest that stands, of those that weigh most (rule 28); null where all of it was
 *     taken back
 * @param announcement announcement that says so; null where it is an answer to a proposal
 * @param proposal that proposal
 * @param speaker who said it
 * @param beside what others said for the party and what stands too, the weightier first
 * @param history what was superseded or taken back, oldest first
 * @param disputed true where what stands side by side differs; not there else
 * @param sequence timeline position that last changed it
 * @param version version of the announcement or the proposal, for {@code If-Match}
 * @param source where it comes from
 */
public record Position(
    String party,
    String topic,
    @Nullable String text,
    @Nullable String announcement,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String proposal,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Answer answer,
    @Nullable Named speaker,
    @Nullable Authority authority,
    List<Statement> beside,
    List<Statement> history,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean disputed,
    long sequence,
    @Nullable Long version,
    @Nullable Cited source) {

  /** What follows from everything that was said. */
  static Position of(String party, String topic, List<Statement> statements) {
    List<Statement> standing = new ArrayList<>();
    List<Statement> history = new ArrayList<>();
    for (Statement each : statements) {
      boolean superseded =
          statements.stream().anyMatch(other -> other.stands() && other.supersedes(each));
      (each.stands() && !superseded ? standing : history).add(each);
    }
    standing.sort(
        Comparator.comparing(Statement::authority)
            .thenComparing(Comparator.comparingLong(Statement::order).reversed()));
    history.sort(Comparator.comparingLong(Statement::order));
    long sequence = statements.stream().mapToLong(Statement::sequence).max().orElse(0);
    boolean differ = standing.stream().map(Statement::text).distinct().count() > 1;
    Statement first = standing.isEmpty() ? null : standing.getFirst();
    if (first == null) {
      return new Position(
          party, topic, null, null, null, null, null, null, List.of(), history, null, sequence,
          null, null);
    }
    return new Position(
        party,
        topic,
        Objects.requireNonNullElse(
            first.text(), first.answer() == null ? "" : first.answer().name()),
        first.announcement(),
        first.proposal(),
        first.answer(),
        first.speaker(),
        first.authority(),
        List.copyOf(standing.subList(1, standing.size())),
        history,
        differ ? true : null,
        sequence,
        first.version(),
        first.source());
  }
}
