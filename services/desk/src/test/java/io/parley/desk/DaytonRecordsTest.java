package io.parley.desk;

import static io.parley.desk.DaytonDesk.BASE;
import static io.parley.desk.DaytonDesk.RESTRICTED;
import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.pages;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What was said, offered and signed in the talks of 1995, and what became of it. */
@ExtendWith(DaytonDesk.Given.class)
@Timeout(300)
class DaytonRecordsTest {
  private final DaytonDesk desk;

  DaytonRecordsTest(DaytonDesk desk) {
    this.desk = desk;
  }

  @Test
  void rule21_aCorrectionOfACorrectionShowsTheLast() throws IOException {
    JsonNode said =
        desk.asOf(desk.after("PublishAnnouncement", "us-ceasefire"), "/announcements/us-ceasefire");
    assertThat(text(said, "/text")).contains("30 days");
    JsonNode last = desk.now("/announcements/us-ceasefire");
    assertThat(text(last, "/status")).isEqualTo("CORRECTED");
    assertThat(text(last, "/text")).contains("60 days").contains("if gas and electricity");
    assertThat(last.get("version").asInt()).isEqualTo(3);
  }

  @Test
  void rule22_theReportThatWasWrongIsATombstone() throws IOException {
    JsonNode gone = desk.now("/announcements/report-ceasefire-begun");
    assertThat(text(gone, "/status")).isEqualTo("RETRACTED");
    assertThat(gone.get("text").isNull()).isTrue();
    assertThat(text(gone, "/note")).contains("gas and electricity");
    long before = desk.after("RetractAnnouncement", "report-ceasefire-begun") - 1;
    assertThat(text(desk.asOf(before, "/announcements/report-ceasefire-begun"), "/text"))
        .contains("10 October");
    JsonNode contested = desk.now("/claims?contested=true").get("items");
    assertThat(texts(contested, "/claim")).containsExactly("ceasefire-from-10-october");
    assertThat(contested.at("/0/basisWithdrawn").asBoolean()).isTrue();
    assertThat(text(contested, "/0/rank")).isEqualTo("DEPRECATED");
    assertThat(desk.asOf(before, "/claims").at("/items/0/basisWithdrawn").asBoolean()).isFalse();
    JsonNode right = find(desk.now("/claims").get("items"), "/claim", "ceasefire-from-12-october");
    assertThat(text(right, "/rank")).isEqualTo("PREFERRED");
    assertThat(texts(right.get("corroboratedBy"), "/by/id")).containsExactly("united-nations");
    assertThat(right.path("basisWithdrawn").asBoolean()).isFalse();
  }

  @Test
  void rule28_anOfferIsAnsweredBySeveralAndAgainAYearLater() throws IOException {
    JsonNode proposals = desk.now("/proposals").get("items");
    JsonNode split = find(proposals, "/proposal", "split-51-49");
    assertThat(texts(split.get("lineage"), "/event"))
        .containsExactly(
            "ProposalMade",
            "ProposalAnswered",
            "ProposalAnswered",
            "ProposalReiterated",
            "ProposalAnswered",
            "ProposalAnswered",
            "ProposalAnswered");
    assertThat(texts(split.get("answers"), "/by/id"))
        .containsExactlyInAnyOrder("ba", "hr", "yu", "rs");
    assertThat(text(find(proposals, "/proposal", "map-of-the-night"), "/status"))
        .isEqualTo("WITHDRAWN");
    JsonNode brcko = find(proposals, "/proposal", "brcko-arbitration");
    assertThat(texts(brcko.get("answers"), "/answer"))
        .containsExactlyInAnyOrder("ACCEPTED", "ACCEPTED_WITH_RESERVATIONS");
    JsonNode sarajevo = desk.now("/positions?topic=sarajevo").get("items");
    assertThat(texts(sarajevo, "/party")).containsExactly("ba", "rs", "yu");
  }

  @Test
  void aPositionIsHeldAndPutBack() throws IOException {
    String path = "/announcements/yu-position-sarajevo";
    long held = desk.after("HoldAnnouncement", "yu-position-sarajevo");
    assertThat(text(desk.asOf(held, path), "/status")).isEqualTo("HELD");
    assertThat(text(desk.asOf(held + 1, path), "/status")).isEqualTo("PUBLISHED");
    assertThat(
            texts(
                desk.now("/announcements?kind=POSITION&topic=sarajevo").get("items"),
                "/announcement"))
        .containsExactly("yu-position-sarajevo", "ba-position-sarajevo", "rs-position-sarajevo");
  }

  @Test
  void rule23_thePublicLearnsNothingOfWhatIsUnderEmbargo() throws IOException {
    for (String id : RESTRICTED) {
      Reply hidden = desk.get(BASE + "/announcements/" + id);
      Reply missing = desk.get(BASE + "/announcements/" + id.replace("us-", "xx-"));
      assertThat(hidden.status()).isEqualTo(404);
      assertThat(text(hidden.json(), "/code")).isEqualTo(text(missing.json(), "/code"));
      assertThat(desk.status("/announcements/" + id + "?asOf=100")).isEqualTo(404);
    }
    assertThat(desk.now("/announcements?topic=outcome").get("items")).isEmpty();
    assertThat(desk.now("/announcements?q=initialled").get("items")).isEmpty();
    assertThat(pages(desk.process(), BASE + "/announcements", 5).toString())
        .doesNotContain(RESTRICTED);
  }

  @Test
  void rule23_anEditorSeesTheCommuniqueAsItWasCorrected() throws Exception {
    String token =
        DeskKey.in(desk.process().data()).token(List.of("editor"), "editor", Duration.ofHours(1));
    Reply seen =
        desk.get(BASE + "/announcements/us-closing-communique", "Authorization", "Bearer " + token);
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    assertThat(text(seen.json(), "/text")).contains("initialled by the three delegations");
    assertThat(text(seen.json(), "/embargoUntil")).isEqualTo("2099-01-01T00:00:00Z");
  }

  @Test
  void rule24_theTextIsInitialledInDaytonAndSignedInParis() throws IOException {
    JsonNode initialled = desk.now("/timeline?type=DraftInitialled").get("items");
    assertThat(texts(initialled, "/data/party")).containsExactly("ba", "hr", "yu");
    assertThat(texts(initialled, "/occurred/edtf")).containsOnly("1995-11-21");
    long erdut = desk.after("SignDraft", "eastern-slavonia-serbs");
    assertThat(desk.asOf(erdut - 1, "/agreements").get("items")).isEmpty();
    assertThat(texts(desk.asOf(erdut, "/agreements").get("items"), "/draft"))
        .containsExactly("erdut");
    long signed = desk.after("SignDraft", "yu");
    assertThat(texts(desk.asOf(signed - 1, "/agreements").get("items"), "/draft"))
        .containsExactly("erdut");
    assertThat(texts(desk.asOf(signed, "/agreements").get("items"), "/draft"))
        .containsExactlyInAnyOrder("erdut", "framework");
    JsonNode before = desk.asOf(desk.after("InitialDraft", "yu"), "/drafts/framework");
    assertThat(text(before, "/stage")).isEqualTo("INITIALLED");
    assertThat(before.get("signatures")).isEmpty();
    assertThat(text(desk.now("/drafts/framework"), "/stage")).isEqualTo("SIGNED");
    assertThat(text(desk.now("/meetings/signing"), "/outcome")).isEqualTo("AGREED");
    JsonNode silence = desk.now("/announcements?kind=NON_MENTION").get("items");
    assertThat(texts(silence, "/announcement")).containsExactly("framework-without-kosovo");
  }
}
