package io.parley.projection.positions;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.projection.announcements.AnnouncementItem;
import io.parley.projection.announcements.AnnouncementItem.Status;
import io.parley.projection.proposals.Proposal;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Cited.Link;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.SourceRole;
import io.parley.schemas.announcement.Answer;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that tells of a party's position: an announcement of that kind, or an answer to an
 * offer.
 *
 * @param announcement id of the announcement, or null
 * @param proposal id of the proposal that is answered, or null
 * @param status PUBLISHED, CORRECTED, HELD or RETRACTED; of an answer ANSWERED, or WITHDRAWN where
 *     the offer no longer stands
 * @param authority how much it weighs beside others
 * @param said when it was said, as far as that is known
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate
 * @param order timeline position at which it came on record
 */
public record Statement(
    @Nullable String announcement,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String proposal,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Answer answer,
    Named speaker,
    @Nullable String text,
    String status,
    Authority authority,
    @Nullable Temporal said,
    long sequence,
    long version,
    @Nullable Cited source,
    @JsonProperty("~order") long order) {

  /** What a party's announcement tells. */
  static Statement of(AnnouncementItem item, String party) {
    Named onBehalfOf = item.onBehalfOf();
    return new Statement(
        item.announcement(),
        null,
        null,
        item.speaker(),
        item.text(),
        item.status().name(),
        Authority.of(
            item.speaker().id(), onBehalfOf == null ? null : onBehalfOf.id(), party, item.source()),
        item.asserted() == null ? item.occurred() : item.asserted(),
        item.sequence(),
        item.version(),
        item.source(),
        item.firstSequence());
  }

  /** What the answers of a party to an offer tell. */
  static Stream<Statement> of(Proposal proposal, String party) {
    String status = proposal.status() == Proposal.Status.WITHDRAWN ? "WITHDRAWN" : "ANSWERED";
    return proposal.lineage().stream()
        .filter(step -> step.answer() != null && step.by().id().equals(party))
        .map(
            step -> {
              String speaker = speaker(step.source()).orElse(party);
              return new Statement(
                  null,
                  proposal.proposal(),
                  step.answer(),
                  new Named(speaker, null, null),
                  step.text(),
                  status,
                  Authority.of(speaker, party, party, step.source()),
                  step.said(),
                  step.sequence(),
                  proposal.version(),
                  step.source(),
                  step.sequence());
            });
  }

  /** Whether it holds: it was neither taken back nor does its offer lie down. */
  boolean stands() {
    return status.equals(Status.PUBLISHED.name())
        || status.equals(Status.CORRECTED.name())
        || status.equals("ANSWERED");
  }

  /**
   * Whether it takes the place of another: the same speaker's later word does (rule 28). Later is
   * what was said later; where that is not known, what came on record later.
   */
  boolean supersedes(Statement other) {
    if (!speaker.equals(other.speaker)) {
      return false;
    }
    Temporal otherSaid = other.said;
    if (said != null && otherSaid != null) {
      if (said.isBefore(otherSaid)) {
        return false;
      }
      if (otherSaid.isBefore(said)) {
        return true;
      }
    }
    return order > other.order;
  }

  private static Optional<String> speaker(@Nullable Cited source) {
    return source == null
        ? Optional.empty()
        : source.chain().stream()
            .filter(link -> link.role() == SourceRole.SPEAKER)
            .map(Link::id)
            .flatMap(Stream::ofNullable)
            .findFirst();
  }
}
