package io.parley.projection.negotiations;

import io.parley.projection.shape.Cited;
import io.parley.schemas.schedule.PartyRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A negotiation, as it is answered.
 *
 * @param negotiation slug
 * @param title title
 * @param parties its parties, in the order in which they were named
 * @param predecessor negotiation that it continues
 * @param aliases other spellings of names
 * @param sequence timeline position that last changed it
 * @param version version of its aggregate, for {@code If-Match}
 * @param source where the last fact comes from
 */
public record Negotiation(
    String negotiation,
    String title,
    List<Member> parties,
    @Nullable String predecessor,
    List<Spelling> aliases,
    long sequence,
    long version,
    @Nullable Cited source) {

  /** A party and its role. */
  public record Member(String party, String name, PartyRole role) {}

  /** Other spellings of what an id names; no id: of the negotiation. */
  public record Spelling(@Nullable String id, List<String> names) {}
}
