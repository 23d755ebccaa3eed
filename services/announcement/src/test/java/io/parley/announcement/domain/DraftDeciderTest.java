package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.announcement.AgreementRatified;
import io.parley.schemas.announcement.DiscloseDraft;
import io.parley.schemas.announcement.DraftDisclosed;
import io.parley.schemas.announcement.DraftInitialled;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.DraftSigned;
import io.parley.schemas.announcement.InitialDraft;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.announcement.RatifyAgreement;
import io.parley.schemas.announcement.RecordDraft;
import io.parley.schemas.announcement.SignDraft;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DraftDeciderTest {
  private static final DiscloseDraft DISCLOSE = new DiscloseDraft().draft("d");

  // The text

  @Test
  void aTextIsRecordedOnceWithItsProvisions() {
    RecordDraft command =
        draft(
            provision("neutrality"),
            provision("guarantees", "neutrality", "limits"),
            provision("limits"));
    story()
        .when(command)
        .then(DraftRecorded.from(command))
        .recorded()
        .when(command)
        .thenRejected("DRAFT_EXISTS", 26, "d");
  }

  @Test
  void aProvisionIsNamedOnce() {
    story()
        .when(draft(provision("neutrality"), provision("neutrality")))
        .thenRejected("PROVISION_NAMED_TWICE", 24, "neutrality");
  }

  @Test
  void aProvisionIsInExchangeForOthersOfTheSameText() {
    var story = story();
    story
        .when(draft(provision("guarantees", "neutrality")))
        .thenRejected("EXCHANGED_FOR_NOTHING", 24, "guarantees", "neutrality");
    story
        .when(draft(provision("guarantees", "guarantees")))
        .thenRejected("EXCHANGED_FOR_NOTHING", 24, "guarantees");
  }

  @Test
  void aTextIsDisclosedOnceAtAnyStage() {
    story()
        .given(recorded(), signed("ru"))
        .when(DISCLOSE)
        .then(DraftDisclosed.from(DISCLOSE))
        .recorded()
        .when(DISCLOSE)
        .thenUnchanged();
  }

  // Who signs

  @Test
  void rule24_everyPrincipalInitialsAndSignsATextThatNamesNoParties() {
    var story = story().given(recorded());
    for (String party : List.of("ru", "ua")) {
      story
          .when(initial(party))
          .then(initialled(party))
          .recorded()
          .when(initial(party))
          .thenUnchanged();
      story.when(sign(party)).then(signed(party)).recorded().when(sign(party)).thenUnchanged();
    }
  }

  @Test
  void rule24_anObserverDoesNotSignATextThatNamesNoParties() {
    var story = story().given(recorded());
    story.when(sign("us")).thenRejected("NOT_A_SIGNATORY", 24, "us", "ru, ua");
    story.when(initial("us")).thenRejected("NOT_A_SIGNATORY", 24, "us", "ru, ua");
  }

  @Test
  void rule24_thePartiesThatATextNamesSignIt() {
    var story = story().given(recorded("ua", "us"));
    story.when(sign("us")).then(signed("us"));
    story.when(initial("us")).then(initialled("us"));
    story.when(sign("ru")).thenRejected("NOT_A_SIGNATORY", 24, "ru", "ua, us");
    story.when(initial("ru")).thenRejected("NOT_A_SIGNATORY", 24, "ru", "ua, us");
  }

  @Test
  void rule24_initialsAreNoSignature() {
    story().given(recorded(), initialled("ru")).when(sign("ru")).then(signed("ru"));
  }

  @Test
  void rule24_aRatificationNeedsNoSignatures() {
    story()
        .given(recorded("ua", "us"))
        .when(ratify("ua"))
        .then(ratified("ua"))
        .recorded()
        .when(ratify("ua"))
        .thenUnchanged()
        .when(ratify("us"))
        .then(ratified("us"));
  }

  @Test
  void rule24_aTextBetweenOthersIsNotRatified() {
    story()
        .given(recorded("ua", "us"))
        .when(ratify("ru"))
        .thenRejected("NOT_A_SIGNATORY", 24, "ru", "ua, us");
  }

  @Test
  void rule24_aTextThatNamesNoPartiesIsRatifiedByAnyPartyOfTheNegotiation() {
    story().given(recorded()).when(ratify("us")).then(ratified("us"));
  }

  @Test
  void aTextThatNobodyRecordedIsNotFound() {
    var story = story();
    story.when(DISCLOSE).thenUnknown("DRAFT_NOT_FOUND", "d");
    story.when(initial("ru")).thenUnknown("DRAFT_NOT_FOUND", "d");
    story.when(sign("ru")).thenUnknown("DRAFT_NOT_FOUND", "d");
    story.when(ratify("ru")).thenUnknown("DRAFT_NOT_FOUND", "d");
  }

  @Test
  void anEventThatIsImpossibleStopsTheFold() {
    assertThatIllegalStateException().isThrownBy(() -> story().given(signed("ru")));
    assertThatIllegalStateException().isThrownBy(() -> story().given(recorded(), recorded()));
  }

  private static RecordDraft draft(Provision... provisions) {
    return new RecordDraft().draft("d").title("Treaty").provisions(Arrays.asList(provisions));
  }

  private static DraftRecorded recorded(String... parties) {
    return DraftRecorded.from(draft(provision("neutrality")).parties(Arrays.asList(parties)));
  }

  private static Provision provision(String id, String... inExchangeFor) {
    return new Provision()
        .provision(id)
        .topic("security")
        .text("What is owed.")
        .inExchangeFor(Arrays.asList(inExchangeFor));
  }

  private static InitialDraft initial(String party) {
    return new InitialDraft().draft("d").party(party);
  }

  private static DraftInitialled initialled(String party) {
    return DraftInitialled.from(initial(party));
  }

  private static SignDraft sign(String party) {
    return new SignDraft().draft("d").party(party);
  }

  private static DraftSigned signed(String party) {
    return DraftSigned.from(sign(party));
  }

  private static RatifyAgreement ratify(String party) {
    return new RatifyAgreement().draft("d").party(party);
  }

  private static AgreementRatified ratified(String party) {
    return AgreementRatified.from(ratify(party));
  }
}
