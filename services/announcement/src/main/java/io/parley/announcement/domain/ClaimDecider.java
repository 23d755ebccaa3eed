package io.parley.announcement.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.announcement.Announcement.ClaimCommand;
import io.parley.schemas.announcement.Announcement.ClaimEvent;
import io.parley.schemas.announcement.ClaimContested;
import io.parley.schemas.announcement.ClaimCorroborated;
import io.parley.schemas.announcement.ClaimRanked;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.ContestClaim;
import io.parley.schemas.announcement.CorroborateClaim;
import io.parley.schemas.announcement.Rank;
import io.parley.schemas.announcement.RankClaim;
import io.parley.schemas.announcement.RecordClaim;
import org.jspecify.annotations.Nullable;

/**
 * A statement about the world ({@code claim:ID}), who says the same, who says otherwise, and how an
 * editor ranks it (rule 28). Every voice is an event, also one that was heard before.
 */
public final class ClaimDecider implements Decider<ClaimDecider.State, ClaimCommand, ClaimEvent> {

  /** Where a claim stands. */
  public sealed interface State {}

  /** Nobody recorded it. */
  public record None() implements State {}

  /**
   * It is on record.
   *
   * @param rank how it was last ranked; null while it was not
   * @param reason why so; null while it was not
   * @param keys what filters match in it; who spoke for or against it is no version of it
   */
  public record Recorded(@Nullable Rank rank, @Nullable String reason, FilterKeys keys)
      implements State {}

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public Decision decide(State state, ClaimCommand command, References references) {
    return switch (state) {
      case None _ ->
          switch (command) {
            case RecordClaim c ->
                About.missing(c.about(), references)
                    .orElseGet(() -> Decision.accept(ClaimRecorded.from(c)));
            case CorroborateClaim c -> notFound(c.claim());
            case ContestClaim c -> notFound(c.claim());
            case RankClaim c -> notFound(c.claim());
          };
      case Recorded claim ->
          switch (command) {
            case RecordClaim c ->
                Decision.reject(
                    "CLAIM_EXISTS",
                    26,
                    "claim %s is on record: corroborate it, or choose another id"
                        .formatted(c.claim()));
            case CorroborateClaim c ->
                Decision.accept(
                    ClaimCorroborated.from(c).keys(Keys.both(claim.keys(), Keys.of(c.by()))));
            case ContestClaim c ->
                Decision.accept(
                    ClaimContested.from(c).keys(Keys.both(claim.keys(), Keys.of(c.by()))));
            case RankClaim c -> rank(claim, c);
          };
    };
  }

  @Override
  public State evolve(State state, ClaimEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case ClaimRecorded e -> new Recorded(null, null, Keys.of(e));
            case ClaimCorroborated _, ClaimContested _, ClaimRanked _ ->
                throw new IllegalStateException(event.type() + " before ClaimRecorded");
          };
      case Recorded claim ->
          switch (event) {
            case ClaimCorroborated _, ClaimContested _ -> claim;
            case ClaimRanked e -> new Recorded(e.rank(), e.reason(), claim.keys());
            case ClaimRecorded _ -> throw new IllegalStateException("ClaimRecorded twice");
          };
    };
  }

  /** The same rank for the same reason says nothing new; for another reason it does. */
  private static Decision rank(Recorded claim, RankClaim c) {
    return c.rank() == claim.rank() && c.reason().equals(claim.reason())
        ? Decision.unchanged()
        : Decision.accept(ClaimRanked.from(c).keys(claim.keys()));
  }

  private static Decision notFound(String claim) {
    return Decision.unknown("CLAIM_NOT_FOUND", "there is no claim " + claim);
  }
}
