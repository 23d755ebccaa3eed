package io.parley.desk;

import static io.parley.desk.DaytonDesk.BASE;
import static io.parley.desk.DaytonDesk.EXAMPLE;
import static io.parley.desk.DaytonDesk.RESTRICTED;
import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.pages;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The talks of 1995, an example of another shape: who meets whom, where and when, as its page says.
 */
@ExtendWith(DaytonDesk.Given.class)
@Timeout(300)
class DaytonTalksTest {
  private static final int FACTS = 39;
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (\\d+ [A-Z].+) \\|");
  private static final Pattern MENTION = Pattern.compile("(\\d+) ([A-Z][A-Za-z]+) `([a-z0-9-]+)");

  private final DaytonDesk desk;

  DaytonTalksTest(DaytonDesk desk) {
    this.desk = desk;
  }

  @Test
  void theTimelineHasWhatIsPublicAndNoGap() throws IOException {
    List<JsonNode> timeline = pages(desk.process(), BASE + "/timeline", 50);
    assertThat(timeline).hasSize(desk.lines().stream().mapToInt(DaytonDesk::events).sum());
    assertThat(timeline.stream().map(entry -> entry.get("sequence").asInt()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, timeline.size()).boxed().toList());
    assertThat(timeline.toString()).doesNotContain(RESTRICTED).doesNotContain("restricted");
    assertThat(text(desk.process().audit("/api/audit" + BASE.substring(4)).json(), "/length"))
        .isEqualTo(String.valueOf(timeline.size()));
  }

