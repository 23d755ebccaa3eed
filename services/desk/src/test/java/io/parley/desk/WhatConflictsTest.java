package io.parley.desk;

import static io.parley.desk.SharedDesk.BASE;
import static io.parley.desk.SharedDesk.N;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What conflicts in the example, and what differs between two moments of it. */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class WhatConflictsTest {
  private final SharedDesk desk;

  WhatConflictsTest(SharedDesk desk) {
    this.desk = desk;
  }

  private JsonNode told(String path) throws IOException {
    return desk.asOf(desk.length(), path);
  }

  private static List<JsonNode> of(JsonNode conflicts, String severity) {
    return list(conflicts.get("items")).stream()
        .filter(each -> text(each, "/severity").equals(severity))
        .toList();
  }

  @Test
  void rule19_rubioAndWitkoffAreLateForTheOpening() throws IOException {
    List<JsonNode> late = of(told("/conflicts"), "LATE");
    assertThat(late)
        .extracting(each -> each.get("subjects").toString())
        .containsExactly(
            "[\"person:marco-rubio\",\"meeting:opening\",\"leg:rubio-to-istanbul\"]",
            "[\"person:steve-witkoff\",\"meeting:opening\",\"leg:witkoff-to-istanbul\"]");
    JsonNode rubio = late.getFirst();
    assertThat(text(rubio, "/explanation"))
        .isEqualTo(
            "Marco Rubio arrives in Istanbul on 2025-05-16, after the start of"
                + " 'Opening of the direct talks' in Istanbul on 2025-05-15");
    assertThat(texts(rubio.get("because"), "/type"))
        .containsExactly("MeetingScheduled", "AttendanceStated", "LegRecorded");
    assertThat(text(rubio, "/because/2/source/chain/0/name"))
        .isEqualTo("News report of 15 May 2025");
  }

  @Test
  void rule19_theDayAfterNobodyIsLateAnyMore() throws IOException {
    assertThat(of(desk.now("/conflicts"), "LATE")).isEmpty();
    assertThat(of(told("/conflicts"), "LATE")).hasSize(2);
  }

  @Test
  void rule19_trumpsStayInTheEmiratesPossiblyConflictsWithIstanbul() throws IOException {
    List<JsonNode> possible =
        of(told("/conflicts"), "POSSIBLE").stream()
            .filter(each -> text(each, "/kind").equals("OVERLAP"))
            .toList();
    assertThat(possible)
        .extracting(each -> each.get("subjects").toString())
        .containsExactly(
            "[\"person:donald-trump\",\"meeting:opening\",\"stay:trump-middle-east\"]");
    assertThat(text(possible.getFirst(), "/explanation"))
        .contains("Donald Trump", "United Arab Emirates", "until 2025-05-15", "in Istanbul");
    assertThat(of(told("/conflicts"), "HARD")).isEmpty();
  }

  @Test
  void rule20_theExclusionsOfTheReportAreNoConflicts() throws IOException {
    assertThat(texts(told("/conflicts").get("items"), "/kind")).doesNotContain("EXCLUSION");
  }

  @Test
  void betweenNoonOnThe14thAndRow9AreTheDecreeTheDelegationAndItsHead() throws IOException {
    long noon = desk.sequence("AnnouncementPublished", "announcement:ru-decree-delegation") - 1;
    long headed = desk.sequence("HeadAppointed", "delegation:ru");
    JsonNode diff = desk.now("/diff?from=" + noon + "&to=" + headed);
    assertThat(texts(diff.get("added"), "/path"))
        .containsExactly(
            "/announcements/ru-decree-delegation", "/delegations/ru", "/delegations/ru/head");
    assertThat(diff.get("changed")).isEmpty();
    assertThat(diff.get("removed")).isEmpty();
    assertThat(text(diff, "/added/2/value/name")).isEqualTo("Vladimir Medinsky");
    assertThat(texts(diff.at("/added/1/events"), "/type"))
        .containsExactly("DelegationComposed", "HeadAppointed");
    assertThat(texts(diff.at("/added/2/events"), "/type")).containsExactly("HeadAppointed");
    assertThat(diff.get("from").asLong()).isEqualTo(noon);
    assertThat(diff.get("to").asLong()).isEqualTo(headed);
    assertThat(desk.process().get(BASE + "/diff?from=" + headed + "&to=" + noon).status())
        .isEqualTo(400);
  }

  @Test
  void theDayAfterTheOpeningHasAnotherStartAndUkraineADelegation() throws IOException {
    JsonNode diff = desk.now("/diff?from=" + desk.length());
    assertThat(texts(diff.get("added"), "/path"))
        .contains("/delegations/ua", "/delegations/ua/head");
    JsonNode start = SharedDesk.find(diff.get("changed"), "/path", "/meetings/opening/start");
    assertThat(text(start, "/old/edtf")).isEqualTo("2025-05-15");
    assertThat(text(start, "/new/edtf")).isEqualTo("2025-05-16");
    assertThat(texts(start.get("events"), "/type")).containsExactly("MeetingRescheduled");
  }

  @Test
  void theBoardTellsTheConflicts() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Board(desk.process().origin(), desk.process().origin(), N)
        .print(new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .contains("Conflicts")
        .anyMatch(line -> line.contains("POSSIBLE") && line.contains("Donald Trump"));
  }
}
