package io.parley.projection;

import static io.parley.projection.Story.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Actor;
import io.parley.schemas.announcement.AgreementRatified;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.ClaimContested;
import io.parley.schemas.announcement.ClaimCorroborated;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ClaimRanked;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.DraftDisclosed;
import io.parley.schemas.announcement.DraftInitialled;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.DraftSigned;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.ProposalReiterated;
import io.parley.schemas.announcement.ProposalWithdrawn;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.announcement.Rank;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What is read of announcements, positions, proposals, claims and texts. */
class RecordsTest {
  private static ConfigurableApplicationContext service;

  @BeforeAll
  static void start() {
    service = Story.service("records");
  }

  @AfterAll
  static void close() {
    service.close();
  }

  @Test
  void rule21_theChainOfCorrectionsKeepsEveryOldValueMarked() {
    try (Story story = new Story(service, "versions")) {
      story.settle(Facts.announced("a", "x", "First"));
      story.settle(Facts.corrected("a", "Second", 1));
      long second = story.settle(Facts.corrected("a", "Third", 2));
      List<JsonNode> versions = story.items("/announcements/a/versions");
      assertThat(texts(versions, "/text")).containsExactly("First", "Second", "Third");
      assertThat(texts(versions, "/version")).containsExactly("1", "2", "3");
      assertThat(texts(versions, "/supersededBy")).containsExactly("2", "3", "");
      assertThat(versions.getLast().get("supersededBy").isNull()).isTrue();
      assertThat(texts(versions, "/event"))
          .containsExactly(
              "AnnouncementPublished", "AnnouncementCorrected", "AnnouncementCorrected");
      assertThat(texts(versions, "/note")).containsExactly("", "misheard", "misheard");
      // Before the last correction the second was the last.
      List<JsonNode> then = story.items("/announcements/a/versions?asOf=" + (second - 1));
      assertThat(texts(then, "/text")).containsExactly("First", "Second");
      assertThat(then.getLast().get("supersededBy").isNull()).isTrue();
      JsonNode page = story.json("/announcements/a/versions?limit=2");
      assertThat(texts(page.get("items"), "/text")).containsExactly("First", "Second");
      assertThat(page.get("next").isNull()).isFalse();
      assertThat(
              story
                  .get("/api/negotiations/versions/announcements/none/versions")
                  .getStatus()
                  .value())
          .isEqualTo(404);
    }
  }

  @Test
  void rule22_aRetractionIsATombstoneAndWhatItTookBackStaysInTheChain() {
    try (Story story = new Story(service, "tombstone")) {
      story.settle(Facts.announced("a", "x", "Said"));
      story.settle(Facts.retracted("a"));
      JsonNode gone = story.json("/announcements/a");
      assertThat(gone.at("/status").asString()).isEqualTo("RETRACTED");
      assertThat(gone.get("text").isNull()).isTrue();
      story.settle(Facts.reinstated("a"));
      List<JsonNode> versions = story.items("/announcements/a/versions");
      assertThat(texts(versions, "/status")).containsExactly("PUBLISHED", "RETRACTED", "PUBLISHED");
      assertThat(texts(versions, "/text")).containsExactly("Said", "", "Said");
      assertThat(texts(versions, "/note")).containsExactly("", "not said", "said after all");
    }
  }

  @Test
  void rule22_whatRestsOnARetractedAnnouncementIsFlaggedAndNotDeleted() {
    try (Story story = new Story(service, "basis")) {
      story.settle(Facts.announced("decree", "kremlin", "He heads it"));
      story.settle(Facts.composed("ru", Facts.person("head", "Head")).basis("decree"));
      story.settle(Facts.announced("reply", "x", "So be it").inReplyTo("decree"));
      story.settle(claim("about-it").about(List.of("announcement:decree", "topic:peace")));
      long before = story.settle(claim("about-nothing"));
      for (String path : List.of("/delegations/ru", "/announcements/reply")) {
        assertThat(story.json(path).has("basisWithdrawn")).as(path).isFalse();
      }
      story.settle(Facts.retracted("decree"));
      for (String path : List.of("/delegations/ru", "/announcements/reply")) {
        assertThat(story.json(path).get("basisWithdrawn").asBoolean()).as(path).isTrue();
        assertThat(story.json(path + "?asOf=" + before).has("basisWithdrawn")).isFalse();
      }
      assertThat(story.json("/delegations/ru").at("/head/name").asString()).isEqualTo("Head");
      List<JsonNode> claims = story.items("/claims");
      assertThat(claims.get(0).get("basisWithdrawn").asBoolean()).isTrue();
      assertThat(claims.get(1).has("basisWithdrawn")).isFalse();
      story.settle(Facts.reinstated("decree"));
      assertThat(story.json("/delegations/ru").has("basisWithdrawn")).isFalse();
    }
  }

