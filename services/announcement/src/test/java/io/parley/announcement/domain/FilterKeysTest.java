package io.parley.announcement.domain;

import static io.parley.announcement.domain.Facts.PUTIN;
import static io.parley.announcement.domain.Facts.publish;
import static io.parley.announcement.domain.Facts.story;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.Decision;
import io.parley.schemas.Actor;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.announcement.Announcement;
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
import io.parley.schemas.announcement.PublishAnnouncement;
import io.parley.schemas.announcement.Rank;
import io.parley.schemas.announcement.RankClaim;
import io.parley.schemas.announcement.RatifyAgreement;
import io.parley.schemas.announcement.RecordClaim;
import io.parley.schemas.announcement.RecordDraft;
import io.parley.schemas.announcement.ReinstateAnnouncement;
import io.parley.schemas.announcement.ReiterateProposal;
import io.parley.schemas.announcement.RetractAnnouncement;
import io.parley.schemas.announcement.SignDraft;
import io.parley.schemas.announcement.WithdrawProposal;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * What filters match in the events that follow on an item: a stream has no versions to look at, so
 * the events say it (rule 22).
 */
class FilterKeysTest {
  private static final Actor PESKOV = new Actor().id("dmitry-peskov");
  private static final PublishAnnouncement FIRST = publishOn(List.of("talks", "ceasefire"));
  private static final MakeProposal OFFER =
      new MakeProposal().proposal("p").by(PUTIN).to("ua").topic("talks").text("Let us talk.");
  private static final RecordClaim CLAIM =
      new RecordClaim()
          .claim("c")
          .kind(ClaimKind.PRECEDENT)
          .text("As in 2022.")
          .about(List.of("topic:neutrality", "party:ua"));
  private static final RecordDraft DRAFT = draft(List.of("ua", "ru"));

  @Test
  void rule22_aRetractionCarriesTheKeysOfAllVersions() {
    var story = story().when(FIRST).recorded();
    story.when(retract("a")).thenKeys(first());
    FilterKeys both =
        keys()
            .kinds(List.of("STATEMENT"))
            .actors(List.of("dmitry-peskov", "ru", "vladimir-putin"))
            .topics(List.of("ceasefire", "prisoners", "talks"))
            .languages(List.of("en", "ru"))
            .about(List.of("meeting:opening", "person:donald-trump"));
    story
        .when(
            correct("a", 1)
                .speaker(PESKOV)
                .topics(List.of("prisoners"))
                .language("ru")
                .about(List.of("meeting:opening")))
        .thenKeys(both)
        .recorded()
        .when(correct("a", 2).text("right"))
        .thenKeys(both)
        .recorded()
        .when(retract("a"))
        .thenKeys(both)
        .recorded()
        .when(new ReinstateAnnouncement().announcement("a").reason("it was said"))
        .thenKeys(both);
  }

  @Test
  void rule22_whoeverFollowedItHearsThatItIsHeldAndPutBack() {
    story()
        .when(FIRST)
        .recorded()
        .when(new HoldAnnouncement().announcement("a").reason("unsure"))
        .thenKeys(first())
        .recorded()
        .when(correct("a", 2).onBehalfOf(new Actor().id("ua")))
        .thenKeys(first().actors(List.of("ru", "ua", "vladimir-putin")))
        .recorded()
        .when(new ReinstateAnnouncement().announcement("a").reason("sure"))
        .thenKeys(first().actors(List.of("ru", "ua", "vladimir-putin")));
  }

  /** Under embargo it was about somebody whom nobody has heard of in this connection since. */
  @Test
  void rule23_keysOfWhatWasNeverPublicAreNotInTheOpenRecord() {
    var story =
        story()
            .when(publish("a", AnnouncementKind.STATEMENT).embargoUntil("2025-05-16T06:00:00Z"))
            .recorded()
            .when(correct("a", 1).speaker(PESKOV).topics(List.of("secret")).language("ru"))
            .recorded()
            .when(correct("a", 2).speaker(PUTIN).topics(List.of("talks")).language("en"))
            .recorded()
            .whenDue("announcement:a")
            .recorded();
    story
        .when(retract("a"))
        .thenKeys(
            keys()
                .kinds(List.of("STATEMENT"))
                .actors(List.of("vladimir-putin"))
                .topics(List.of("talks"))
                .languages(List.of("en")));
  }

  @Test
  void rule22_aWithdrawnOfferReachesAllWhoHeardOfIt() {
    FilterKeys made = keys().actors(List.of("ua", "vladimir-putin")).topics(List.of("talks"));
    story()
        .when(OFFER)
        .recorded()
        .when(new WithdrawProposal().proposal("p"))
        .thenKeys(made)
        .when(new ReiterateProposal().proposal("p").by(PESKOV))
        .thenKeys(
            keys()
                .actors(List.of("dmitry-peskov", "ua", "vladimir-putin"))
                .topics(List.of("talks")))
        .recorded()
        .when(new AnswerProposal().proposal("p").party("us").answer(Answer.ACCEPTED))
        .thenKeys(
            keys()
                .actors(List.of("dmitry-peskov", "ua", "us", "vladimir-putin"))
                .topics(List.of("talks")))
        .recorded()
        .when(new WithdrawProposal().proposal("p"))
        .thenKeys(
            keys()
                .actors(List.of("dmitry-peskov", "ua", "us", "vladimir-putin"))
                .topics(List.of("talks")));
  }

