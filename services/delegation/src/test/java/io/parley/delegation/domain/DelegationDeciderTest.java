package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.FOMIN;
import static io.parley.delegation.domain.Facts.MEDINSKY;
import static io.parley.delegation.domain.Facts.UMEROV;
import static io.parley.delegation.domain.Facts.composed;
import static io.parley.delegation.domain.Facts.headed;
import static io.parley.delegation.domain.Facts.joined;
import static io.parley.delegation.domain.Facts.member;
import static io.parley.delegation.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.Person;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementReinstated;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.delegation.AppointHead;
import io.parley.schemas.delegation.AppointMember;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.CompleteRoster;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.MemberWithdrawn;
import io.parley.schemas.delegation.PublishDelegation;
import io.parley.schemas.delegation.ReplaceHead;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.RosterCompleted;
import io.parley.schemas.delegation.TransferMember;
import io.parley.schemas.delegation.WithdrawMember;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DelegationDeciderTest {

  // Composing

  @Test
  void aDelegationIsComposedWithItsHeadMembersAndBasis() {
    story()
        .when(
            compose("ru")
                .head(MEDINSKY)
                .members(List.of(member(FOMIN, Capacity.EXPERT)))
                .basis("decree"))
        .then(
            new DelegationComposed()
                .party("ru")
                .head(MEDINSKY)
                .members(List.of(member(FOMIN, Capacity.EXPERT)))
                .roster(Roster.PARTIAL)
                .basis("decree"));
  }

  @Test
  void aDelegationIsComposedOnce() {
    story().given(composed("ru")).when(compose("ru")).thenRejected("DELEGATION_EXISTS", 5, "ru");
  }

  @Test
  void aMemberIsNamedOnce() {
    story()
        .when(
            compose("ru")
                .members(List.of(member(FOMIN, Capacity.EXPERT), member(FOMIN, Capacity.MEMBER))))
        .thenRejected("MEMBER_NAMED_TWICE", 7, "alexander-fomin");
  }

  @Test
  void aBasisThatIsNotKnownIsNotFound() {
    story().when(compose("ru").basis("ukase")).thenUnknown("ANNOUNCEMENT_NOT_FOUND", "ukase");
  }

  @Test
  void rule22_aRetractedBasisIsRefused() {
    story()
        .given(new AnnouncementRetracted().announcement("decree"))
        .when(compose("ru").basis("decree"))
        .thenRejected("BASIS_RETRACTED", 22, "decree");
  }

  @Test
  void rule22_aReinstatedOrHeldBasisWillDo() {
    story()
        .given(
            new AnnouncementRetracted().announcement("decree"),
            new AnnouncementReinstated().announcement("decree"),
            new AnnouncementHeld().announcement("decree"))
        .when(compose("ru").basis("decree"))
        .then(composed("ru").basis("decree"));
  }

  @Test
  void rule31_aPublicDelegationIsNotPublishedAgain() {
    story()
        .given(composed("ru"))
        .when(new PublishDelegation().party("ru"))
        .thenRejected("ALREADY_PUBLISHED", 31, "ru");
  }

  // The head

  @Test
  void rule5_aVacantHeadIsFilled() {
    story().given(composed("ru")).when(appointHead("ru", MEDINSKY)).then(headed("ru", MEDINSKY));
  }

  @Test
  void rule5_aSecondHeadIsRefused() {
    story()
        .given(composed("ru"), headed("ru", MEDINSKY))
        .when(appointHead("ru", FOMIN))
        .thenRejected("HEAD_ALREADY_APPOINTED", 5, "Vladimir Medinsky", "vladimir-medinsky", "ru");
  }

  @Test
  void rule5_aSecondHeadIsRefusedWhereTheFirstWasComposed() {
    story()
        .given(composed("ru").head(MEDINSKY))
        .when(appointHead("ru", FOMIN))
        .thenRejected("HEAD_ALREADY_APPOINTED", 5, "vladimir-medinsky");
  }

  @Test
  void rule5_theSameHeadAgainChangesNothing() {
    story()
        .given(composed("ru"), headed("ru", MEDINSKY))
        .when(appointHead("ru", new Person().id("vladimir-medinsky")))
        .thenUnchanged();
  }

  @Test
  void rule5_replacingTheHeadIsOneEvent() {
    story()
        .given(composed("ru"), headed("ru", MEDINSKY))
        .when(replaceHead("ru", FOMIN))
        .then(
            new HeadReplaced()
                .party("ru")
                .person(FOMIN)
                .previous(new Person().id("vladimir-medinsky").name("Vladimir Medinsky")));
  }

  @Test
  void rule5_aReplacedHeadStaysAMember() {
    story()
        .given(composed("ru"), headed("ru", MEDINSKY))
        .when(replaceHead("ru", FOMIN))
        .recorded()
        .when(new WithdrawMember().party("ru").person(MEDINSKY))
        .then(new MemberWithdrawn().party("ru").person(MEDINSKY))
        .recorded()
        .when(appointHead("ru", UMEROV))
        .thenRejected("HEAD_ALREADY_APPOINTED", 5, "alexander-fomin");
  }

  @Test
  void rule5_replacingTheHeadByHimselfChangesNothing() {
    story().given(composed("ru").head(MEDINSKY)).when(replaceHead("ru", MEDINSKY)).thenUnchanged();
  }

  @Test
  void rule5_aVacantHeadIsNotReplaced() {
    story()
        .given(composed("ru"))
        .when(replaceHead("ru", MEDINSKY))
        .thenRejected("NO_HEAD_TO_REPLACE", 5, "ru");
  }

  @Test
  void rule5_withdrawingTheHeadLeavesTheHeadVacant() {
    story()
        .given(composed("ru").head(MEDINSKY), new MemberWithdrawn().party("ru").person(MEDINSKY))
        .when(appointHead("ru", FOMIN))
        .then(headed("ru", FOMIN));
  }

  // Members

  @Test
  void aMemberIsAppointed() {
    story()
        .given(composed("ru"))
        .when(appoint("ru", FOMIN, Capacity.EXPERT))
        .then(joined("ru", FOMIN, Capacity.EXPERT));
  }

  @Test
  void theSameAppointmentAgainChangesNothing() {
    story()
        .given(composed("ru"), joined("ru", FOMIN, Capacity.EXPERT))
        .when(appoint("ru", FOMIN, Capacity.EXPERT))
        .thenUnchanged();
  }

  @Test
  void aHeadIsAMemberAlready() {
    story()
        .given(composed("ru").head(MEDINSKY))
        .when(appoint("ru", MEDINSKY, Capacity.MEMBER))
        .thenUnchanged();
  }

  @Test
  void aMemberChangesCapacity() {
    story()
        .given(composed("ru"), joined("ru", FOMIN, Capacity.EXPERT))
        .when(appoint("ru", FOMIN, Capacity.MEMBER))
        .then(joined("ru", FOMIN, Capacity.MEMBER));
  }

  @Test
  void aMemberIsWithdrawnForAReason() {
    story()
        .given(composed("ru"), joined("ru", FOMIN, Capacity.EXPERT))
        .when(new WithdrawMember().party("ru").person(FOMIN).reason("illness"))
        .then(new MemberWithdrawn().party("ru").person(FOMIN).reason("illness"));
  }

  @Test
  void rule7_somebodyWhoIsNotAMemberIsNotWithdrawn() {
    story()
        .given(composed("ru"))
        .when(new WithdrawMember().party("ru").person(FOMIN))
        .thenRejected("NOT_A_MEMBER", 7, "alexander-fomin", "ru");
  }

  @Test
  void rule7_aPartialRosterIsCompletedOnce() {
    story()
        .given(composed("ru"))
        .when(new CompleteRoster().party("ru"))
        .then(new RosterCompleted().party("ru"))
        .recorded()
        .when(new CompleteRoster().party("ru"))
        .thenUnchanged();
  }

  @Test
  void rule7_aCompleteRosterGrowsByAppointmentAndStaysComplete() {
    story()
        .given(composed("ru").roster(Roster.COMPLETE))
        .when(appoint("ru", FOMIN, Capacity.MEMBER))
        .then(joined("ru", FOMIN, Capacity.MEMBER))
        .recorded()
        .when(new CompleteRoster().party("ru"))
        .thenUnchanged();
  }

  // Two sides

  @Test
  void rule6_aTransferIsAWithdrawalAndAnAppointmentInTheSameCapacity() {
    story()
        .given(composed("ru"), composed("ua"), joined("ru", FOMIN, Capacity.ENVOY))
        .when(transfer(FOMIN, "ru", "ua"))
        .then(
            new MemberWithdrawn().party("ru").person(FOMIN).transferredTo("ua"),
            joined("ua", FOMIN, Capacity.ENVOY).transferredFrom("ru"));
  }

  @Test
  void rule6_aTransferredHeadLeavesTheHeadVacantAndHeadsNothing() {
    story()
        .given(composed("ru").head(MEDINSKY), composed("us"))
        .when(transfer(MEDINSKY, "ru", "us"))
        .recorded()
        .when(appointHead("us", UMEROV))
        .then(headed("us", UMEROV))
        .when(appointHead("ru", FOMIN))
        .then(headed("ru", FOMIN));
  }

  @Test
  void rule6_aTransferToTheSameDelegationIsRefused() {
    story()
        .given(composed("ru").head(MEDINSKY))
        .when(transfer(MEDINSKY, "ru", "ru"))
        .thenRejected("TRANSFER_TO_SAME_DELEGATION", 6, "ru");
  }

  @Test
  void rule6_aTransferOfSomebodyWhoIsNotAMemberIsRefused() {
    story()
        .given(composed("ru"), composed("ua"))
        .when(transfer(FOMIN, "ru", "ua"))
        .thenRejected("NOT_A_MEMBER", 7, "alexander-fomin", "ru");
  }

  @Test
  void rule6_aTransferToADelegationWhereThePersonIsAlreadyIsRefused() {
    story()
        .given(
            composed("ru"),
            composed("us"),
            joined("ru", FOMIN, Capacity.EXPERT),
            joined("us", FOMIN, Capacity.EXPERT))
        .when(transfer(FOMIN, "ru", "us"))
        .thenRejected("ALREADY_A_MEMBER", 6, "alexander-fomin", "us");
  }

  @Test
  void rule6_aTransferToADelegationThatWasNotComposedIsNotFound() {
    story()
        .given(composed("ru").head(MEDINSKY))
        .when(transfer(MEDINSKY, "ru", "ua"))
        .thenUnknown("DELEGATION_NOT_FOUND", "ua");
  }

  @Test
  void rule6_aTransferFromOneSideToAnotherWhileOnAThirdIsRefused() {
    story()
        .given(
            new PartyAdded().party("by").role(PartyRole.OBSERVER),
            composed("by").head(FOMIN),
            composed("ru").head(FOMIN),
            composed("ua"))
        .when(transfer(FOMIN, "by", "ua"))
        .thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6, "ru", "ua");
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMBER", "ENVOY"})
  void rule6_whoeverRepresentsOneSideMayNotRepresentTheOther(Capacity capacity) {
    var story = story().given(composed("ru"), composed("ua"), joined("ru", FOMIN, capacity));
    story
        .when(appoint("ua", FOMIN, capacity))
        .thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6, "alexander-fomin", "ru");
    story.when(appointHead("ua", FOMIN)).thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6);
    story
        .given(headed("ua", UMEROV))
        .when(replaceHead("ua", FOMIN))
        .thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6);
  }

  @Test
  void rule6_aDelegationIsNotComposedWithTheOtherSidesHead() {
    var story = story().given(composed("ru").head(MEDINSKY));
    story.when(compose("ua").head(MEDINSKY)).thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6, "ru");
    story
        .when(compose("ua").head(UMEROV).members(List.of(member(MEDINSKY, Capacity.MEMBER))))
        .thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6, "vladimir-medinsky");
  }

  @ParameterizedTest
  @EnumSource(names = {"ADVISER", "EXPERT", "INTERPRETER", "OBSERVER"})
  void rule6_whoOnlyServesMayServeBothSides(Capacity capacity) {
    var story = story().given(composed("ru"), composed("ua"), joined("ru", FOMIN, Capacity.MEMBER));
    story.when(appoint("ua", FOMIN, capacity)).then(joined("ua", FOMIN, capacity));
    story = story().given(composed("ru"), composed("ua"), joined("ru", FOMIN, capacity));
    story.when(appointHead("ua", FOMIN)).then(headed("ua", FOMIN));
  }

  @Test
  void rule6_anAdviserWhoHeadsOneSideMayNotRepresentTheOther() {
    story()
        .given(
            composed("ru"),
            joined("ru", FOMIN, Capacity.ADVISER),
            headed("ru", FOMIN),
            composed("ua"))
        .when(appoint("ua", FOMIN, Capacity.MEMBER))
        .thenRejected("MEMBER_OF_OPPOSING_DELEGATION", 6, "ru");
  }

  @Test
  void rule6_partiesThatAreNotBothPrincipalsDoNotOppose() {
    story()
        .given(composed("ru").head(MEDINSKY), composed("us"))
        .when(appointHead("us", MEDINSKY))
        .then(headed("us", MEDINSKY));
    story()
        .given(composed("us").head(UMEROV), composed("ua"))
        .when(appointHead("ua", UMEROV))
        .then(headed("ua", UMEROV));
  }

  @Test
  void rule6_whoWasWithdrawnFromOneSideMayRepresentTheOther() {
    story()
        .given(
            composed("ru").head(FOMIN),
            new MemberWithdrawn().party("ru").person(FOMIN),
            composed("ua"))
        .when(appointHead("ua", FOMIN))
        .then(headed("ua", FOMIN));
  }

  // Nothing there

  @Test
  void aDelegationThatWasNotComposedIsNotFound() {
    var story = story();
    story.when(appointHead("ru", MEDINSKY)).thenUnknown("DELEGATION_NOT_FOUND", "ru");
    story.when(replaceHead("ru", MEDINSKY)).thenUnknown("DELEGATION_NOT_FOUND", "ru");
    story.when(appoint("ru", FOMIN, Capacity.EXPERT)).thenUnknown("DELEGATION_NOT_FOUND", "ru");
    story
        .when(new WithdrawMember().party("ru").person(FOMIN))
        .thenUnknown("DELEGATION_NOT_FOUND", "ru");
    story.when(transfer(FOMIN, "ru", "ua")).thenUnknown("DELEGATION_NOT_FOUND", "ru");
    story.when(new CompleteRoster().party("ru")).thenUnknown("DELEGATION_NOT_FOUND", "ru");
    story.when(new PublishDelegation().party("ru")).thenUnknown("DELEGATION_NOT_FOUND", "ru");
  }

  @Test
  void anEventThatIsImpossibleStopsTheFold() {
    assertThatIllegalStateException().isThrownBy(() -> story().given(headed("ru", MEDINSKY)));
    assertThatIllegalStateException()
        .isThrownBy(() -> story().given(composed("ru"), composed("ru")));
  }

  private static ComposeDelegation compose(String party) {
    return new ComposeDelegation().party(party).roster(Roster.PARTIAL);
  }

  private static AppointHead appointHead(String party, Person person) {
    return new AppointHead().party(party).person(person);
  }

  private static ReplaceHead replaceHead(String party, Person person) {
    return new ReplaceHead().party(party).person(person);
  }

  private static AppointMember appoint(String party, Person person, Capacity capacity) {
    return new AppointMember().party(party).person(person).capacity(capacity);
  }

  private static TransferMember transfer(Person person, String from, String to) {
    return new TransferMember().person(person).from(from).to(to);
  }
}