  @Test
  void rule24_aTextIsAnAgreementOnceAllHaveSigned() {
    try (Story story = new Story(service, "signed")) {
      story.settle(draft("named", "ru", "us"));
      story.settle(draft("all"));
      story.settle(new DraftDisclosed().draft("named"), "2024~");
      story.settle(new DraftInitialled().draft("named").party("ru"));
      story.settle(new DraftInitialled().draft("named").party("us"));
      assertThat(stage(story, "named")).isEqualTo("INITIALLED");
      story.settle(new DraftSigned().draft("named").party("ru"));
      story.settle(new DraftSigned().draft("all").party("ru"));
      assertThat(stage(story, "named")).isEqualTo("INITIALLED");
      assertThat(stage(story, "all")).isEqualTo("DRAFTED");
      assertThat(story.items("/agreements")).isEmpty();
      long one = story.settle(new DraftSigned().draft("named").party("us"));
      assertThat(texts(story.items("/agreements"), "/draft")).containsExactly("named");
      // Every principal, where the text names nobody.
      long all = story.settle(new DraftSigned().draft("all").party("ua"));
      assertThat(texts(story.items("/agreements"), "/draft")).containsExactly("named", "all");
      assertThat(stage(story, "all")).isEqualTo("SIGNED");
      assertThat(story.json("/drafts/all").at("/signatures").toString())
          .isEqualTo("[\"ru\",\"ua\"]");
      assertThat(texts(story.items("/agreements?asOf=" + (all - 1)), "/draft"))
          .containsExactly("named");
      assertThat(story.items("/agreements?asOf=" + (one - 1))).isEmpty();
      // A principal who joins later does not undo it.
      story.settle(new PartyAdded().party("xx").name("X").role(PartyRole.PRINCIPAL));
      assertThat(texts(story.items("/agreements"), "/draft")).containsExactly("named", "all");
      JsonNode named = story.json("/drafts/named");
      assertThat(named.at("/disclosed/edtf").asString()).isEqualTo("2024~");
      assertThat(named.at("/provisions/0/obligor").asString()).isEqualTo("ua");
      assertThat(named.at("/sequence").asLong()).isEqualTo(one);
      assertThat(named.at("/version").asLong()).isEqualTo(6);
      assertThat(named.at("/source/chain/0/name").asString()).isEqualTo("The Gazette");
    }
  }

  @Test
  void rule24_aTextIsAnAgreementOnceItsRatificationIsRecorded() {
    try (Story story = new Story(service, "ratified")) {
      story.settle(draft("minerals", "ua", "us"));
      story.settle(draft("peace", "ru", "ua"));
      story.settle(new DraftDisclosed().draft("peace"));
      story.settle(new AgreementRatified().draft("minerals").party("ua"));
      assertThat(texts(story.items("/agreements"), "/draft")).containsExactly("minerals");
      assertThat(stage(story, "minerals")).isEqualTo("RATIFIED");
      assertThat(stage(story, "peace")).isEqualTo("DISCLOSED");
      // Nobody said when it became public: by then at the latest.
      assertThat(story.json("/drafts/peace").at("/disclosed/edtf").asString())
          .isEqualTo("../2025-05-14");
      assertThat(story.json("/drafts/peace").at("/disclosed/qualifier").asString())
          .isEqualTo("INFERRED");
    }
  }

  @Test
  void rule25_aNonMentionIsReadWithThePeriodThatBoundsIt() {
    try (Story story = new Story(service, "silence")) {
      story.settle(
          said("silence", "ru", "Said nothing of it")
              .kind(AnnouncementKind.NON_MENTION)
              .period(Recorder.date("2025-05-01/2025-05-10")));
      JsonNode silence = story.items("/announcements?kind=NON_MENTION").getFirst();
      assertThat(silence.at("/period/earliest").asString()).isEqualTo("2025-04-30T10:00:00Z");
      assertThat(silence.at("/period/latest").asString()).isEqualTo("2025-05-11T12:00:00Z");
    }
  }

