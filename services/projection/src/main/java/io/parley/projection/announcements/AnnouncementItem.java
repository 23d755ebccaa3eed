package io.parley.projection.announcements;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Resting;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.announcement.AnnouncementKind;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An announcement; of a corrected one, its last value (rule 21). A retracted one is a tombstone:
 * who and when, and why it is gone, without what was said (rule 22).
 *
 * @param status where it stands
 * @param version version of its aggregate, for {@code If-Match} and corrections
 * @param note what was wrong, or why it is held, gone or back
 * @param published when its publication was recorded
 * @param updated when its last change was recorded
 * @param sequence timeline position that last changed it
 * @param firstSequence timeline position of its publication, by which lists are ordered
 * @param source where the last fact comes from
 * @param withheld what a tombstone does not show, kept for the case that it is put back
 */
public record AnnouncementItem(
    String announcement,
    AnnouncementKind kind,
    Named speaker,
    @Nullable Named onBehalfOf,
    @Nullable String text,
    String language,
    List<String> topics,
    @Nullable String inReplyTo,
    List<String> about,
    @Nullable Temporal period,
    Status status,
    long version,
    @Nullable String note,
    Instant published,
    Instant updated,
    @Nullable Temporal occurred,
    @Nullable Temporal asserted,
    long sequence,
    long firstSequence,
    @Nullable Cited source,
    @JsonProperty("~withheld") @Nullable Withheld withheld)
    implements Resting {

  /** Whose words they are meant to be: a party's, where somebody speaks on its behalf. */
  public String party() {
    return onBehalfOf == null ? speaker.id() : onBehalfOf.id();
  }

  /** What it answers, and what it is about (rule 22). */
  @Override
  public List<String> restsOn() {
    List<String> named = Resting.announcements(about);
    return inReplyTo == null
        ? named
        : Stream.concat(Stream.of(inReplyTo), named.stream()).distinct().toList();
  }

  /** Where an announcement stands. */
  public enum Status {
    PUBLISHED,
    HELD,
    CORRECTED,
    RETRACTED
  }

  /** What a tombstone does not show, and the status to go back to. */
  public record Withheld(
      @Nullable String text, List<String> about, @Nullable Temporal period, Status status) {}
}
