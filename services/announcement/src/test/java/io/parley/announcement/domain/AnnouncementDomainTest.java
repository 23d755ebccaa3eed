package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.publish;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Command;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.AnswerProposal;
import io.parley.schemas.announcement.InitialDraft;
import io.parley.schemas.announcement.RatifyAgreement;
import io.parley.schemas.announcement.RecordDraft;
import io.parley.schemas.announcement.SetEmbargo;
import io.parley.schemas.announcement.SignDraft;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnnouncementDomainTest {

  @Test
  void aNegotiationThatIsNotKnownIsNotFound() {
    new Story(AnnouncementDomain.service())
        .when(publish("a", AnnouncementKind.STATEMENT))
        .thenUnknown("NEGOTIATION_NOT_FOUND", Story.NEGOTIATION);
  }

  @ParameterizedTest
  @MethodSource
  void aPartyThatIsNotOfTheNegotiationIsNotFound(Command command) {
    story().when(command).thenUnknown("PARTY_NOT_FOUND", "fr", Story.NEGOTIATION);
  }

  static Stream<Command> aPartyThatIsNotOfTheNegotiationIsNotFound() {
    return Stream.of(
        new AnswerProposal().proposal("p").party("fr").answer(Answer.ACCEPTED),
        new RecordDraft().draft("d").title("Treaty").parties(List.of("ru", "fr")),
        new InitialDraft().draft("d").party("fr"),
        new SignDraft().draft("d").party("fr"),
        new RatifyAgreement().draft("d").party("fr"));
  }

  @Test
  void aPartyThatWasAddedLaterIsKnown() {
    story()
        .given(new PartyAdded().party("fr").role(PartyRole.OBSERVER))
        .when(new SignDraft().draft("d").party("fr"))
        .thenUnknown("DRAFT_NOT_FOUND", "d");
  }

  @Test
  void rule23_aPartyRecordsUnderItsOwnIdsAlone() {
    var story = story().given(new PartyAdded().party("us-allies").role(PartyRole.OBSERVER));
    assertThat(story.isOwn(publish("ru-a", AnnouncementKind.STATEMENT), "ru")).isTrue();
    assertThat(story.isOwn(publish("ru-a", AnnouncementKind.STATEMENT), "ua")).isFalse();
    assertThat(story.isOwn(publish("ru", AnnouncementKind.STATEMENT), "ru")).isFalse();
    assertThat(story.isOwn(publish("rua", AnnouncementKind.STATEMENT), "ru")).isFalse();
    // The longer id has it: else the shorter one would meet what it may not know of.
    assertThat(story.isOwn(publish("us-allies-a", AnnouncementKind.STATEMENT), "us")).isFalse();
    assertThat(story.isOwn(publish("us-allies-a", AnnouncementKind.STATEMENT), "us-allies"))
        .isTrue();
    assertThat(story.isOwn(new SetEmbargo().announcement("ru-a").until("x"), "ru")).isTrue();
    assertThat(story.isOwn(new SignDraft().draft("ru-a").party("ru"), "ru")).isFalse();
  }

  @Test
  void everyKindOfItsCommandsHasADecider() {
    assertThat(AnnouncementDomain.service().aggregates().keySet())
        .containsExactlyInAnyOrder(
            "announcement", "restricted-announcement", "proposal", "claim", "draft");
  }
}