  @Test
  void rule27_anIndependentSourceCorroboratesAndAReprintAddsNothing() {
    try (Story story = new Story(service, "reprints")) {
      story.from("The Gazette", "kremlin=The Kremlin").settle(claim("c"));
      // The same speaker, printed elsewhere; then what the Gazette printed, printed by another.
      story.from("The Courier", "kremlin=The Kremlin").settle(corroborated("c", null));
      story.from("The Courier", "The KREMLIN").settle(corroborated("c", null));
      assertThat(story.items("/claims").getFirst().get("corroboratedBy")).isEmpty();
      story.from("The Herald").settle(corroborated("c", null));
      story.from("The Mirror", "*The Hérald").settle(corroborated("c", null));
      story.from("mirror=The Mirror", "*The Herald").settle(corroborated("c", actor("mirror")));
      List<JsonNode> by = voices(story, "/corroboratedBy");
      assertThat(by).hasSize(1);
      assertThat(by.getFirst().at("/source/chain/0/name").asString()).isEqualTo("The Herald");
      // The Gazette reports what somebody else says.
      story.from("The Gazette").settle(corroborated("c", actor("un").name("United Nations")));
      by = voices(story, "/corroboratedBy");
      assertThat(by).hasSize(2);
      assertThat(by.getLast().at("/by/name").asString()).isEqualTo("United Nations");
      assertThat(by.getLast().propertyNames()).noneMatch(name -> name.startsWith("~"));
      assertThat(story.items("/claims?contested=true")).isEmpty();
      assertThat(story.items("/claims?contested=false")).hasSize(1);
    }
  }

  @Test
  void rule28_aContestedClaimIsShownWithBothSidesHoweverRanked() {
    try (Story story = new Story(service, "contested")) {
      story.from("The Gazette", "ru=Russia").settle(claim("c"));
      story.from("The Herald").settle(corroborated("c", null));
      story.settle(claim("other"));
      story.from("The Gazette", "ua=Ukraine").settle(contested("c", null, "Not so"));
      story.settle(new ClaimRanked().claim("c").rank(Rank.DEPRECATED).reason("two deny it"));
      List<JsonNode> contested = story.items("/claims?contested=true");
      assertThat(texts(contested, "/claim")).containsExactly("c");
      JsonNode claim = contested.getFirst();
      assertThat(claim.get("contested").asBoolean()).isTrue();
      assertThat(claim.get("disputed").asBoolean()).isTrue();
      assertThat(claim.at("/rank").asString()).isEqualTo("DEPRECATED");
      assertThat(claim.at("/rankReason").asString()).isEqualTo("two deny it");
      assertThat(claim.get("corroboratedBy")).hasSize(1);
      assertThat(claim.at("/contestedBy/0/by/name").asString()).isEqualTo("Ukraine");
      assertThat(claim.at("/contestedBy/0/text").asString()).isEqualTo("Not so");
      assertThat(claim.at("/source/chain/1/name").asString()).isEqualTo("Russia");
      assertThat(story.items("/claims?contested=false").getFirst().has("disputed")).isFalse();
    }
  }

  @Test
  void rule28_aLaterStatementOfTheSameSpeakerSupersedesTheEarlier() {
    try (Story story = new Story(service, "later")) {
      story.from("The Gazette").settle(claim("c"));
      story.from("The Gazette", "ua=Ukraine").asserted("2025-05-10");
      story.settle(corroborated("c", null));
      story.asserted("2025-05-12").settle(contested("c", null, "No more"));
      // Recorded late, said before: the newest on record does not win by being newest.
      story.asserted("2025-05-11").settle(corroborated("c", null));
      assertThat(voices(story, "/corroboratedBy")).isEmpty();
      assertThat(voices(story, "/contestedBy")).hasSize(1);
      story.asserted("2025-05-13").settle(corroborated("c", null));
      assertThat(voices(story, "/corroboratedBy")).hasSize(1);
      assertThat(voices(story, "/contestedBy")).isEmpty();
    }
  }

