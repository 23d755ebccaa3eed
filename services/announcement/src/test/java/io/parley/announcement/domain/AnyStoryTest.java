package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.PUTIN;
import static io.parley.announcement.domain.Facts.during;
import static io.parley.announcement.domain.Facts.publish;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.Decision;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.AnswerProposal;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ContestClaim;
import io.parley.schemas.announcement.CorrectAnnouncement;
import io.parley.schemas.announcement.CorroborateClaim;
import io.parley.schemas.announcement.DiscloseDraft;
import io.parley.schemas.announcement.HoldAnnouncement;
import io.parley.schemas.announcement.InitialDraft;
import io.parley.schemas.announcement.MakeProposal;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.announcement.Rank;
import io.parley.schemas.announcement.RankClaim;
import io.parley.schemas.announcement.RatifyAgreement;
import io.parley.schemas.announcement.RecordClaim;
import io.parley.schemas.announcement.RecordDraft;
import io.parley.schemas.announcement.ReinstateAnnouncement;
import io.parley.schemas.announcement.ReiterateProposal;
import io.parley.schemas.announcement.RetractAnnouncement;
import io.parley.schemas.announcement.SetEmbargo;
import io.parley.schemas.announcement.SignDraft;
import io.parley.schemas.announcement.WithdrawProposal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is asked in whatever order: what is accepted can be folded, and rule 21 holds. */
class AnyStoryTest {

  @Property(tries = 500)
  void whatIsAcceptedCanBeFoldedAndOnlyTheNewestVersionIsCorrected(
      @ForAll("commands") List<Command> commands) {
    Story story = story();
    Map<String, Long> versions = new HashMap<>();
    for (Command command : commands) {
      if (story.when(command).decision()
          instanceof Decision.Accepted(List<Event> events, List<Event> restricted)) {
        if (command instanceof CorrectAnnouncement c) {
          assertThat(versions).containsEntry(c.aggregate(), c.corrects());
        }
        restricted.forEach(event -> versions.merge(event.aggregate(), 1L, Long::sum));
        events.forEach(event -> versions.merge(event.aggregate(), 1L, Long::sum));
        story.givenRestricted(restricted.toArray(Event[]::new)).given(events.toArray(Event[]::new));
      }
    }
  }

  @Provide
  Arbitrary<List<Command>> commands() {
    Arbitrary<String> id = Arbitraries.of("x", "y");
    Arbitrary<String> party = Arbitraries.of("ru", "ua", "us");
    Arbitrary<Long> version = Arbitraries.longs().between(1, 6);
    Arbitrary<AnnouncementKind> kind =
        Arbitraries.of(AnnouncementKind.STATEMENT, AnnouncementKind.NON_MENTION);
    Arbitrary<List<String>> about =
        Arbitraries.of("claim:x", "draft:y", "announcement:x", "topic:t").list().ofMaxSize(2);
    return Arbitraries.<Command>oneOf(
            List.of(
                Combinators.combine(id, kind, about, Arbitraries.of(true, false))
                    .as(
                        (a, k, on, bounded) ->
                            publish(a, k)
                                .about(on)
                                .embargoUntil(bounded ? null : "2025-05-15T10:00:00Z")
                                .period(bounded ? during("2025-05") : during("2025-05/.."))),
                Combinators.combine(id, version, about.injectNull(0.5))
                    .as(
                        (a, v, on) ->
                            new CorrectAnnouncement()
                                .announcement(a)
                                .about(on)
                                .text("right")
                                .note("misheard")
                                .corrects(v)),
                id.map(a -> new HoldAnnouncement().announcement(a).reason("unsure")),
                id.map(a -> new RetractAnnouncement().announcement(a).reason("never said")),
                id.map(a -> new ReinstateAnnouncement().announcement(a).reason("it was said")),
                id.map(a -> new SetEmbargo().announcement(a).until("2025-05-15T10:00:00Z")),
                id.map(p -> new MakeProposal().proposal(p).by(PUTIN).topic("t").text("Talks.")),
                id.map(p -> new ReiterateProposal().proposal(p).by(PUTIN)),
                Combinators.combine(id, party)
                    .as(
                        (p, by) ->
                            new AnswerProposal().proposal(p).party(by).answer(Answer.REJECTED)),
                id.map(p -> new WithdrawProposal().proposal(p)),
                Combinators.combine(id, about)
                    .as(
                        (c, on) ->
                            new RecordClaim()
                                .claim(c)
                                .kind(ClaimKind.CAUSAL)
                                .text("So it is.")
                                .about(on)),
                id.map(c -> new CorroborateClaim().claim(c)),
                id.map(c -> new ContestClaim().claim(c)),
                id.map(c -> new RankClaim().claim(c).rank(Rank.NORMAL).reason("first look")),
                Combinators.combine(id, party.list().ofMaxSize(2))
                    .as(
                        (d, parties) ->
                            new RecordDraft()
                                .draft(d)
                                .title("Treaty")
                                .parties(parties)
                                .provisions(
                                    List.of(new Provision().provision("p").topic("t").text("x")))),
                id.map(d -> new DiscloseDraft().draft(d)),
                Combinators.combine(id, party).as((d, p) -> new InitialDraft().draft(d).party(p)),
                Combinators.combine(id, party).as((d, p) -> new SignDraft().draft(d).party(p)),
                Combinators.combine(id, party)
                    .as((d, p) -> new RatifyAgreement().draft(d).party(p))))
        .list()
        .ofMaxSize(40);
  }
}
