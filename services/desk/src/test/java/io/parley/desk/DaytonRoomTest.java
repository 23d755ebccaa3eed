package io.parley.desk;

import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Who was expected where in the talks of 1995, and why; what conflicted, and until when. */
@ExtendWith(DaytonDesk.Given.class)
@Timeout(300)
class DaytonRoomTest {
  private static final String IZETBEGOVIC = "alija-izetbegovic";
  private static final String TUDJMAN = "franjo-tudjman";
  private static final String MILOSEVIC = "slobodan-milosevic";

  private final DaytonDesk desk;

  DaytonRoomTest(DaytonDesk desk) {
    this.desk = desk;
  }

  @Test
  void rule9_aConditionThatIsMetMakesNobodyCome() throws IOException {
    long confirmed = desk.after("StateAttendance", "alija-izetbegovic");
    JsonNode before = person(confirmed - 1, "meeting:opening", "alija-izetbegovic");
    assertThat(text(before, "/derived")).isEqualTo("UNDETERMINED");
    assertThat(before.get("stated").isNull()).isTrue();
    JsonNode then = person(confirmed, "meeting:opening", "alija-izetbegovic");
    assertThat(text(then, "/derived")).isEqualTo("EXPECTED");
    assertThat(text(then, "/stated/status")).isEqualTo("CONFIRMED");
    assertThat(texts(then.get("because"), "/text"))
        .containsExactly(
            "Alija Izetbegović will be at the meeting 'Opening of the proximity talks'");
    assertThat(texts(then.get("because"), "/sequence")).containsExactly(String.valueOf(confirmed));
  }

  /** Each comes if and only if the next does: nothing settles one of them. */
  @Test
  void rule12_theThreePresidentsWaitForOneAnother() throws IOException {
    JsonNode room = room(cycle(), "meeting:initialling", "");
    for (String president : List.of(IZETBEGOVIC, TUDJMAN, MILOSEVIC)) {
      JsonNode one = find(room.get("people"), "/person", president);
      assertThat(text(one, "/derived")).as(president).isEqualTo("UNDETERMINED");
      assertThat(one.get("actual").isNull()).isTrue();
    }
    assertThat(room.get("cycles")).hasSize(1);
    assertThat(list(room.at("/cycles/0")).stream().map(JsonNode::asString))
        .containsExactlyInAnyOrder(IZETBEGOVIC, TUDJMAN, MILOSEVIC);
    JsonNode milosevic = find(room.get("people"), "/person", MILOSEVIC);
    assertThat(texts(milosevic.get("because"), "/text"))
        .containsExactly(
            "Slobodan Milošević will be at the meeting 'Initialling' if and only if"
                + " Franjo Tuđman is at the meeting 'Initialling'",
            "Franjo Tuđman will be at the meeting 'Initialling' if and only if"
                + " Alija Izetbegović is at the meeting 'Initialling'",
            "Alija Izetbegović will be at the meeting 'Initialling' if and only if"
                + " Slobodan Milošević is at the meeting 'Initialling'");
  }

  @Test
  void rule16_ifOneOfThemStayedAwayAllDid() throws IOException {
    String assume = "&assume=" + TUDJMAN + "@meeting:initialling:";
    JsonNode absent = room(cycle(), "meeting:initialling", assume + "absent");
    JsonNode present = room(cycle(), "meeting:initialling", assume + "present");
    for (String other : List.of(IZETBEGOVIC, MILOSEVIC)) {
      assertThat(text(find(absent.get("people"), "/person", other), "/derived"))
          .isEqualTo("NOT_EXPECTED");
      assertThat(text(find(present.get("people"), "/person", other), "/derived"))
          .isEqualTo("EXPECTED");
    }
    assertThat(texts(find(absent.get("people"), "/person", MILOSEVIC).get("because"), "/text"))
        .containsExactly(
            "Slobodan Milošević will be at the meeting 'Initialling' if and only if"
                + " Franjo Tuđman is at the meeting 'Initialling'",
            "If Franjo Tuđman were not at the meeting 'Initialling'");
    // Nothing is recorded by asking.
    assertThat(text(person(cycle(), "meeting:initialling", MILOSEVIC), "/derived"))
        .isEqualTo("UNDETERMINED");
  }