  @Test
  void rule28_thePositionIsTheSpeakersLastWordAndAnotherSpeakersStandsBeside() {
    try (Story story = new Story(service, "positions")) {
      story.from("The Gazette", "minister=The minister").asserted("2025-05-10");
      story.settle(position("p1", "minister", "A truce of ten days"));
      story.asserted("2025-05-12").settle(position("p2", "minister", "A truce of thirty days"));
      // Said before, recorded after.
      story.asserted("2025-05-11").settle(position("p3", "minister", "A truce of twenty days"));
      JsonNode cell = cell(story, "ua", "ceasefire");
      assertThat(cell.at("/announcement").asString()).isEqualTo("p2");
      assertThat(cell.at("/text").asString()).isEqualTo("A truce of thirty days");
      assertThat(texts(cell.get("history"), "/announcement")).containsExactly("p1", "p3");
      assertThat(cell.has("disputed")).isFalse();
      assertThat(cell.get("beside")).isEmpty();
      // A newspaper that has it from nobody is newest and weighs least.
      story.from("The Herald").asserted(null).settle(position("p4", "aide", "No truce"));
      cell = cell(story, "ua", "ceasefire");
      assertThat(cell.at("/announcement").asString()).isEqualTo("p2");
      assertThat(cell.at("/authority").asString()).isEqualTo("SPOKESPERSON");
      assertThat(texts(cell.get("beside"), "/authority")).containsExactly("MEDIA");
      assertThat(cell.get("disputed").asBoolean()).isTrue();
      // The party's own words weigh most.
      story.from("The Gazette", "ua=Ukraine").settle(position("p5", "ua", "A truce at once"));
      assertThat(cell(story, "ua", "ceasefire").at("/announcement").asString()).isEqualTo("p5");
      // What is taken back no longer stands.
      story.settle(Facts.retracted("p5"));
      cell = cell(story, "ua", "ceasefire");
      assertThat(cell.at("/announcement").asString()).isEqualTo("p2");
      assertThat(texts(cell.get("history"), "/status")).contains("RETRACTED");
      // Without the last word the one before it is the last.
      story.settle(new AnnouncementHeld().announcement("p2").reason("being checked"));
      assertThat(cell(story, "ua", "ceasefire").at("/announcement").asString()).isEqualTo("p3");
    }
  }

  @Test
  void rule28_aThirdPartysClarificationReplacesNothing() {
    try (Story story = new Story(service, "clarified")) {
      story.settle(said("own", "trump", "Willing to come"));
      story.settle(
          said("clarification", "kellogg", "Only if the other comes")
              .kind(AnnouncementKind.CLARIFICATION)
              .inReplyTo("own"));
      JsonNode own = story.json("/announcements/own");
      assertThat(own.at("/text").asString()).isEqualTo("Willing to come");
      assertThat(own.at("/status").asString()).isEqualTo("PUBLISHED");
      assertThat(own.at("/version").asLong()).isEqualTo(1);
      assertThat(story.items("/announcements/own/versions")).hasSize(1);
    }
  }

  @Test
  void positionsAreACellForEachPartyAndTopicAndHoldAnswersToProposals() {
    try (Story story = new Story(service, "matrix")) {
      story.settle(position("p1", "x", "Exchange").topics(List.of("prisoners", "ceasefire")));
      story.settle(position("own", "ru", "Neutrality").onBehalfOf(null).topics(List.of("nato")));
      story.settle(proposal("truce"));
      long answered =
          story.settle(
              new ProposalAnswered()
                  .proposal("truce")
                  .party("ru")
                  .answer(Answer.ACCEPTED_WITH_RESERVATIONS)
                  .text("With nuances"));
      List<JsonNode> cells = story.items("/positions");
      assertThat(texts(cells, "/party")).containsExactly("ru", "ru", "ua", "ua");
      assertThat(texts(cells, "/topic"))
          .containsExactly("ceasefire", "nato", "ceasefire", "prisoners");
      JsonNode answer = cells.getFirst();
      assertThat(answer.at("/text").asString()).isEqualTo("With nuances");
      assertThat(answer.get("announcement").isNull()).isTrue();
      assertThat(answer.at("/proposal").asString()).isEqualTo("truce");
      assertThat(answer.at("/answer").asString()).isEqualTo("ACCEPTED_WITH_RESERVATIONS");
      assertThat(texts(story.items("/positions?topic=ceasefire"), "/party"))
          .containsExactly("ru", "ua");
      assertThat(texts(story.items("/positions?party=ua&topic=ceasefire"), "/announcement"))
          .containsExactly("p1");
      assertThat(story.items("/positions?asOf=" + (answered - 1))).hasSize(3);
      JsonNode page = story.json("/positions?limit=3");
      assertThat(page.get("items")).hasSize(3);
      JsonNode next = story.json("/positions?limit=3&cursor=" + page.get("next").asString());
      assertThat(texts(next.get("items"), "/topic")).containsExactly("prisoners");
      // A corrected topic leaves one cell and enters another.
      story.settle(Facts.corrected("own", "Neutrality", 1).topics(List.of("neutrality")));
      assertThat(texts(story.items("/positions?party=ru"), "/topic"))
          .containsExactly("ceasefire", "neutrality");
    }
  }

