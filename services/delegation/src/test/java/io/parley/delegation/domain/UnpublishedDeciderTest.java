package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.FOMIN;
import static io.parley.delegation.domain.Facts.MEDINSKY;
import static io.parley.delegation.domain.Facts.UMEROV;
import static io.parley.delegation.domain.Facts.composed;
import static io.parley.delegation.domain.Facts.headed;
import static io.parley.delegation.domain.Facts.joined;
import static io.parley.delegation.domain.Facts.member;
import static io.parley.delegation.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.journal.Decision;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Source;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.delegation.AppointHead;
import io.parley.schemas.delegation.AppointMember;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.CompleteRoster;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.DelegationPublished;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.MemberWithdrawn;
import io.parley.schemas.delegation.PublishDelegation;
import io.parley.schemas.delegation.ReplaceHead;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.RosterCompleted;
import io.parley.schemas.delegation.TransferMember;
import io.parley.schemas.delegation.WithdrawMember;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnpublishedDeciderTest {

  @Test
  void rule32_anUnpublishedRosterBeginsARestrictedRecord() {
    story().when(compose("ru").head(MEDINSKY)).thenRestricted(unpublished("ru").head(MEDINSKY));
  }

  @Test
  void rule5_itChangesByTheRulesOfAnyDelegation() {
    var story = story().givenRestricted(unpublished("ru").head(MEDINSKY));
    story
        .when(new AppointHead().party("ru").person(FOMIN))
        .thenRejected("HEAD_ALREADY_APPOINTED", 5, "Medinsky");
    story.when(new ReplaceHead().party("ru").person(FOMIN)).thenRestricted(replaced("ru"));
    story
        .when(new AppointMember().party("ru").person(FOMIN).capacity(Capacity.EXPERT))
        .thenRestricted(joined("ru", FOMIN, Capacity.EXPERT));
    story.when(new WithdrawMember().party("ru").person(FOMIN)).thenRejected("NOT_A_MEMBER", 7);
    story.when(new CompleteRoster().party("ru")).thenRestricted(new RosterCompleted().party("ru"));
    story.when(compose("ru")).thenRejected("DELEGATION_EXISTS", 5);
    story.when(compose("ru").published(true)).thenRejected("DELEGATION_EXISTS", 5);
  }

  @Test
  void rule32_announcedItIsComposedAsItStandsThen() {
    story()
        .givenRestricted(
            unpublished("ru").head(MEDINSKY).members(List.of(member(UMEROV, Capacity.EXPERT))),
            replaced("ru"),
            joined("ru", UMEROV, Capacity.ADVISER),
            new RosterCompleted().party("ru"))
        .when(new PublishDelegation().party("ru"))
        .thenReleased(
            new DelegationPublished().party("ru"),
            composed("ru")
                .head(FOMIN)
                .members(
                    List.of(member(MEDINSKY, Capacity.MEMBER), member(UMEROV, Capacity.ADVISER)))
                .roster(Roster.COMPLETE));
    story()
        .givenRestricted(
            unpublished("ru").head(MEDINSKY), new MemberWithdrawn().party("ru").person(MEDINSKY))
        .when(new PublishDelegation().party("ru"))
        .thenReleased(new DelegationPublished().party("ru"), composed("ru"));
    story()
        .givenRestricted(unpublished("ru"), headed("ru", FOMIN))
        .when(new PublishDelegation().party("ru"))
        .thenReleased(new DelegationPublished().party("ru"), composed("ru").head(FOMIN));
  }

  @Test
  void rule32_announcedWithoutASourceItHasTheOneThatItWasRecordedWith() {
    Source source = new Source().url("https://example.org/roster");
    var roster = unpublished("ru");
    roster.header(new EventHeader().negotiation(Story.NEGOTIATION).source(source));
    var story = story().givenRestricted(roster).when(new PublishDelegation().party("ru"));
    assertThat(((Decision.Accepted) story.decision()).events().getFirst().header().source())
        .isEqualTo(source);
    // An announcement of its own is the better source, and the journal puts it in.
    story.whenSourced(new PublishDelegation().party("ru"));
    assertThat(((Decision.Accepted) story.decision()).events().getFirst().header().source())
        .isNull();
  }

  @Test
  void rule31_anotherPartyLearnsNothingFromARefusal() {
    var story = story().given(composed("ua")).givenRestricted(unpublished("ru").head(FOMIN));
    story.when(new AppointHead().party("ua").person(FOMIN)).then(headed("ua", FOMIN));
    story
        .when(new TransferMember().person(UMEROV).from("ua").to("ru"))
        .thenRejected("NOT_A_MEMBER", 7);
    var hidden = story.given(joined("ua", UMEROV, Capacity.EXPERT));
    hidden
        .when(new TransferMember().person(UMEROV).from("ua").to("ru"))
        .thenUnknown("DELEGATION_NOT_FOUND", "ru");
    hidden
        .when(new TransferMember().person(FOMIN).from("ru").to("ua"))
        .thenRejected("ROSTER_NOT_PUBLISHED", 31);
  }

  @Test
  void rule6_whoRepresentsTheOtherSideMeanwhileStopsTheAnnouncement() {
    story()
        .givenRestricted(unpublished("ru").head(FOMIN))
        .given(composed("ua").head(FOMIN))
        .when(new PublishDelegation().party("ru"))
        .thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6, "ua");
    story()
        .givenRestricted(unpublished("ru").basis("decree"))
        .given(new AnnouncementRetracted().announcement("decree"))
        .when(new PublishDelegation().party("ru"))
        .thenRejected("BASIS_RETRACTED", 22);
  }

  @Test
  void onceAnnouncedItsRecordIsTheOpenOne() {
    var story =
        story()
            .givenRestricted(unpublished("ru"))
            .when(new PublishDelegation().party("ru"))
            .recorded();
    story.when(new PublishDelegation().party("ru")).thenRejected("ALREADY_PUBLISHED", 31);
    story.when(new AppointHead().party("ru").person(FOMIN)).then(headed("ru", FOMIN));
    assertThatIllegalStateException().isThrownBy(() -> story.givenRestricted(headed("ru", FOMIN)));
  }

  private static ComposeDelegation compose(String party) {
    return new ComposeDelegation().party(party).roster(Roster.PARTIAL).published(false);
  }

  private static DelegationComposed unpublished(String party) {
    return composed(party).published(false);
  }

  private static HeadReplaced replaced(String party) {
    return new HeadReplaced()
        .party(party)
        .person(FOMIN)
        .previous(new io.parley.schemas.Person().id(MEDINSKY.id()).name(MEDINSKY.name()));
  }
}
