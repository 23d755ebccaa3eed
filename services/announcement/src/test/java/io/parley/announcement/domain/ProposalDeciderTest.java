package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.PUTIN;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.AnswerProposal;
import io.parley.schemas.announcement.MakeProposal;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.ProposalReiterated;
import io.parley.schemas.announcement.ProposalWithdrawn;
import io.parley.schemas.announcement.ReiterateProposal;
import io.parley.schemas.announcement.WithdrawProposal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProposalDeciderTest {
  private static final MakeProposal MAKE =
      new MakeProposal().proposal("talks").by(PUTIN).to("ua").topic("talks").text("Let us talk.");
  private static final ReiterateProposal REITERATE =
      new ReiterateProposal().proposal("talks").by(PUTIN);
  private static final WithdrawProposal WITHDRAW = new WithdrawProposal().proposal("talks");
  private static final ProposalMade MADE = ProposalMade.from(MAKE);

  @Test
  void anOfferIsMadeOnce() {
    story()
        .when(MAKE)
        .then(MADE)
        .recorded()
        .when(MAKE)
        .thenRejected("PROPOSAL_EXISTS", 26, "talks");
  }

  @Test
  void anOfferIsMadeAgainAsOftenAsItIs() {
    story()
        .given(MADE)
        .when(REITERATE)
        .then(ProposalReiterated.from(REITERATE))
        .recorded()
        .when(REITERATE)
        .then(ProposalReiterated.from(REITERATE));
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCEPTED", "ACCEPTED_WITH_RESERVATIONS", "REJECTED"})
  void anOfferIsAnswered(Answer answer) {
    story()
        .given(MADE)
        .when(answer("ua", answer))
        .then(ProposalAnswered.from(answer("ua", answer)));
  }

  @Test
  void rule28_aLaterAnswerOfTheSamePartyIsTaken() {
    story()
        .given(MADE, ProposalAnswered.from(answer("ua", Answer.REJECTED)))
        .when(answer("ua", Answer.ACCEPTED))
        .then(ProposalAnswered.from(answer("ua", Answer.ACCEPTED)))
        .recorded()
        .when(answer("ua", Answer.ACCEPTED))
        .then(ProposalAnswered.from(answer("ua", Answer.ACCEPTED)));
  }

  @Test
  void anOfferThatIsWithdrawnIsOver() {
    var story =
        story().given(MADE).when(WITHDRAW).then(ProposalWithdrawn.from(WITHDRAW)).recorded();
    story.when(MAKE).thenRejected("PROPOSAL_EXISTS", 26, "talks");
    story.when(REITERATE).thenRejected("PROPOSAL_WITHDRAWN", 28, "talks");
    story.when(answer("ua", Answer.ACCEPTED)).thenRejected("PROPOSAL_WITHDRAWN", 28, "talks");
    story.when(WITHDRAW).thenRejected("PROPOSAL_WITHDRAWN", 28, "talks");
  }

  @Test
  void anOfferThatNobodyMadeIsNotFound() {
    var story = story();
    story.when(REITERATE).thenUnknown("PROPOSAL_NOT_FOUND", "talks");
    story.when(answer("ua", Answer.ACCEPTED)).thenUnknown("PROPOSAL_NOT_FOUND", "talks");
    story.when(WITHDRAW).thenUnknown("PROPOSAL_NOT_FOUND", "talks");
  }

  @Test
  void anEventThatIsImpossibleStopsTheFold() {
    var withdrawn = ProposalWithdrawn.from(WITHDRAW);
    assertThatIllegalStateException().isThrownBy(() -> story().given(withdrawn));
    assertThatIllegalStateException().isThrownBy(() -> story().given(MADE, MADE));
    assertThatIllegalStateException().isThrownBy(() -> story().given(MADE, withdrawn, withdrawn));
  }

  private static AnswerProposal answer(String party, Answer answer) {
    return new AnswerProposal().proposal("talks").party(party).answer(answer);
  }
}
