package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.PUTIN;
import static io.parley.announcement.domain.Facts.during;
import static io.parley.announcement.domain.Facts.publish;
import static io.parley.announcement.domain.Facts.published;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.Actor;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementReinstated;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.CorrectAnnouncement;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.announcement.HoldAnnouncement;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.ReinstateAnnouncement;
import io.parley.schemas.announcement.RetractAnnouncement;
import io.parley.schemas.announcement.SetEmbargo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncementDeciderTest {
  private static final AnnouncementKind STATEMENT = AnnouncementKind.STATEMENT;
  private static final AnnouncementKind NON_MENTION = AnnouncementKind.NON_MENTION;

  // Publishing

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NON_MENTION", "UNRECOGNIZED"})
  void whatWasSaidIsPublished(AnnouncementKind kind) {
    story().when(publish("a", kind)).then(published("a", kind));
  }

  @Test
  void anAnnouncementIsPublishedOnceWhateverBecameOfIt() {
    var story = story().given(published("a", STATEMENT));
    story.when(publish("a", STATEMENT)).thenRejected("ANNOUNCEMENT_EXISTS", 21, "a");
    story.given(held("a")).when(publish("a", STATEMENT)).thenRejected("ANNOUNCEMENT_EXISTS", 21);
    story
        .given(retracted("a"))
        .when(publish("a", STATEMENT))
        .thenRejected("ANNOUNCEMENT_EXISTS", 21);
  }

  @Test
  void anAnswerNeedsWhatItAnswers() {
    var story = story().given(published("question", STATEMENT));
    story
        .when(publish("a", AnnouncementKind.RESPONSE).inReplyTo("question"))
        .then(published("a", AnnouncementKind.RESPONSE).inReplyTo("question"));
    story
        .when(publish("a", AnnouncementKind.RESPONSE).inReplyTo("nothing"))
        .thenUnknown("ANNOUNCEMENT_NOT_FOUND", "nothing");
  }

  @ParameterizedTest
  @CsvSource({
    "announcement:x, ANNOUNCEMENT_NOT_FOUND",
    "proposal:x, PROPOSAL_NOT_FOUND",
    "claim:x, CLAIM_NOT_FOUND",
    "draft:x, DRAFT_NOT_FOUND",
    "meeting:x, MEETING_NOT_FOUND"
  })
  void whatItIsAboutMustBeOnRecordWhereParleyKeepsTheKind(String reference, String code) {
    var story = story().given(published("a", STATEMENT));
    story.when(publish("b", STATEMENT).about(List.of(reference))).thenUnknown(code, reference);
    story.when(correct("a", 1).about(List.of(reference))).thenUnknown(code, reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "announcement:x",
        "proposal:x",
        "claim:x",
        "draft:x",
        "meeting:opening",
        "topic:any",
        "person:any"
      })
  void whatItIsAboutIsTakenWhereItIsOnRecordOrOfAFreeKind(String reference) {
    story()
        .given(
            published("x", STATEMENT),
            new ProposalMade().proposal("x").by(PUTIN).topic("talks"),
            new ClaimRecorded().claim("x").kind(ClaimKind.FACTUAL),
            new DraftRecorded().draft("x"))
        .when(publish("b", STATEMENT).about(List.of(reference)))
        .then(published("b", STATEMENT).about(List.of(reference)));
  }

  // Not mentioned

  @Test
  void rule25_aNonMentionNeedsADocumentOrAPeriod() {
    var story =
        story().given(new ProposalMade().proposal("talks-in-istanbul").by(PUTIN).topic("talks"));
    story.when(publish("a", NON_MENTION)).thenRejected("NON_MENTION_UNBOUNDED", 25, "a");
    story
        .when(publish("a", NON_MENTION).about(List.of("topic:ceasefire", "meeting:opening")))
        .thenRejected("NON_MENTION_UNBOUNDED", 25, "a");
    story
        .when(
            publish("a", NON_MENTION)
                .about(List.of("topic:ceasefire", "proposal:talks-in-istanbul")))
        .then(
            published("a", NON_MENTION)
                .about(List.of("topic:ceasefire", "proposal:talks-in-istanbul")));
    story
        .when(publish("a", NON_MENTION).period(during("2025-05-01/2025-05-10")))
        .then(published("a", NON_MENTION).period(during("2025-05-01/2025-05-10")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-05",
        "2022-21",
        "2025-05-01/2025-05-07~",
        "[2025-05-10,2025-05-11]",
        "[2025-05-10..2025-05-12]"
      })
  void rule25_aPeriodWithBothEndsBoundsANonMention(String edtf) {
    story()
        .when(publish("a", NON_MENTION).period(during(edtf)))
        .then(published("a", NON_MENTION).period(during(edtf)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2025-01~/..", "../2025-05", "2025-05/", "/2025-05", "[..2025-05]", "[2025-05..]"})
  void rule25_aPeriodWithAnOpenEndDoesNot(String edtf) {
    story()
        .when(publish("a", NON_MENTION).period(during(edtf)))
        .thenRejected("NON_MENTION_UNBOUNDED", 25, "a");
  }

  @Test
  void rule25_aCorrectionDoesNotTakeTheBoundsAway() {
    var story = story().given(published("a", NON_MENTION).about(List.of("document:report")));
    story
        .when(correct("a", 1).about(List.of("topic:ceasefire")))
        .thenRejected("NON_MENTION_UNBOUNDED", 25, "a");
    story
        .when(correct("a", 1).about(List.of()).period(during("2025-05")))
        .then(corrected("a", 1).about(List.of()).period(during("2025-05")))
        .recorded()
        .when(correct("a", 2).period(during("2025-05/..")))
        .thenRejected("NON_MENTION_UNBOUNDED", 25, "a");
  }

  // Corrections

  static Stream<CorrectAnnouncement> rule21_anyFieldCanBeCorrected() {
    return Stream.of(
        correct("a", 1).text("right"),
        correct("a", 1).topics(List.of()),
        correct("a", 1).language("ru"),
        correct("a", 1).speaker(new Actor().id("dmitry-peskov")),
        correct("a", 1).onBehalfOf(new Actor().id("ru")),
        correct("a", 1).about(List.of()),
        correct("a", 1).period(during("2025")));
  }

  @ParameterizedTest
  @MethodSource
  void rule21_anyFieldCanBeCorrected(CorrectAnnouncement command) {
    story()
        .given(published("a", STATEMENT))
        .when(command)
        .then(AnnouncementCorrected.from(command));
  }

  @Test
  void rule21_aCorrectionOfACorrectionExtendsTheChain() {
    story()
        .given(published("a", STATEMENT))
        .when(correct("a", 1).text("right"))
        .recorded()
        .when(correct("a", 2).text("more right"))
        .then(corrected("a", 2).text("more right"));
  }

  @Test
  void rule21_aCorrectionOfAnOlderVersionIsRefusedAndNamesTheNewest() {
    var story = story().given(published("a", STATEMENT), corrected("a", 1).text("right"));
    story
        .when(correct("a", 1).text("late"))
        .thenRejected("CORRECTS_OLD_VERSION", 21, "a is 2, not 1");
    story
        .when(correct("a", 3).text("early"))
        .thenRejected("CORRECTS_OLD_VERSION", 21, "a is 2, not 3");
  }

  @Test
  void rule21_everyEventIsAVersion() {
    story()
        .given(
            published("a", STATEMENT),
            held("a"),
            corrected("a", 2).text("right"),
            retracted("a"),
            reinstated("a"),
            retracted("a"),
            reinstated("a"),
            corrected("a", 7).text("right"),
            held("a"),
            reinstated("a"))
        .when(correct("a", 1).text("late"))
        .thenRejected("CORRECTS_OLD_VERSION", 21, "a is 10, not 1");
  }

  @Test
  void rule21_aCorrectionCorrectsSomething() {
    story()
        .given(published("a", STATEMENT))
        .when(correct("a", 1))
        .thenRejected("NOTHING_TO_CORRECT", 21, "a");
  }

  @Test
  void rule21_aRetractedOneIsReinstatedBeforeItIsCorrected() {
    story()
        .given(published("a", STATEMENT), retracted("a"))
        .when(correct("a", 2).text("right"))
        .thenRejected("ANNOUNCEMENT_RETRACTED", 21, "a", "reinstate")
        .when(new ReinstateAnnouncement().announcement("a").reason("it was said"))
        .then(reinstated("a"))
        .recorded()
        .when(correct("a", 3).text("right"))
        .then(corrected("a", 3).text("right"));
  }

  // Held, retracted, put back

  @Test
  void aPublishedOrCorrectedOneIsHeldOnce() {
    story()
        .given(published("a", STATEMENT))
        .when(hold("a"))
        .then(held("a"))
        .recorded()
        .when(hold("a"))
        .thenRejected("ALREADY_HELD", 22, "a");
    story()
        .given(published("a", STATEMENT), corrected("a", 1).text("right"))
        .when(hold("a"))
        .then(held("a"));
  }

  @Test
  void aHeldOneIsCorrectedAndStaysHeldUntilItIsReinstated() {
    story()
        .given(published("a", STATEMENT), held("a"))
        .when(correct("a", 2).text("right"))
        .then(corrected("a", 2).text("right"))
        .recorded()
        .when(hold("a"))
        .thenRejected("ALREADY_HELD", 22)
        .when(reinstate("a"))
        .then(reinstated("a"))
        .recorded()
        .when(hold("a"))
        .then(held("a"));
  }

  @Test
  void rule22_aPublishedCorrectedOrHeldOneIsRetracted() {
    var story = story().given(published("a", STATEMENT));
    story.when(retract("a")).then(retracted("a"));
    story.given(corrected("a", 1).text("right")).when(retract("a")).then(retracted("a"));
    story.given(held("a")).when(retract("a")).then(retracted("a"));
  }

  @Test
  void rule22_aRetractedOneIsNeitherRetractedNorHeld() {
    var story = story().given(published("a", STATEMENT), retracted("a"));
    story.when(retract("a")).thenRejected("ANNOUNCEMENT_RETRACTED", 22, "a");
    story.when(hold("a")).thenRejected("ANNOUNCEMENT_RETRACTED", 22, "a");
  }

  @Test
  void oneThatStandsIsNotReinstated() {
    var story = story().given(published("a", STATEMENT));
    story.when(reinstate("a")).thenRejected("NOTHING_TO_REINSTATE", 21, "a");
    story
        .given(corrected("a", 1).text("right"))
        .when(reinstate("a"))
        .thenRejected("NOTHING_TO_REINSTATE", 21, "a");
  }

  @Test
  void anAnnouncementThatIsNotOnRecordIsNotFound() {
    var story = story();
    story.when(hold("a")).thenUnknown("ANNOUNCEMENT_NOT_FOUND", "a");
    story.when(correct("a", 1).text("right")).thenUnknown("ANNOUNCEMENT_NOT_FOUND", "a");
    story.when(retract("a")).thenUnknown("ANNOUNCEMENT_NOT_FOUND", "a");
    story.when(reinstate("a")).thenUnknown("ANNOUNCEMENT_NOT_FOUND", "a");
  }

  // Embargoes

  @Test
  void rule23_whatIsPublicTakesNoEmbargo() {
    var move = new SetEmbargo().announcement("a").until("2025-05-15T10:00:00Z");
    var embargoed = publish("a", STATEMENT).embargoUntil("2025-05-15T10:00:00Z");
    var story = story();
    story.when(move).thenUnknown("ANNOUNCEMENT_NOT_FOUND", "a");
    for (var event : List.of(published("a", STATEMENT), held("a"), retracted("a"))) {
      story.given(event);
      story.when(move).thenRejected("NOT_UNDER_EMBARGO", 23, "a");
      story.when(embargoed).thenRejected("ANNOUNCEMENT_EXISTS", 21, "a");
    }
  }

  @Test
  void anEventThatIsImpossibleStopsTheFold() {
    var first = published("a", STATEMENT);
    assertThatIllegalStateException().isThrownBy(() -> story().given(held("a")));
    assertThatIllegalStateException().isThrownBy(() -> story().given(first, first));
    assertThatIllegalStateException().isThrownBy(() -> story().given(first, reinstated("a")));
    assertThatIllegalStateException()
        .isThrownBy(() -> story().given(first, new EmbargoSet().announcement("a")));
    assertThatIllegalStateException().isThrownBy(() -> story().given(first, held("a"), held("a")));
    assertThatIllegalStateException()
        .isThrownBy(() -> story().given(first, retracted("a"), corrected("a", 2)));
  }

  private static CorrectAnnouncement correct(String id, long version) {
    return new CorrectAnnouncement().announcement(id).note("misheard").corrects(version);
  }

  private static AnnouncementCorrected corrected(String id, long version) {
    return AnnouncementCorrected.from(correct(id, version));
  }

  private static HoldAnnouncement hold(String id) {
    return new HoldAnnouncement().announcement(id).reason("unsure");
  }

  private static AnnouncementHeld held(String id) {
    return AnnouncementHeld.from(hold(id));
  }

  private static RetractAnnouncement retract(String id) {
    return new RetractAnnouncement().announcement(id).reason("never said");
  }

  private static AnnouncementRetracted retracted(String id) {
    return AnnouncementRetracted.from(retract(id));
  }

  private static ReinstateAnnouncement reinstate(String id) {
    return new ReinstateAnnouncement().announcement(id).reason("it was said");
  }

  private static AnnouncementReinstated reinstated(String id) {
    return AnnouncementReinstated.from(reinstate(id));
  }
}
