package io.parley.projection.proposals;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.announcement.Answer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An offer and its lineage.
 *
 * @param by who made it
 * @param to id of the party or person that it is made to
 * @param status what was last said of it; how each party stands to it is in {@code answers}
 * @param answers the last answer of each party: a later one supersedes the one before (rule 28)
 * @param lineage everything that was said of it, in the order in which it was recorded
 * @param occurred when it was made, if that was said
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 * @param firstSequence timeline position at which it was recorded, by which lists are ordered
 */
public record Proposal(
    String proposal,
    Named by,
    @Nullable String to,
    String topic,
    String text,
    Status status,
    List<Step> answers,
    List<Step> lineage,
    @Nullable Temporal occurred,
    @Nullable Temporal asserted,
    long sequence,
    long version,
    @Nullable Cited source,
    long firstSequence) {

  /** Where a proposal stands. */
  public enum Status {
    MADE,
    REITERATED,
    ACCEPTED,
    ACCEPTED_WITH_RESERVATIONS,
    REJECTED,
    WITHDRAWN
  }

  /**
   * One thing that was said of an offer.
   *
   * @param event name of the event, {@code ProposalReiterated} say
   * @param by who said it; of an answer the party
   * @param answer how the party answers; only of an answer
   * @param text what was said, if it was given
   * @param sequence timeline position
   */
  public record Step(
      String event,
      Named by,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Answer answer,
      long sequence,
      @Nullable String text,
      Instant recordedAt,
      @Nullable Temporal occurred,
      @Nullable Temporal asserted,
      @Nullable Cited source) {

    /** When it was said, as far as that is known. */
    public @Nullable Temporal said() {
      return asserted == null ? occurred : asserted;
    }
  }
}