  @Test
  void eachLineIsAFactOfThePage() throws IOException {
    Set<Integer> facts = new TreeSet<>();
    Set<Integer> told = new TreeSet<>();
    for (String line : Files.readAllLines(EXAMPLE.resolve("README.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        facts.add(Integer.valueOf(row.group(1)));
        Matcher mention = MENTION.matcher(row.group(2));
        while (mention.find()) {
          JsonNode command = desk.lines().get(Integer.parseInt(mention.group(1)) - 1);
          assertThat(text(command, "/type")).isEqualTo(mention.group(2));
          assertThat(command.toString()).contains(mention.group(3));
          told.add(Integer.valueOf(mention.group(1)));
        }
      }
    }
    assertThat(facts).containsExactlyElementsOf(IntStream.rangeClosed(1, FACTS).boxed().toList());
    assertThat(told)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, desk.lines().size()).boxed().toList());
  }

  @Test
  void whatIsConstructedIsMarkedInItsSource() {
    assertThat(
            desk.lines().stream()
                .filter(line -> line.at("/source/confidence").asString("").equals("UNVERIFIED"))
                .map(line -> line.at("/source/chain/0/name").asString()))
        .isNotEmpty()
        .containsOnly("The editor of this example");
  }

  @Test
  void ninePartiesAreJoinedByTwo() throws IOException {
    assertThat(texts(desk.now("").get("parties"), "/party"))
        .containsExactly(
            "ba", "hr", "yu", "us", "eu", "ru", "uk", "fr", "de", "rs", "eastern-slavonia-serbs");
    assertThat(texts(desk.asOf(desk.after("AddParty", "rs"), "").get("parties"), "/party"))
        .hasSize(10)
        .doesNotContain("eastern-slavonia-serbs");
    assertThat(texts(desk.get("/api/negotiations?q=Proximity").json().get("items"), "/negotiation"))
        .containsExactly("dayton-1995");
  }

  @Test
  void theMediatorsTeamIsAnotherAfterMountIgman() throws IOException {
    assertThat(
            desk.asOf(desk.after("PublishAnnouncement", "us-initiative"), "/delegations")
                .get("items"))
        .isEmpty();
    JsonNode before =
        desk.asOf(desk.after("CancelLeg", "holbrooke-sarajevo-19-aug"), "/delegations/us");
    assertThat(texts(before.get("members"), "/person/id"))
        .containsExactly("robert-frasure", "joseph-kruzel", "nelson-drew", "wesley-clark");
    assertThat(text(before, "/basis")).isEqualTo("us-initiative");
    JsonNode us = desk.now("/delegations/us");
    assertThat(text(us, "/head/id")).isEqualTo("richard-holbrooke");
    assertThat(texts(us.get("members"), "/person/id"))
        .containsExactly("wesley-clark", "christopher-hill", "roberts-owen");
    assertThat(texts(us.get("members"), "/capacity"))
        .containsExactly("MEMBER", "MEMBER", "ADVISER");
  }

  @Test
  void rule31_theJointDelegationIsThereOnceItIsPublished() throws IOException {
    long published = desk.after("PublishDelegation", "yu");
    assertThat(desk.status("/delegations/yu?asOf=" + (published - 1))).isEqualTo(404);
    assertThat(texts(desk.asOf(published - 1, "/delegations").get("items"), "/party"))
        .containsExactly("rs", "us");
    JsonNode yu = desk.asOf(published, "/delegations/yu");
    assertThat(text(yu, "/head/id")).isEqualTo("slobodan-milosevic");
    assertThat(yu.get("version").asInt()).isEqualTo(1);
    assertThat(text(desk.asOf(published, "/timeline?from=" + published), "/items/0/type"))
        .isEqualTo("DelegationComposed");
  }

  @Test
  void rule6_threeArePassedOverToTheJointDelegationWhichIsThenWhole() throws IOException {
    JsonNode yu = desk.now("/delegations/yu");
    assertThat(texts(yu.get("members"), "/person/id"))
        .containsExactlyInAnyOrder(
            "nikola-koljevic",
            "aleksa-buha",
            "momcilo-krajisnik",
            "momir-bulatovic",
            "milan-milutinovic");
    assertThat(text(yu, "/roster")).isEqualTo("COMPLETE");
    assertThat(
            text(desk.asOf(desk.after("CompleteRoster", "yu") - 1, "/delegations/yu"), "/roster"))
        .isEqualTo("PARTIAL");
    JsonNode rs = desk.now("/delegations/rs");
    assertThat(text(rs, "/head/id")).isEqualTo("radovan-karadzic");
    assertThat(rs.get("members")).isEmpty();
    assertThat(text(rs, "/source/confidence")).isEqualTo("REPORTED");
    JsonNode left = desk.now("/timeline?type=MemberWithdrawn").get("items");
    assertThat(texts(left, "/data/transferredTo"))
        .containsExactly("null", "null", "null", "yu", "yu", "yu");
    JsonNode joined = desk.now("/timeline?type=MemberAppointed").get("items");
    assertThat(texts(joined, "/data/transferredFrom"))
        .containsExactly("null", "null", "rs", "rs", "rs", "null", "null");
  }

  @Test
  void rule5_croatiasHeadIsReplacedAndComesBack() throws IOException {
    JsonNode hr = desk.now("/delegations/hr");
    assertThat(texts(hr.get("heads"), "/person/id"))
        .containsExactly("franjo-tudjman", "mate-granic", "franjo-tudjman");
    assertThat(texts(hr.get("members"), "/person/id")).contains("mate-granic", "gojko-susak");
    JsonNode meanwhile = desk.asOf(desk.after("ReplaceHead", "mate-granic"), "/delegations/hr");
    assertThat(text(meanwhile, "/head/id")).isEqualTo("mate-granic");
    assertThat(texts(meanwhile.get("members"), "/person/id")).contains("franjo-tudjman");
  }

  @Test
  void rule17_theOpeningKeepsItsEarlierStartsAndPlaces() throws IOException {
    JsonNode first = desk.asOf(desk.after("ScheduleMeeting", "opening"), "/meetings/opening");
    assertThat(text(first, "/start/edtf")).isEqualTo("1995-10-25~");
    assertThat(text(first, "/place/kind")).isEqualTo("COUNTRY");
    assertThat(first.get("zone").isNull()).isTrue();
    JsonNode opening = desk.now("/meetings/opening");
    assertThat(text(opening, "/start/edtf")).isEqualTo("1995-11-01");
    assertThat(texts(opening.get("previousStarts"), "/edtf"))
        .containsExactly("1995-10-25~", "1995-10-31");
    assertThat(opening.get("icalSequence").asInt()).isEqualTo(2);
    assertThat(text(opening, "/venue/within/id")).isEqualTo("dayton");
    assertThat(text(opening, "/status")).isEqualTo("CONCLUDED");
    assertThat(text(opening, "/outcome")).isEqualTo("ADJOURNED");
    assertThat(opening.get("excluded").toString())
        .isEqualTo("[{\"field\":\"place\",\"value\":\"newport\"}]");
  }

  @Test
  void rule17_aCorrectedDayIsNoEarlierStart() throws IOException {
    assertThat(
            text(
                desk.asOf(desk.after("ScheduleMeeting", "geneva"), "/meetings/geneva"),
                "/start/edtf"))
        .isEqualTo("1995-09-09");
    JsonNode geneva = desk.now("/meetings/geneva");
    assertThat(text(geneva, "/start/edtf")).isEqualTo("1995-09-08");
    assertThat(geneva.get("previousStarts")).isEmpty();
    assertThat(geneva.get("icalSequence").asInt()).isZero();
  }

  @Test
  void meetingsAreOfSeveralFormatsAndEndInSeveralWays() throws IOException {
    JsonNode meetings = desk.now("/schedule").get("meetings");
    assertThat(text(find(meetings, "/meeting", "moscow"), "/status")).isEqualTo("CANCELLED");
    assertThat(text(find(meetings, "/meeting", "moscow"), "/format")).isEqualTo("TRILATERAL");
    JsonNode night = find(meetings, "/meeting", "map-night");
    assertThat(text(night, "/outcome")).isEqualTo("NO_AGREEMENT");
    // The night of the 20th is any that touches that day, in Dayton (rule 3).
    assertThat(text(night, "/start/earliest")).isEqualTo("1995-11-20T02:00:00Z");
    assertThat(text(night, "/start/latest")).isEqualTo("1995-11-21T11:00:00Z");
    assertThat(texts(meetings, "/format")).contains("DIRECT", "TRILATERAL", "MULTILATERAL");
    JsonNode rounds = desk.now("/schedule").get("rounds");
    assertThat(text(find(rounds, "/round", "shuttle"), "/format")).isEqualTo("INDIRECT");
    assertThat(find(rounds, "/round", "shuttle").get("outcome").isNull()).isTrue();
    assertThat(text(find(rounds, "/round", "principles"), "/outcome")).isEqualTo("AGREED");
  }

  @Test
  void theMediatorGoesBetweenTheCapitals() throws IOException {
    List<JsonNode> legs =
        list(desk.now("/schedule").get("legs")).stream()
            .filter(leg -> text(leg, "/person/id").equals("richard-holbrooke"))
            .toList();
    assertThat(legs.stream().map(leg -> text(leg, "/to/id")))
        .containsExactlyInAnyOrder(
            "belgrade", "zagreb", "sarajevo", "belgrade", "ankara", "geneva", "belgrade", "dayton");
    assertThat(
            legs.stream()
                .filter(leg -> text(leg, "/status").equals("CANCELLED"))
                .map(leg -> text(leg, "/leg")))
        .containsExactly("holbrooke-sarajevo-19-aug");
    JsonNode itinerary = desk.get("/api/people/richard-holbrooke/itinerary").json().get("items");
    assertThat(
            list(itinerary).stream()
                .filter(stop -> text(stop, "/type").equals("leg"))
                .map(stop -> text(stop, "/leg")))
        .containsExactly(
            "holbrooke-belgrade-17-aug",
            "holbrooke-zagreb-18-aug",
            "holbrooke-sarajevo-19-aug",
            "holbrooke-belgrade-30-aug",
            "holbrooke-ankara",
            "holbrooke-geneva",
            "holbrooke-belgrade-13-sep",
            "holbrooke-dayton");
    JsonNode leg = find(desk.now("/schedule").get("legs"), "/leg", "milosevic-dayton");
    assertThat(text(leg, "/status")).isEqualTo("ARRIVED");
    assertThat(text(leg, "/arrive/earliest")).isEqualTo("1995-10-31T05:00:00Z");
    assertThat(text(leg, "/arrive/latest")).isEqualTo("1995-11-02T05:00:00Z");
    assertThat(text(leg, "/arrive/qualifier")).isEqualTo("INFERRED");
  }
}
