package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.PUTIN;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.announcement.ClaimContested;
import io.parley.schemas.announcement.ClaimCorroborated;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ClaimRanked;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.ContestClaim;
import io.parley.schemas.announcement.CorroborateClaim;
import io.parley.schemas.announcement.Rank;
import io.parley.schemas.announcement.RankClaim;
import io.parley.schemas.announcement.RecordClaim;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimDeciderTest {
  private static final CorroborateClaim CORROBORATE = new CorroborateClaim().claim("c").by(PUTIN);
  private static final ContestClaim CONTEST = new ContestClaim().claim("c").text("not so");

  @Test
  void aClaimIsRecordedOnce() {
    story()
        .when(claim())
        .then(ClaimRecorded.from(claim()))
        .recorded()
        .when(claim())
        .thenRejected("CLAIM_EXISTS", 26, "c");
  }

  @Test
  void whatItIsAboutMustBeOnRecord() {
    var story = story();
    story
        .when(claim().about(List.of("topic:war", "draft:x")))
        .thenUnknown("DRAFT_NOT_FOUND", "draft:x");
    story
        .when(claim().about(List.of("meeting:opening")))
        .then(ClaimRecorded.from(claim().about(List.of("meeting:opening"))));
  }

  @Test
  void everyVoiceForAndAgainstIsRecorded() {
    story()
        .given(ClaimRecorded.from(claim()))
        .when(CORROBORATE)
        .then(ClaimCorroborated.from(CORROBORATE))
        .recorded()
        .when(CORROBORATE)
        .then(ClaimCorroborated.from(CORROBORATE))
        .when(CONTEST)
        .then(ClaimContested.from(CONTEST))
        .recorded()
        .when(CONTEST)
        .then(ClaimContested.from(CONTEST));
  }

  @Test
  void rule28_rankingIsAnEvent() {
    story()
        .given(ClaimRecorded.from(claim()))
        .when(rank(Rank.NORMAL, "first look"))
        .then(ClaimRanked.from(rank(Rank.NORMAL, "first look")))
        .recorded()
        .when(rank(Rank.PREFERRED, "first look"))
        .then(ClaimRanked.from(rank(Rank.PREFERRED, "first look")))
        .when(rank(Rank.NORMAL, "second look"))
        .then(ClaimRanked.from(rank(Rank.NORMAL, "second look")));
  }

  @Test
  void rule28_theSameRankForTheSameReasonChangesNothing() {
    story()
        .given(ClaimRecorded.from(claim()), ClaimRanked.from(rank(Rank.DEPRECATED, "refuted")))
        .when(rank(Rank.DEPRECATED, "refuted"))
        .thenUnchanged();
  }

  @Test
  void aClaimThatNobodyRecordedIsNotFound() {
    var story = story();
    story.when(CORROBORATE).thenUnknown("CLAIM_NOT_FOUND", "c");
    story.when(CONTEST).thenUnknown("CLAIM_NOT_FOUND", "c");
    story.when(rank(Rank.NORMAL, "first look")).thenUnknown("CLAIM_NOT_FOUND", "c");
  }

  @Test
  void anEventThatIsImpossibleStopsTheFold() {
    var recorded = ClaimRecorded.from(claim());
    assertThatIllegalStateException().isThrownBy(() -> story().given(ClaimContested.from(CONTEST)));
    assertThatIllegalStateException().isThrownBy(() -> story().given(recorded, recorded));
  }

  private static RecordClaim claim() {
    return new RecordClaim().claim("c").kind(ClaimKind.FRAMING).text("It is a continuation.");
  }

  private static RankClaim rank(Rank rank, String reason) {
    return new RankClaim().claim("c").rank(rank).reason(reason);
  }
}
