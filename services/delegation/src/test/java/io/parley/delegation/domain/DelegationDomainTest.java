package io.parley.delegation.domain;

import static io.parley.delegation.domain.Facts.PUTIN;
import static io.parley.delegation.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Command;
import io.parley.schemas.delegation.AppointHead;
import io.parley.schemas.delegation.AppointMember;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.CheckIn;
import io.parley.schemas.delegation.CompleteRoster;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.PublishDelegation;
import io.parley.schemas.delegation.ReplaceHead;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.delegation.StateAttendance;
import io.parley.schemas.delegation.TransferMember;
import io.parley.schemas.delegation.WithdrawMember;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DelegationDomainTest {

  @Test
  void aNegotiationThatIsNotKnownIsNotFound() {
    new Story(DelegationDomain.service())
        .when(new CheckIn().person(PUTIN).scope("talks"))
        .thenUnknown("NEGOTIATION_NOT_FOUND", Story.NEGOTIATION);
  }

  @ParameterizedTest
  @MethodSource
  void aPartyThatIsNotOfTheNegotiationIsNotFound(Command command) {
    story().when(command).thenUnknown("PARTY_NOT_FOUND", "fr", Story.NEGOTIATION);
  }

  static Stream<Command> aPartyThatIsNotOfTheNegotiationIsNotFound() {
    return Stream.of(
        new ComposeDelegation().party("fr").roster(Roster.PARTIAL),
        new PublishDelegation().party("fr"),
        new AppointHead().party("fr").person(PUTIN),
        new ReplaceHead().party("fr").person(PUTIN),
        new AppointMember().party("fr").person(PUTIN).capacity(Capacity.MEMBER),
        new WithdrawMember().party("fr").person(PUTIN),
        new TransferMember().person(PUTIN).from("fr").to("ru"),
        new TransferMember().person(PUTIN).from("ru").to("fr"),
        new CompleteRoster().party("fr"),
        new StateAttendance().party("fr").scope("talks"),
        new StateAttendance().person(PUTIN).party("fr").scope("talks"));
  }

  @Test
  void aPartyThatWasAddedLaterIsKnown() {
    story()
        .given(new PartyAdded().party("fr").role(PartyRole.OBSERVER))
        .when(new AppointHead().party("fr").person(PUTIN))
        .thenUnknown("DELEGATION_NOT_FOUND", "fr");
  }

  @Test
  void rule31_aPartyRecordsItsOwnDelegationAlone() {
    var story = story();
    var compose = new ComposeDelegation().party("ru").roster(Roster.PARTIAL).published(false);
    assertThat(story.isOwn(compose, "ru")).isTrue();
    assertThat(story.isOwn(compose, "ua")).isFalse();
    assertThat(story.isOwn(new PublishDelegation().party("ru"), "ua")).isFalse();
    assertThat(story.isOwn(new TransferMember().person(PUTIN).from("ru").to("ua"), "ru")).isFalse();
    assertThat(story.isOwn(new StateAttendance().party("ru").scope("talks"), "ru")).isFalse();
  }

  @Test
  void everyKindOfItsCommandsHasADecider() {
    assertThat(DelegationDomain.service().aggregates().keySet())
        .containsExactlyInAnyOrder(
            "delegation", "restricted-delegation", "attendance", "party-attendance", "condition");
  }
}
