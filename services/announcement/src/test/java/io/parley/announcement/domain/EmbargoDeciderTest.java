package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.publish;
import static io.parley.announcement.domain.Facts.published;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.journal.Decision;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Source;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.announcement.CorrectAnnouncement;
import io.parley.schemas.announcement.EmbargoEnded;
import io.parley.schemas.announcement.EmbargoSet;
import io.parley.schemas.announcement.HoldAnnouncement;
import io.parley.schemas.announcement.PublishAnnouncement;
import io.parley.schemas.announcement.ReinstateAnnouncement;
import io.parley.schemas.announcement.RetractAnnouncement;
import io.parley.schemas.announcement.SetEmbargo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbargoDeciderTest {
  private static final String UNTIL = "2025-05-16T06:00:00Z";
  private static final String LATER = "2025-05-17T06:00:00Z";

  @Test
  void rule32_anEmbargoedAnnouncementBeginsARestrictedRecord() {
    story().when(embargo("a")).thenRestricted(embargoed("a", null));
  }

  @Test
  void rule23_itIsThePartysWhoseIdsItsIdIsOneOf() {
    story().when(embargo("ru-a")).thenRestricted(embargoed("ru-a", "ru"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-05-15T08:59:59Z", "2025-05-15T09:00:00Z"})
  void rule23_anEmbargoEndsInTheFuture(String past) {
    story()
        .when(publish("a", AnnouncementKind.STATEMENT).embargoUntil(past))
        .thenRejected("EMBARGO_IN_THE_PAST", 23, past);
    under("a").when(move("a", past)).thenRejected("EMBARGO_IN_THE_PAST", 23, past);
  }

  @Test
  void underEmbargoTheRulesOfPublishingHold() {
    story()
        .when(embargo("a").inReplyTo("nothing"))
        .thenUnknown("ANNOUNCEMENT_NOT_FOUND", "nothing");
    story()
        .when(publish("a", AnnouncementKind.NON_MENTION).embargoUntil(UNTIL))
        .thenRejected("NON_MENTION_UNBOUNDED", 25);
  }

  @Test
  void rule23_theEmbargoIsMoved() {
    under("a").when(move("a", LATER)).thenRestricted(moved("a", LATER));
    under("a").when(move("a", UNTIL)).thenUnchanged();
    under("a").when(move("a", "2025-05-16T09:00:00+03:00")).thenUnchanged();
  }

  @Test
  void rule23_aCorrectionInheritsTheEmbargo() {
    var corrected = AnnouncementCorrected.from(correct("a", 1, "right"));
    under("a").when(correct("a", 1, "right")).thenRestricted(corrected);
    under("a").when(correct("a", 2, "right")).thenRejected("CORRECTS_OLD_VERSION", 21, "1");
    under("a")
        .givenRestricted(corrected)
        .when(correct("a", 2, "righter"))
        .thenRestricted(AnnouncementCorrected.from(correct("a", 2, "righter")));
  }

  @Test
  void rule32_whatIsReleasedIsWhatItSaysThenAndNothingTellsOfTheEmbargo() {
    under("a")
        .whenDue("announcement:a")
        .thenReleased(ended("a", UNTIL), open("a", "What was said."));
    under("ru-a", "ru")
        .givenRestricted(AnnouncementCorrected.from(correct("ru-a", 1, "right")))
        .givenRestricted(moved("ru-a", LATER))
        .whenDue("announcement:ru-a")
        .thenReleased(ended("ru-a", LATER), open("ru-a", "right"));
  }

  @Test
  void rule30_whatIsReleasedNamesWhoRecordedItAndFromWhere() {
    Source source = new Source().url("https://example.org/embargoed");
    var item = embargoed("a", null);
    item.header(
        new EventHeader()
            .negotiation(Story.NEGOTIATION)
            .author("an editor")
            .commandId("command")
            .causationId("cause")
            .correlationId("correlation")
            .source(source));
    var story = story().givenRestricted(item).whenDue("announcement:a");
    for (Event event :
        List.of(only(story).events().getFirst(), only(story).restricted().getFirst())) {
      assertThat(event.header().author()).isEqualTo("an editor");
      assertThat(event.header().commandId()).isEqualTo("command");
      assertThat(event.header().causationId()).isEqualTo("cause");
      assertThat(event.header().correlationId()).isEqualTo("correlation");
      assertThat(event.header().source()).isEqualTo(source);
    }
  }

  @Test
  void rule23_retractedUnderEmbargoItIsNeverReleased() {
    var retract = new RetractAnnouncement().announcement("a").reason("not so");
    var retracted = AnnouncementRetracted.from(retract);
    under("a").when(retract).thenRestricted(retracted);
    var story = under("a").givenRestricted(retracted);
    assertThatIllegalStateException().isThrownBy(() -> story.whenDue("announcement:a"));
    story.when(embargo("a")).thenRejected("ANNOUNCEMENT_EXISTS", 21);
    story.when(move("a", LATER)).thenRejected("RELEASE_CANCELLED", 23);
    story
        .when(new ReinstateAnnouncement().announcement("a").reason("so after all"))
        .thenRejected("RELEASE_CANCELLED", 23);
    story.when(correct("a", 2, "right")).thenRejected("ANNOUNCEMENT_RETRACTED", 21);
  }

  @Test
  void underEmbargoNothingIsHeldNorPublishedAgain() {
    under("a")
        .when(new HoldAnnouncement().announcement("a").reason("unsure"))
        .thenRejected("UNDER_EMBARGO", 23, "a");
    under("a")
        .when(publish("a", AnnouncementKind.STATEMENT))
        .thenRejected("ANNOUNCEMENT_EXISTS", 21, "a");
  }

  @Test
  void rule23_nothingOpenRefersToWhatIsUnderEmbargo() {
    var asIfThereWereNone =
        story().when(publish("b", AnnouncementKind.RESPONSE).inReplyTo("a")).decision();
    var story = under("a").when(publish("b", AnnouncementKind.RESPONSE).inReplyTo("a"));
    assertThat(story.decision()).isEqualTo(asIfThereWereNone).isInstanceOf(Decision.Unknown.class);
  }

  @Test
  void onceReleasedItsRecordIsTheOpenOne() {
    var story = under("a").whenDue("announcement:a").recorded();
    story.when(move("a", LATER)).thenRejected("NOT_UNDER_EMBARGO", 23, "a");
    story.when(correct("a", 1, "right")).then(AnnouncementCorrected.from(correct("a", 1, "right")));
    assertThatIllegalStateException().isThrownBy(() -> story.whenDue("announcement:a"));
  }

  private static Decision.Accepted only(Story story) {
    return (Decision.Accepted) story.decision();
  }

  private static Story under(String id) {
    return under(id, null);
  }

  private static Story under(String id, @org.jspecify.annotations.Nullable String issuer) {
    return story().givenRestricted(embargoed(id, issuer));
  }

  private static PublishAnnouncement embargo(String id) {
    return publish(id, AnnouncementKind.STATEMENT).embargoUntil(UNTIL);
  }

  private static AnnouncementPublished embargoed(
      String id, @org.jspecify.annotations.Nullable String issuer) {
    return published(id, AnnouncementKind.STATEMENT).dueAt(UNTIL).issuer(issuer);
  }

  private static AnnouncementPublished open(String id, String text) {
    return published(id, AnnouncementKind.STATEMENT).text(text);
  }

  private static SetEmbargo move(String id, String until) {
    return new SetEmbargo().announcement(id).until(until);
  }

  private static EmbargoSet moved(String id, String until) {
    return EmbargoSet.from(move(id, until));
  }

  private static EmbargoEnded ended(String id, String dueAt) {
    return new EmbargoEnded().announcement(id).dueAt(dueAt);
  }

  private static CorrectAnnouncement correct(String id, long version, String text) {
    return new CorrectAnnouncement().announcement(id).text(text).note("misheard").corrects(version);
  }
}
