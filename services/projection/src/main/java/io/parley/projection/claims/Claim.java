package io.parley.projection.claims;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Resting;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.Rank;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement about the world. That it is contested, however ranked, takes it from nobody: it is
 * kept, and shown with who says otherwise (rule 28).
 *
 * @param about what it is about, {@code KIND:ID} each
 * @param rank how an editor ranks it; NORMAL until then
 * @param rankReason why so
 * @param corroboratedBy who else says so, one for each independent origin (rule 27)
 * @param contestedBy who says otherwise
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source who claims it
 * @param firstSequence timeline position at which it was recorded, by which lists are ordered
 * @param origin who claims it in the end, for the fold
 */
public record Claim(
    String claim,
    ClaimKind kind,
    String text,
    List<String> about,
    Rank rank,
    @Nullable String rankReason,
    List<Voice> corroboratedBy,
    List<Voice> contestedBy,
    @Nullable Temporal occurred,
    @Nullable Temporal asserted,
    long sequence,
    long version,
    @Nullable Cited source,
    long firstSequence,
    @JsonProperty("~origin") Origin origin)
    implements Resting {

  /** Whether anybody says otherwise. */
  @JsonProperty(access = READ_ONLY)
  public boolean contested() {
    return !contestedBy.isEmpty();
  }

  /** True where sources conflict; not there else. */
  @JsonProperty(access = READ_ONLY)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable Boolean disputed() {
    return contested() ? true : null;
  }

  @Override
  public List<String> restsOn() {
    return Resting.announcements(about);
  }
}