  @Test
  void aProposalHasItsLineage() {
    try (Story story = new Story(service, "lineage")) {
      story.settle(proposal("truce").to("ru"));
      story.settle(
          new ProposalAnswered().proposal("truce").party("ru").answer(Answer.REJECTED).text("No"));
      story.settle(
          new ProposalReiterated().proposal("truce").by(actor("us").name("United States")),
          "2025-05-08");
      story.settle(new ProposalAnswered().proposal("truce").party("ru").answer(Answer.ACCEPTED));
      JsonNode proposal = story.items("/proposals").getFirst();
      assertThat(proposal.at("/status").asString()).isEqualTo("ACCEPTED");
      assertThat(proposal.at("/to").asString()).isEqualTo("ru");
      assertThat(proposal.at("/by/id").asString()).isEqualTo("us");
      assertThat(proposal.at("/version").asLong()).isEqualTo(4);
      assertThat(texts(proposal.get("lineage"), "/event"))
          .containsExactly(
              "ProposalMade", "ProposalAnswered", "ProposalReiterated", "ProposalAnswered");
      assertThat(texts(proposal.get("lineage"), "/sequence")).containsExactly("2", "3", "4", "5");
      assertThat(texts(proposal.get("lineage"), "/by/name"))
          .containsExactly("United States", "Russia", "United States", "Russia");
      assertThat(proposal.at("/lineage/2/occurred/edtf").asString()).isEqualTo("2025-05-08");
      assertThat(texts(proposal.get("answers"), "/answer")).containsExactly("ACCEPTED");
      story.settle(new ProposalWithdrawn().proposal("truce"));
      proposal = story.items("/proposals").getFirst();
      assertThat(proposal.at("/status").asString()).isEqualTo("WITHDRAWN");
      assertThat(story.items("/proposals?asOf=4").getFirst().at("/status").asString())
          .isEqualTo("REITERATED");
      // The answer was to an offer that is gone.
      JsonNode cell = cell(story, "ru", "ceasefire");
      assertThat(cell.get("text").isNull()).isTrue();
      assertThat(cell.get("history")).hasSize(2);
    }
  }

  private static String stage(Story story, String draft) {
    String stage = story.json("/drafts/" + draft).at("/stage").asString();
    assertThat(
            story.items("/drafts").stream()
                .filter(item -> item.at("/draft").asString().equals(draft))
                .map(item -> item.at("/stage").asString()))
        .containsExactly(stage);
    return stage;
  }

  private static JsonNode cell(Story story, String party, String topic) {
    List<JsonNode> cells = story.items("/positions?party=" + party + "&topic=" + topic);
    assertThat(cells).hasSize(1);
    return cells.getFirst();
  }

  private static List<JsonNode> voices(Story story, String side) {
    return Story.list(story.items("/claims").getFirst().at(side));
  }

  private static Actor actor(String id) {
    return new Actor().id(id);
  }

  private static AnnouncementPublished said(String id, String speaker, String text) {
    return Facts.announced(id, speaker, text).onBehalfOf(null);
  }

  private static AnnouncementPublished position(String id, String speaker, String text) {
    return Facts.announced(id, speaker, text)
        .kind(AnnouncementKind.POSITION)
        .onBehalfOf(actor("ua"));
  }

  private static ProposalMade proposal(String id) {
    return new ProposalMade()
        .proposal(id)
        .by(actor("us").name("United States"))
        .topic("ceasefire")
        .text("A truce");
  }

  private static ClaimRecorded claim(String id) {
    return new ClaimRecorded().claim(id).kind(ClaimKind.FACTUAL).text("It is so");
  }

  private static ClaimCorroborated corroborated(String id, @Nullable Actor by) {
    return new ClaimCorroborated().claim(id).by(by);
  }

  private static ClaimContested contested(String id, @Nullable Actor by, String text) {
    return new ClaimContested().claim(id).by(by).text(text);
  }

  private static DraftRecorded draft(String id, String... parties) {
    return new DraftRecorded()
        .draft(id)
        .title("A text")
        .parties(List.of(parties))
        .provisions(
            List.of(new Provision().provision("p").obligor("ua").topic("nato").text("Stays out")));
  }
}