  @Test
  void rule15_whoeverIsSeenSettlesTheOthers() throws IOException {
    long first = desk.after("CheckIn", IZETBEGOVIC);
    JsonNode seen = person(first, "meeting:initialling", IZETBEGOVIC);
    assertThat(text(seen, "/actual")).isEqualTo("PRESENT");
    for (String other : List.of(TUDJMAN, MILOSEVIC)) {
      JsonNode follows = person(first, "meeting:initialling", other);
      assertThat(text(follows, "/derived")).as(other).isEqualTo("EXPECTED");
      assertThat(follows.get("actual").isNull()).isTrue();
    }
    JsonNode milosevic = person(first, "meeting:initialling", MILOSEVIC);
    assertThat(texts(milosevic.get("because"), "/text"))
        .containsExactly(
            "Slobodan Milošević will be at the meeting 'Initialling' if and only if"
                + " Franjo Tuđman is at the meeting 'Initialling'",
            "Franjo Tuđman will be at the meeting 'Initialling' if and only if"
                + " Alija Izetbegović is at the meeting 'Initialling'",
            "Alija Izetbegović was seen at the meeting 'Initialling'");
    long all = desk.after("CheckIn", MILOSEVIC);
    for (String president : List.of(IZETBEGOVIC, TUDJMAN, MILOSEVIC)) {
      assertThat(text(person(all, "meeting:initialling", president), "/actual"))
          .isEqualTo("PRESENT");
    }
  }

  @Test
  void rule14_whoDependsOnWhomIsTold() throws IOException {
    JsonNode dependents = desk.now("/attendance/" + IZETBEGOVIC + "/dependents").get("dependents");
    assertThat(texts(dependents, "/person")).containsExactly(TUDJMAN, MILOSEVIC);
    assertThat(dependents.at("/0/direct").asBoolean()).isTrue();
    assertThat(dependents.at("/1/direct").asBoolean()).isFalse();
    assertThat(list(dependents.at("/1/via")).stream().map(JsonNode::asString))
        .containsExactly(TUDJMAN);
  }

  @Test
  void rule10_whoIsAbsentFromTheTalksIsAtNoMeetingOfThem() throws IOException {
    for (String person : List.of("radovan-karadzic", "ratko-mladic")) {
      assertThat(text(now("talks", person), "/actual")).isEqualTo("ABSENT");
      for (String meeting : List.of("opening", "initialling", "signing")) {
        JsonNode there = now("meeting:" + meeting, person);
        assertThat(text(there, "/actual")).as(meeting).isEqualTo("ABSENT");
        assertThat(texts(there.get("because"), "/type")).as(meeting).contains("AbsenceRecorded");
      }
    }
  }

  @Test
  void rule15_atTheSigningYeltsinIsAbsentAndChernomyrdinIsThereForRussia() throws IOException {
    JsonNode yeltsin = now("meeting:signing", "boris-yeltsin");
    assertThat(text(yeltsin, "/actual")).isEqualTo("ABSENT");
    JsonNode chernomyrdin = now("meeting:signing", "viktor-chernomyrdin");
    assertThat(text(chernomyrdin, "/derived")).isEqualTo("EXPECTED");
    assertThat(text(chernomyrdin, "/party")).isEqualTo("ru");
    assertThat(texts(chernomyrdin.get("because"), "/text"))
        .containsExactly("Viktor Chernomyrdin will be at the meeting 'Signing in Paris'");
  }