  @Test
  void rule22_aVoiceOnAClaimReachesWhoeverFollowsWhatItIsAbout() {
    FilterKeys claim =
        keys().kinds(List.of("PRECEDENT")).about(List.of("party:ua", "topic:neutrality"));
    story()
        .when(CLAIM)
        .recorded()
        .when(new CorroborateClaim().claim("c").by(PUTIN))
        .thenKeys(
            keys()
                .kinds(List.of("PRECEDENT"))
                .actors(List.of("vladimir-putin"))
                .about(List.of("party:ua", "topic:neutrality")))
        .recorded()
        .when(new ContestClaim().claim("c"))
        .thenKeys(claim)
        .recorded()
        .when(new RankClaim().claim("c").rank(Rank.DEPRECATED).reason("contested"))
        .thenKeys(claim);
  }

  @Test
  void rule22_whatBecomesOfATextReachesWhoeverFollowsAnyOfIt() {
    FilterKeys text =
        keys()
            .actors(List.of("ru", "ua", "united-nations", "us"))
            .topics(List.of("guarantees", "neutrality"));
    var story = story().when(DRAFT).recorded();
    story.when(new DiscloseDraft().draft("d")).thenKeys(text);
    story.when(new InitialDraft().draft("d").party("ru")).thenKeys(text).recorded();
    story.when(new SignDraft().draft("d").party("ru")).thenKeys(text).recorded();
    story.when(new RatifyAgreement().draft("d").party("ua")).thenKeys(text);
    story()
        .when(draft(List.of()))
        .recorded()
        .when(new RatifyAgreement().draft("d").party("us"))
        .thenKeys(text);
  }

  /** No event that carries keys is left out by these tests. */
  @Test
  void rule22_everyEventThatFollowsCarriesKeys() {
    TreeSet<String> told = new TreeSet<>();
    var story = story();
    for (Command command :
        List.of(
            FIRST,
            new HoldAnnouncement().announcement("a").reason("unsure"),
            correct("a", 2).text("right"),
            retract("a"),
            new ReinstateAnnouncement().announcement("a").reason("it was said"),
            OFFER,
            new ReiterateProposal().proposal("p").by(PUTIN),
            new AnswerProposal().proposal("p").party("ua").answer(Answer.REJECTED),
            new WithdrawProposal().proposal("p"),
            CLAIM,
            new CorroborateClaim().claim("c"),
            new ContestClaim().claim("c"),
            new RankClaim().claim("c").rank(Rank.NORMAL).reason("first look"),
            DRAFT,
            new DiscloseDraft().draft("d"),
            new InitialDraft().draft("d").party("ru"),
            new SignDraft().draft("d").party("ru"),
            new RatifyAgreement().draft("d").party("ua"))) {
      Event event = ((Decision.Accepted) story.when(command).decision()).events().getFirst();
      if (Story.keys(event) != null) {
        assertThat(Story.keys(event)).as(event.type()).isNotEqualTo(keys());
        told.add(event.type());
      }
      story.recorded();
    }
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            Announcement.EVENT_SCHEMAS.stream()
                .filter(schema -> schema.getField("keys") != null)
                .map(Schema::getName)
                .toList());
  }

  @Test
  void anItemThatGathersTooManyKeysIsCorrectedNoMoreButCanBeRetracted() {
    var story = story().when(publishOn(topics(0, 50))).recorded();
    for (int version = 1; version < 20; version++) {
      story.when(correct("a", version).topics(topics(50 * version, 50))).recorded();
    }
    story.when(correct("a", 20).topics(topics(1000, 1))).thenRejected("TOO_MANY_KEYS", 22, "a");
    story.when(correct("a", 20).topics(topics(0, 50))).recorded();
    story.when(retract("a")).recorded();
    var offered = story().when(OFFER).recorded();
    for (int i = 0; i < 998; i++) {
      offered.when(reiterate(i)).recorded();
    }
    offered.when(reiterate(998)).thenRejected("TOO_MANY_KEYS", 22, "p");
    offered.when(new WithdrawProposal().proposal("p")).recorded();
  }

  private static PublishAnnouncement publishOn(List<String> topics) {
    return publish("a", AnnouncementKind.STATEMENT)
        .onBehalfOf(new Actor().id("ru"))
        .topics(topics)
        .about(List.of("person:donald-trump"));
  }

  private static RecordDraft draft(List<String> parties) {
    return new RecordDraft()
        .draft("d")
        .title("Treaty")
        .parties(parties)
        .provisions(
            List.of(
                provision("one", "neutrality").obligor("ua").beneficiaries(List.of("ru")),
                provision("two", "guarantees").guarantors(List.of("us", "united-nations"))));
  }

  private static ReiterateProposal reiterate(int by) {
    return new ReiterateProposal().proposal("p").by(new Actor().id("body-" + by));
  }

  private static List<String> topics(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> "topic-" + i).toList();
  }

  private static FilterKeys first() {
    return keys()
        .kinds(List.of("STATEMENT"))
        .actors(List.of("ru", "vladimir-putin"))
        .topics(List.of("ceasefire", "talks"))
        .languages(List.of("en"))
        .about(List.of("person:donald-trump"));
  }

  private static FilterKeys keys() {
    return new FilterKeys();
  }

  private static CorrectAnnouncement correct(String id, long version) {
    return new CorrectAnnouncement().announcement(id).note("misheard").corrects(version);
  }

  private static RetractAnnouncement retract(String id) {
    return new RetractAnnouncement().announcement(id).reason("never said");
  }

  private static Provision provision(String id, String topic) {
    return new Provision().provision(id).topic(topic).text("So it is.");
  }
}
