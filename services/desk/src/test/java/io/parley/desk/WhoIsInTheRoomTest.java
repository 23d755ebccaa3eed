package io.parley.desk;

import static io.parley.desk.SharedDesk.EXAMPLE;
import static io.parley.desk.SharedDesk.N;
import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who is expected at the talks of May 2025, and why: the example's answers about attendance. */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class WhoIsInTheRoomTest {
  private static final String PUTIN = "vladimir-putin";
  private static final String TRUMP = "donald-trump";
  private static final String ZELENSKYY = "volodymyr-zelenskyy";

  private final SharedDesk desk;

  WhoIsInTheRoomTest(SharedDesk desk) {
    this.desk = desk;
  }

  private JsonNode room(String query) throws IOException {
    return desk.asOf(desk.length(), "/attendance" + query);
  }

  private JsonNode person(String scope, String person) throws IOException {
    return find(room("?limit=1000&scope=" + scope).get("people"), "/person", person);
  }

  private static List<Long> chain(JsonNode person) {
    return list(person.get("because")).stream().map(link -> link.get("sequence").asLong()).toList();
  }

  @Test
  void dependentsOfPutinAreZelenskyyAndTrump() throws IOException {
    JsonNode answer = desk.asOf(desk.length(), "/attendance/" + PUTIN + "/dependents");
    assertThat(text(answer, "/person")).isEqualTo(PUTIN);
    JsonNode dependents = answer.get("dependents");
    assertThat(texts(dependents, "/person")).containsExactly(TRUMP, ZELENSKYY);
    assertThat(texts(dependents, "/scope")).containsExactly("city:istanbul", "talks");
    assertThat(list(dependents)).allMatch(each -> each.get("direct").asBoolean());
    assertThat(dependents.at("/0/via")).isEmpty();
    assertThat(room("/" + TRUMP + "/dependents").get("dependents")).isEmpty();
  }

  @Test
  void rule9_zelenskyyIsNotExpectedAtTheTalksBecausePutinDeclinedThem() throws IOException {
    JsonNode zelenskyy = person("talks", ZELENSKYY);
    assertThat(text(zelenskyy, "/derived")).isEqualTo("NOT_EXPECTED");
    assertThat(text(zelenskyy, "/name")).isEqualTo("Volodymyr Zelenskyy");
    long condition = desk.sequence("ConditionStated", "condition:zelenskyy-only-with-putin");
    long declined = desk.sequence("AttendanceStated", "attendance:" + PUTIN);
    assertThat(chain(zelenskyy)).containsExactly(condition, declined);
    assertThat(texts(zelenskyy.get("because"), "/text"))
        .containsExactly(
            "Volodymyr Zelenskyy will be at the talks only if Vladimir Putin is at the talks",
            "Vladimir Putin will not be at the talks");
    assertThat(text(zelenskyy, "/because/1/source/confidence")).isEqualTo("UNVERIFIED");
    // In the country he is said to be willing, and nothing follows.
    JsonNode inTheCountry = person("country:turkiye", ZELENSKYY);
    assertThat(text(inTheCountry, "/stated/status")).isEqualTo("WILLING");
    assertThat(text(inTheCountry, "/derived")).isEqualTo("UNDETERMINED");
    // Before Putin declined, nobody could tell.
    JsonNode before = desk.asOf(declined - 1, "/attendance?scope=talks");
    assertThat(text(find(before.get("people"), "/person", ZELENSKYY), "/derived"))
        .isEqualTo("UNDETERMINED");
  }

  @Test
  void rule10_trumpInIstanbulIsUndeterminedSinceTheTalksAreNotTheCity() throws IOException {
    JsonNode trump = person("city:istanbul", TRUMP);
    assertThat(text(trump, "/derived")).isEqualTo("UNDETERMINED");
    assertThat(text(trump, "/stated/status")).isEqualTo("WILLING");
    assertThat(texts(trump.get("because"), "/type"))
        .containsExactly("AttendanceStated", "ConditionStated");
    assertThat(text(person("meeting:opening", PUTIN), "/derived")).isEqualTo("NOT_EXPECTED");
    assertThat(text(person("city:istanbul", PUTIN), "/derived")).isEqualTo("UNDETERMINED");
  }

  @Test
  void rule16_evenIfPutinWentToIstanbulNobodyCouldTellOfTrump() throws IOException {
    String assumed = "&assume=" + PUTIN + "@city:istanbul:present";
    JsonNode whatIf = room("?scope=city:istanbul" + assumed);
    assertThat(text(find(whatIf.get("people"), "/person", TRUMP), "/derived"))
        .isEqualTo("UNDETERMINED");
    assertThat(text(find(whatIf.get("people"), "/person", PUTIN), "/derived"))
        .isEqualTo("EXPECTED");
    assertThat(text(whatIf, "/assumed/0/person")).isEqualTo(PUTIN);
    JsonNode absent = room("?scope=city:istanbul" + assumed.replace("present", "absent"));
    assertThat(text(find(absent.get("people"), "/person", TRUMP), "/derived"))
        .isEqualTo("NOT_EXPECTED");
    assertThat(room("?scope=city:istanbul").get("assumed")).isEmpty();
  }

  @Test
  void rule8_theAmericansAreInTheCountryAndPerhapsAtTheTable() throws IOException {
    for (String scope : List.of("country:turkiye", "meeting:opening")) {
      JsonNode people = room("?scope=" + scope).get("people");
      JsonNode us =
          list(people).stream()
              .filter(each -> each.get("person").isNull())
              .findFirst()
              .orElseThrow();
      assertThat(text(us, "/party")).isEqualTo("us");
      assertThat(text(us, "/name")).isEqualTo("United States");
      boolean country = scope.startsWith("country");
      assertThat(text(us, "/stated/status")).isEqualTo(country ? "CONFIRMED" : "UNCLEAR");
      assertThat(text(us, "/derived")).isEqualTo(country ? "EXPECTED" : "UNDETERMINED");
    }
    for (String person : List.of("marco-rubio", "steve-witkoff")) {
      assertThat(text(person("country:turkiye", person), "/derived")).isEqualTo("EXPECTED");
      assertThat(text(person("meeting:opening", person), "/derived")).isEqualTo("UNDETERMINED");
    }
  }

  @Test
  void rule7_nobodyIsSaidToBeNoMemberWhileTheRosterIsPartial() throws IOException {
    assertThat(text(person("talks", "vladimir-medinsky"), "/membership")).isEqualTo("MEMBER");
    assertThat(text(person("talks", "vladimir-medinsky"), "/derived")).isEqualTo("UNDETERMINED");
    assertThat(text(person("talks", PUTIN), "/membership")).isEqualTo("UNKNOWN");
    assertThat(room("?scope=talks").get("cycles")).isEmpty();
  }

  @Test
  void rule14_onceAnEditorFindsTheConditionUnmetTrumpIsNotExpected() throws IOException {
    String other = "istanbul-assessed";
    Set<String> kept = Set.of("ScheduleMeeting", "StateAttendance", "StateCondition");
    for (String line : Files.readAllLines(EXAMPLE.resolve("commands.ndjson"))) {
      ObjectNode command = (ObjectNode) Origin.JSON.readTree(line);
      String service = command.remove("service").asString();
      String type = text(command, "/type");
      if (type.equals("ConveneNegotiation")) {
        // Under other names, so that it is not found in place of the example.
        command.put("title", "What an editor can settle").remove("aliases");
      } else if (!kept.contains(type)) {
        continue;
      }
      command.put("negotiation", other).remove("round");
      Reply reply = desk.process().post(service, command.toString());
      assertThat(reply.status()).as("%s: %s", line, reply.body()).isIn(200, 201);
    }
    Reply assessed =
        desk.process()
            .post(
                "delegation",
                """
                {"type":"AssessCondition","negotiation":"%s","condition":"trump-only-if-putin",
                 "result":"UNMET","reason":"Putin stays in Moscow"}
                """
                    .formatted(other));
    assertThat(assessed.status()).as(assessed.body()).isEqualTo(201);
    String path = "/api/negotiations/" + other + "/attendance?scope=city:istanbul";
    Reply reply = desk.process().after(path, assessed.header("Parley-Token"));
    JsonNode trump = find(reply.json().get("people"), "/person", TRUMP);
    assertThat(text(trump, "/derived")).isEqualTo("NOT_EXPECTED");
    assertThat(text(trump, "/stated/status")).isEqualTo("WILLING");
    assertThat(texts(trump.get("because"), "/type"))
        .containsExactly("ConditionStated", "ConditionAssessed");
    assertThat(text(trump, "/because/1/text")).contains("Putin stays in Moscow");
    // Only if true proves nothing, whatever an editor found before.
    JsonNode whatIf =
        desk.process().get(path + "&assume=" + PUTIN + "@city:istanbul:present").json();
    assertThat(text(find(whatIf.get("people"), "/person", TRUMP), "/derived"))
        .isEqualTo("UNDETERMINED");
  }

  @Test
  void theBoardTellsWhoIsExpectedWhereAndWhy() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(
            new Board(desk.process().origin(), desk.process().origin(), N)
                .print(new PrintStream(out, true, StandardCharsets.UTF_8)))
        .isTrue();
    List<String> lines = new ArrayList<>(out.toString(StandardCharsets.UTF_8).lines().toList());
    assertThat(lines).contains("At the talks", "In Istanbul", "In Türkiye");
    assertThat(lines)
        .anyMatch(
            line ->
                line.contains("Volodymyr Zelenskyy")
                    && line.contains("NOT_EXPECTED")
                    && line.contains("only if Vladimir Putin is at the talks"))
        .anyMatch(line -> line.contains("Donald Trump") && line.contains("UNDETERMINED"))
        .anyMatch(line -> line.contains("Marco Rubio") && line.contains("EXPECTED"));
  }
}
