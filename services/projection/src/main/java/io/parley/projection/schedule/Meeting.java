package io.parley.projection.schedule;

import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A meeting.
 *
 * @param round round that it belongs to
 * @param status where it stands (rules 17 and 18)
 * @param start start; a postponed meeting keeps the one it had
 * @param previousStarts starts that it was moved from, oldest first
 * @param zone IANA zone of its place; dates without a zone are civil days in it (rule 2)
 * @param participants ids of parties or persons
 * @param excluded what it is said not to be
 * @param icalSequence how often it was rescheduled
 * @param outcome how it ended
 * @param reason why it was last postponed, moved or cancelled
 * @param note what the last correction says was wrong
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 */
public record Meeting(
    String meeting,
    @Nullable String round,
    String title,
    MeetingKind kind,
    Format format,
    Status status,
    @Nullable Temporal start,
    @Nullable Temporal end,
    List<Temporal> previousStarts,
    Located place,
    @Nullable Located venue,
    @Nullable String zone,
    List<String> participants,
    List<Exclusion> excluded,
    long icalSequence,
    @Nullable Outcome outcome,
    @Nullable String reason,
    @Nullable String note,
    long sequence,
    long version,
    @Nullable Cited source) {

  /** Where a meeting stands. */
  public enum Status {
    SCHEDULED,
    POSTPONED,
    OPEN,
    SUSPENDED,
    CONCLUDED,
    CANCELLED
  }
}
