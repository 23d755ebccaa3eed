package io.parley.desk;

import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What was said, offered, claimed and drafted in the talks of May 2025, who they were and where
 * they went: what the scenario expects to be answered.
 */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class IstanbulRecordsTest {
  private final SharedDesk desk;

  IstanbulRecordsTest(SharedDesk desk) {
    this.desk = desk;
  }

  private JsonNode told(String path) throws IOException {
    return desk.asOf(desk.length(), path);
  }

  @Test
  void rule24_theDraftOf2022IsNoAgreementAndTheMineralAgreementIs() throws IOException {
    assertThat(texts(told("/agreements").get("items"), "/draft"))
        .containsExactly("mineral-agreement");
    assertThat(texts(desk.now("/agreements").get("items"), "/draft"))
        .containsExactly("mineral-agreement");
    assertThat(texts(told("/drafts").get("items"), "/draft"))
        .containsExactly("istanbul-2022", "mineral-agreement");
    for (int moment = 1; moment <= desk.length(); moment++) {
      assertThat(texts(desk.asOf(moment, "/agreements").get("items"), "/draft"))
          .doesNotContain("istanbul-2022");
    }
    long ratified = desk.sequence("AgreementRatified", "draft:mineral-agreement");
    assertThat(desk.asOf(ratified - 1, "/agreements").get("items")).isEmpty();
    JsonNode minerals = told("/drafts/mineral-agreement");
    assertThat(text(minerals, "/stage")).isEqualTo("RATIFIED");
    assertThat(minerals.get("sequence").asLong()).isEqualTo(ratified);
  }

  @Test
  void theDraftSaysWhoOwesWhatToWhomForWhat() throws IOException {
    JsonNode draft = told("/drafts/istanbul-2022");
    assertThat(text(draft, "/stage")).isEqualTo("DISCLOSED");
    assertThat(text(draft, "/drafted/edtf")).isEqualTo("2022-04-15");
    assertThat(text(draft, "/drafted/qualifier")).isEqualTo("INFERRED");
    assertThat(text(draft, "/disclosed/edtf")).isEqualTo("2024~");
    assertThat(draft.get("signatures")).isEmpty();
    JsonNode provisions = draft.get("provisions");
    assertThat(provisions).hasSize(5);
    JsonNode nato = find(provisions, "/provision", "no-nato");
    assertThat(text(nato, "/obligor")).isEqualTo("ua");
    assertThat(texts(nato.get("beneficiaries"), "")).containsExactly("ru");
    JsonNode guarantees = find(provisions, "/provision", "guarantees");
    assertThat(guarantees.get("obligor").isNull()).isTrue();
    assertThat(texts(guarantees.get("guarantors"), ""))
        .containsExactly("us", "uk", "fr", "cn", "ru");
    assertThat(texts(guarantees.get("inExchangeFor"), ""))
        .containsExactly("no-nato", "smaller-forces");
    assertThat(
            list(provisions).stream()
                .filter(provision -> !provision.get("deferredTo").isNull())
                .map(provision -> text(provision, "/topic")))
        .hasSize(1);
    assertThat(text(draft, "/source/chain/1/name")).isEqualTo("US media");
  }

  @Test
  void proposalsHaveTheirLineage() throws IOException {
    JsonNode proposals = told("/proposals").get("items");
    JsonNode truce = find(proposals, "/proposal", "ceasefire-30-days");
    assertThat(text(truce, "/by/name")).isEqualTo("Donald Trump");
    assertThat(texts(truce.get("lineage"), "/event"))
        .containsExactly("ProposalMade", "ProposalAnswered", "ProposalReiterated");
    // The original is undated; the reiteration is not.
    assertThat(truce.at("/lineage/0/occurred").isNull()).isTrue();
    assertThat(text(truce, "/lineage/2/occurred/edtf")).isEqualTo("2025-05-08");
    assertThat(text(truce, "/answers/0/answer")).isEqualTo("ACCEPTED_WITH_RESERVATIONS");
    assertThat(text(truce, "/answers/0/by/name")).isEqualTo("Russia");
    JsonNode talks = find(proposals, "/proposal", "talks-in-istanbul");
    assertThat(text(talks, "/to")).isEqualTo("ua");
    assertThat(text(talks, "/status")).isEqualTo("MADE");
    assertThat(text(talks, "/occurred/dayPart")).isEqualTo("NIGHT");
  }

  @Test
  void rule28_thatTheTalksContinueThoseOf2022IsContested() throws IOException {
    JsonNode contested = told("/claims?contested=true").get("items");
    assertThat(texts(contested, "/claim")).containsExactly("continuation-of-2022");
    JsonNode claim = contested.get(0);
    assertThat(text(claim, "/source/chain/1/name")).isEqualTo("The Russian side");
    assertThat(text(claim, "/contestedBy/0/by/name")).isEqualTo("News report of 15 May 2025");
    assertThat(claim.get("disputed").asBoolean()).isTrue();
    assertThat(text(claim, "/rank")).isEqualTo("NORMAL");
    JsonNode pressure = find(told("/claims").get("items"), "/claim", "us-pressure");
    // The report's own: nobody else says so.
    assertThat(texts(pressure.at("/source/chain"), "/name"))
        .containsExactly("News report of 15 May 2025");
    assertThat(pressure.get("corroboratedBy")).isEmpty();
    assertThat(pressure.get("contested").asBoolean()).isFalse();
    long before = desk.sequence("ClaimContested", "claim:continuation-of-2022") - 1;
    assertThat(desk.asOf(before, "/claims?contested=true").get("items")).isEmpty();
  }

  @Test
  void positionsAreKnownByPartyAndTopic() throws IOException {
    JsonNode positions = told("/positions").get("items");
    assertThat(
            list(positions).stream().map(cell -> text(cell, "/party") + " " + text(cell, "/topic")))
        .containsExactly("ru ceasefire", "ua ceasefire", "ua prisoner-exchange");
    JsonNode prisoners = find(positions, "/topic", "prisoner-exchange");
    assertThat(text(prisoners, "/announcement")).isEqualTo("ua-position-prisoners");
    assertThat(text(prisoners, "/speaker/name")).isEqualTo("Volodymyr Zelenskyy");
    assertThat(prisoners.get("history")).isEmpty();
    JsonNode ceasefire = told("/positions?topic=ceasefire").get("items");
    assertThat(text(find(ceasefire, "/party", "ua"), "/announcement"))
        .isEqualTo("ua-position-ceasefire");
    JsonNode russia = find(ceasefire, "/party", "ru");
    assertThat(text(russia, "/answer")).isEqualTo("ACCEPTED_WITH_RESERVATIONS");
    assertThat(text(russia, "/speaker/name")).isEqualTo("Vladimir Putin");
  }

  @Test
  void rule25_silenceIsBoundedByAPeriod() throws IOException {
    JsonNode silence = told("/announcements?kind=NON_MENTION&topic=ceasefire").get("items");
    assertThat(texts(silence, "/announcement")).containsExactly("ru-offer-without-ceasefire");
    assertThat(text(silence, "/0/period/earliest")).isEqualTo("2025-05-10T07:00:00Z");
  }

  @Test
  void sybihaIsEnRouteToAntalya() throws IOException {
    JsonNode itinerary = json("/api/people/andrii-sybiha/itinerary").get("items");
    assertThat(texts(itinerary, "/type")).containsExactly("leg", "meeting");
    assertThat(text(itinerary, "/0/status")).isEqualTo("DEPARTED");
    assertThat(text(itinerary, "/0/to/name")).isEqualTo("Antalya");
    assertThat(text(itinerary, "/1/meeting")).isEqualTo("allies-antalya");
    // Neither has a date: which comes first, nobody says.
    assertThat(text(itinerary, "/1/previousIs")).isEqualTo("UNDETERMINED");
    JsonNode sybiha = json("/api/people/andrii-sybiha");
    assertThat(text(sybiha, "/name")).isEqualTo("Andrii Sybiha");
    assertThat(texts(sybiha.get("aliases"), "")).contains("Sibiga", "Andriy Sibiga");
    JsonNode medinsky = json("/api/people/vladimir-medinsky");
    assertThat(text(medinsky, "/office")).isEqualTo("aide to the President of Russia");
    assertThat(medinsky.at("/memberships/0/head").asBoolean()).isTrue();
    assertThat(text(medinsky, "/memberships/0/party")).isEqualTo("ru");
    assertThat(texts(json("/api/people/volodymyr-zelenskyy/itinerary").get("items"), "/type"))
        .containsExactly("leg", "meeting");
  }

  @Test
  void theScenariosSpellingsAreFound() throws IOException {
    for (String words : List.of("Sibiga", "sybiha", "Andriy SIBIGA")) {
      assertThat(found(words)).as(words).contains("person andrii-sybiha");
    }
    assertThat(found("Sibiga")).contains("meeting allies-antalya");
    for (String words : List.of("Zelensky", "Zelenskyy")) {
      assertThat(found(words))
          .as(words)
          .contains("person volodymyr-zelenskyy", "announcement ua-zelenskyy-willing");
    }
    for (String words : List.of("Kiev", "Kyiv")) {
      assertThat(found(words))
          .as(words)
          .contains(
              "negotiation istanbul-2025", "meeting opening", "announcement ua-position-ceasefire");
    }
    for (String words : List.of("Moscow", "Kremlin", "\"Russian side\"")) {
      assertThat(found(words))
          .as(words)
          .contains("negotiation istanbul-2025", "announcement ru-offer-of-11-may");
    }
    for (String words : List.of("Turkey", "Türkiye", "turkiye")) {
      assertThat(found(words)).as(words).contains("negotiation istanbul-2025", "meeting opening");
    }
    assertThat(found("Geneva")).isEmpty();
  }

  @Test
  void afterTheContinuationTheOpeningHasSequence1InTheCalendar() throws IOException {
    String then =
        desk.process().get(SharedDesk.BASE + "/schedule.ics?asOf=" + desk.length()).body();
    assertThat(then).contains("UID:opening.istanbul-2025@parley", "SEQUENCE:0");
    assertThat(then).contains("DTSTART;VALUE=DATE:20250515").doesNotContain("SEQUENCE:1");
    String now = desk.process().get(SharedDesk.BASE + "/schedule.ics").body();
    assertThat(now).contains("UID:opening.istanbul-2025@parley", "SEQUENCE:1");
    assertThat(now).contains("DTSTART;VALUE=DATE:20250516");
    // Of the two others nobody knows when they are.
    assertThat(now.split("BEGIN:VEVENT", -1)).hasSize(2);
    assertThat(desk.process().get(SharedDesk.BASE + "/announcements.atom").body())
        .contains("http://www.w3.org/2005/Atom", "Donald Trump");
  }

  @Test
  void rule21_whatWasNeverCorrectedHasOneVersion() throws IOException {
    JsonNode versions = told("/announcements/us-trump-willing/versions").get("items");
    assertThat(texts(versions, "/event")).containsExactly("AnnouncementPublished");
    assertThat(versions.at("/0/supersededBy").isNull()).isTrue();
  }

  private List<String> found(String words) throws IOException {
    return list(
            json("/api/search?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8)).get("items"))
        .stream()
        .map(item -> text(item, "/type") + " " + text(item, "/id"))
        .toList();
  }

  private JsonNode json(String path) throws IOException {
    Reply reply = desk.process().get(path);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
    return reply.json();
  }
}