  /** A day in the United States and the same day in Moscow overlap, by their bounds. */
  @Test
  void rule19_moscowAndTheOpeningConflictUntilTheOpeningIsMoved() throws IOException {
    long moscow = desk.after("ScheduleMeeting", "moscow");
    assertThat(conflicts(moscow - 1)).isEmpty();
    List<JsonNode> both = conflicts(moscow);
    assertThat(both.stream().map(each -> text(each, "/severity"))).containsOnly("POSSIBLE");
    assertThat(both.stream().map(each -> text(each, "/explanation")))
        .containsExactlyInAnyOrder(
            overlap("Alija Izetbegović"), overlap("franjo-tudjman"), overlap("Slobodan Milošević"));
    assertThat(both).allSatisfy(each -> assertThat(each.get("because")).isNotEmpty());
    // The third RescheduleMeeting but one: the opening was moved before, to the day of Moscow.
    long moved = desk.after("CancelMeeting", "moscow") - 1;
    assertThat(conflicts(moved - 1)).hasSize(3);
    assertThat(conflicts(moved)).isEmpty();
  }

  @Test
  void rule20_whatNobodyHoldsIsExcludedWithNoConflict() throws IOException {
    long excluded = desk.after("ExcludeValue", "meeting:opening");
    assertThat(desk.asOf(excluded, "/conflicts").toString()).doesNotContain("newport");
    assertThat(desk.now("/conflicts").toString()).doesNotContain("newport");
  }

  @Test
  void rule19_inTheEndTheCycleAndTheBasisThatIsGoneRemain() throws IOException {
    JsonNode items = desk.now("/conflicts").get("items");

    assertThat(texts(items, "/kind"))
        .containsExactlyInAnyOrder("BASIS_WITHDRAWN", "CYCLE", "OVERLAP", "OVERLAP", "OVERLAP");
    assertThat(text(find(items, "/kind", "BASIS_WITHDRAWN"), "/explanation"))
        .isEqualTo(
            "The claim 'ceasefire-from-10-october' rests on the announcement"
                + " 'report-ceasefire-begun', which was retracted");
    assertThat(text(find(items, "/kind", "CYCLE"), "/explanation"))
        .isEqualTo(
            "It depends on each other whether these come: Alija Izetbegović, Slobodan Milošević,"
                + " Franjo Tuđman");
    // The night of the 20th goes on until the 21st, at another venue of Dayton (rule 3).
    assertThat(list(items).stream().filter(each -> text(each, "/kind").equals("OVERLAP")))
        .hasSize(3)
        .allSatisfy(
            each -> {
              assertThat(text(each, "/severity")).isEqualTo("POSSIBLE");
              assertThat(text(each, "/explanation"))
                  .contains("'Milošević and Silajdžić over the map' in Dayton on 1995-11-20, night")
                  .endsWith(
                      "perhaps at the same time is to be at 'Initialling' in Dayton on"
                          + " 1995-11-21");
            });
  }

  private static String overlap(String name) {
    return name
        + " is to be at 'Opening of the proximity talks' in United States on 1995-10-31 and perhaps"
        + " at the same time is to be at 'The three presidents in Moscow, before the talks' in"
        + " Moscow on 1995-10-31";
  }

  private long cycle() {
    return desk.after("StateCondition", "izetbegovic-with-milosevic");
  }

  private JsonNode room(long sequence, String scope, String assume) throws IOException {
    return desk.asOf(sequence, "/attendance?limit=1000&scope=" + scope + assume);
  }

  private JsonNode person(long sequence, String scope, String person) throws IOException {
    return find(room(sequence, scope, "").get("people"), "/person", person);
  }

  private JsonNode now(String scope, String person) throws IOException {
    return find(desk.now("/attendance?limit=1000&scope=" + scope).get("people"), "/person", person);
  }

  /** Those of meetings that somebody cannot both be at. */
  private List<JsonNode> conflicts(long sequence) throws IOException {
    return list(desk.asOf(sequence, "/conflicts?limit=1000").get("items")).stream()
        .filter(each -> each.get("subjects").toString().contains("meeting:"))
        .toList();
  }
}
