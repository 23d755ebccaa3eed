package io.parley.desk;

import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.pages;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The talks of 1995, an example of another shape: what the whole system answers, as its page says.
 */
@Timeout(300)
class DaytonTalksTest {
  private static final Path EXAMPLE = Path.of("../../examples/dayton-1995");
  private static final String BASE = "/api/negotiations/dayton-1995";
  private static final int FACTS = 39;
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (\\d+ [A-Z].+) \\|");
  private static final Pattern MENTION = Pattern.compile("(\\d+) ([A-Z][A-Za-z]+) `([a-z0-9-]+)");

  /** Announcements that the public never learns of. */
  private static final Set<String> RESTRICTED =
      Set.of("us-failure-statement", "us-closing-communique");

  private static List<JsonNode> lines = List.of();
  private static DeskProcess desk;

  @BeforeAll
  static void load(@TempDir Path directory) throws Exception {
    lines =
        Files.readAllLines(EXAMPLE.resolve("commands.ndjson")).stream()
            .map(Origin.JSON::readTree)
            .toList();
    desk = DeskProcess.start(directory.resolve("data"));
    List<Path> files = List.of(EXAMPLE.resolve("commands.ndjson"));
    Load load = new Load(desk.origin(), Progress.over(files));
    load.files(files);
    assertThat(load.refused()).as("refused").isZero();
    assertThat(desk.after(BASE, load.tokens("dayton-1995")).status()).isEqualTo(200);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    try (DeskProcess running = desk) {
      // In good order, so that the database is gone before its files are.
      assertThat(running.terminate(Duration.ofMinutes(1))).as("exit code").hasValue(0);
    }
  }

  /** How many events of a line are on the timeline. */
  private static int events(JsonNode line) {
    boolean restricted =
        RESTRICTED.contains(line.path("announcement").asString(""))
            || !line.path("published").asBoolean(true);
    return restricted ? 0 : line.path("type").asString().equals("TransferMember") ? 2 : 1;
  }

  /** Sequence just after the first line of this type that names this id. */
  private static long after(String type, String id) {
    long sequence = 0;
    for (JsonNode line : lines) {
      sequence += events(line);
      if (text(line, "/type").equals(type) && names(line, id)) {
        return sequence;
      }
    }
    throw new AssertionError("there is no line " + type + " " + id);
  }

  private static boolean names(JsonNode line, String id) {
    return line.properties().stream()
        .map(field -> field.getValue())
        .anyMatch(value -> id.equals(value.path("id").asString(value.asString(""))));
  }

  private static JsonNode now(String path) throws IOException {
    Reply reply = desk.get(BASE + path);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static JsonNode asOf(long sequence, String path) throws IOException {
    return now(path + (path.contains("?") ? "&" : "?") + "asOf=" + sequence);
  }

  private static int status(String path) throws IOException {
    return desk.get(BASE + path).status();
  }

  @Test
  void theTimelineHasWhatIsPublicAndNoGap() throws IOException {
    List<JsonNode> timeline = pages(desk, BASE + "/timeline", 50);
    assertThat(timeline).hasSize(lines.stream().mapToInt(DaytonTalksTest::events).sum());
    assertThat(timeline.stream().map(entry -> entry.get("sequence").asInt()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, timeline.size()).boxed().toList());
    assertThat(timeline.toString()).doesNotContain(RESTRICTED).doesNotContain("restricted");
    assertThat(text(desk.get("/api/audit" + BASE.substring(4)).json(), "/length"))
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
          JsonNode command = lines.get(Integer.parseInt(mention.group(1)) - 1);
          assertThat(text(command, "/type")).isEqualTo(mention.group(2));
          assertThat(command.toString()).contains(mention.group(3));
          told.add(Integer.valueOf(mention.group(1)));
        }
      }
    }
    assertThat(facts).containsExactlyElementsOf(IntStream.rangeClosed(1, FACTS).boxed().toList());
    assertThat(told)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, lines.size()).boxed().toList());
  }

  @Test
  void whatIsConstructedIsMarkedInItsSource() {
    assertThat(
            lines.stream()
                .filter(line -> line.at("/source/confidence").asString("").equals("UNVERIFIED"))
                .map(line -> line.at("/source/chain/0/name").asString()))
        .isNotEmpty()
        .containsOnly("The editor of this example");
  }

  @Test
  void ninePartiesAreJoinedByTwo() throws IOException {
    assertThat(texts(now("").get("parties"), "/party"))
        .containsExactly(
            "ba", "hr", "yu", "us", "eu", "ru", "uk", "fr", "de", "rs", "eastern-slavonia-serbs");
    assertThat(texts(asOf(after("AddParty", "rs"), "").get("parties"), "/party"))
        .hasSize(10)
        .doesNotContain("eastern-slavonia-serbs");
    assertThat(texts(desk.get("/api/negotiations?q=Proximity").json().get("items"), "/negotiation"))
        .containsExactly("dayton-1995");
  }

  @Test
  void theMediatorsTeamIsAnotherAfterMountIgman() throws IOException {
    assertThat(asOf(after("PublishAnnouncement", "us-initiative"), "/delegations").get("items"))
        .isEmpty();
    JsonNode before = asOf(after("CancelLeg", "holbrooke-sarajevo-19-aug"), "/delegations/us");
    assertThat(texts(before.get("members"), "/person/id"))
        .containsExactly("robert-frasure", "joseph-kruzel", "nelson-drew", "wesley-clark");
    assertThat(text(before, "/basis")).isEqualTo("us-initiative");
    JsonNode us = now("/delegations/us");
    assertThat(text(us, "/head/id")).isEqualTo("richard-holbrooke");
    assertThat(texts(us.get("members"), "/person/id"))
        .containsExactly("wesley-clark", "christopher-hill", "roberts-owen");
    assertThat(texts(us.get("members"), "/capacity"))
        .containsExactly("MEMBER", "MEMBER", "ADVISER");
  }

  @Test
  void rule31_theJointDelegationIsThereOnceItIsPublished() throws IOException {
    long published = after("PublishDelegation", "yu");
    assertThat(status("/delegations/yu?asOf=" + (published - 1))).isEqualTo(404);
    assertThat(texts(asOf(published - 1, "/delegations").get("items"), "/party"))
        .containsExactly("rs", "us");
    JsonNode yu = asOf(published, "/delegations/yu");
    assertThat(text(yu, "/head/id")).isEqualTo("slobodan-milosevic");
    assertThat(yu.get("version").asInt()).isEqualTo(1);
    assertThat(text(asOf(published, "/timeline?from=" + published), "/items/0/type"))
        .isEqualTo("DelegationComposed");
  }

  @Test
  void rule6_threeArePassedOverToTheJointDelegationWhichIsThenWhole() throws IOException {
    JsonNode yu = now("/delegations/yu");
    assertThat(texts(yu.get("members"), "/person/id"))
        .containsExactlyInAnyOrder(
            "nikola-koljevic",
            "aleksa-buha",
            "momcilo-krajisnik",
            "momir-bulatovic",
            "milan-milutinovic");
    assertThat(text(yu, "/roster")).isEqualTo("COMPLETE");
    assertThat(text(asOf(after("CompleteRoster", "yu") - 1, "/delegations/yu"), "/roster"))
        .isEqualTo("PARTIAL");
    JsonNode rs = now("/delegations/rs");
    assertThat(text(rs, "/head/id")).isEqualTo("radovan-karadzic");
    assertThat(rs.get("members")).isEmpty();
    assertThat(text(rs, "/source/confidence")).isEqualTo("REPORTED");
    JsonNode left = now("/timeline?type=MemberWithdrawn").get("items");
    assertThat(texts(left, "/data/transferredTo"))
        .containsExactly("null", "null", "null", "yu", "yu", "yu");
    JsonNode joined = now("/timeline?type=MemberAppointed").get("items");
    assertThat(texts(joined, "/data/transferredFrom"))
        .containsExactly("null", "null", "rs", "rs", "rs", "null", "null");
  }

  @Test
  void rule5_croatiasHeadIsReplacedAndComesBack() throws IOException {
    JsonNode hr = now("/delegations/hr");
    assertThat(texts(hr.get("heads"), "/person/id"))
        .containsExactly("franjo-tudjman", "mate-granic", "franjo-tudjman");
    assertThat(texts(hr.get("members"), "/person/id")).contains("mate-granic", "gojko-susak");
    JsonNode meanwhile = asOf(after("ReplaceHead", "mate-granic"), "/delegations/hr");
    assertThat(text(meanwhile, "/head/id")).isEqualTo("mate-granic");
    assertThat(texts(meanwhile.get("members"), "/person/id")).contains("franjo-tudjman");
  }

  @Test
  void rule17_theOpeningKeepsItsEarlierStartsAndPlaces() throws IOException {
    JsonNode first = asOf(after("ScheduleMeeting", "opening"), "/meetings/opening");
    assertThat(text(first, "/start/edtf")).isEqualTo("1995-10-25~");
    assertThat(text(first, "/place/kind")).isEqualTo("COUNTRY");
    assertThat(first.get("zone").isNull()).isTrue();
    JsonNode opening = now("/meetings/opening");
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
    assertThat(text(asOf(after("ScheduleMeeting", "geneva"), "/meetings/geneva"), "/start/edtf"))
        .isEqualTo("1995-09-09");
    JsonNode geneva = now("/meetings/geneva");
    assertThat(text(geneva, "/start/edtf")).isEqualTo("1995-09-08");
    assertThat(geneva.get("previousStarts")).isEmpty();
    assertThat(geneva.get("icalSequence").asInt()).isZero();
  }

  @Test
  void meetingsAreOfSeveralFormatsAndEndInSeveralWays() throws IOException {
    JsonNode meetings = now("/schedule").get("meetings");
    assertThat(text(find(meetings, "/meeting", "moscow"), "/status")).isEqualTo("CANCELLED");
    assertThat(text(find(meetings, "/meeting", "moscow"), "/format")).isEqualTo("TRILATERAL");
    JsonNode night = find(meetings, "/meeting", "map-night");
    assertThat(text(night, "/outcome")).isEqualTo("NO_AGREEMENT");
    // The night of the 20th is any that touches that day, in Dayton (rule 3).
    assertThat(text(night, "/start/earliest")).isEqualTo("1995-11-20T02:00:00Z");
    assertThat(text(night, "/start/latest")).isEqualTo("1995-11-21T11:00:00Z");
    assertThat(texts(meetings, "/format")).contains("DIRECT", "TRILATERAL", "MULTILATERAL");
    JsonNode rounds = now("/schedule").get("rounds");
    assertThat(text(find(rounds, "/round", "shuttle"), "/format")).isEqualTo("INDIRECT");
    assertThat(find(rounds, "/round", "shuttle").get("outcome").isNull()).isTrue();
    assertThat(text(find(rounds, "/round", "principles"), "/outcome")).isEqualTo("AGREED");
  }

  @Test
  void theMediatorGoesBetweenTheCapitals() throws IOException {
    List<JsonNode> legs =
        list(now("/schedule").get("legs")).stream()
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
    JsonNode leg = find(now("/schedule").get("legs"), "/leg", "milosevic-dayton");
    assertThat(text(leg, "/status")).isEqualTo("ARRIVED");
    assertThat(text(leg, "/arrive/earliest")).isEqualTo("1995-10-31T05:00:00Z");
    assertThat(text(leg, "/arrive/latest")).isEqualTo("1995-11-02T05:00:00Z");
    assertThat(text(leg, "/arrive/qualifier")).isEqualTo("INFERRED");
  }

  @Test
  void rule21_aCorrectionOfACorrectionShowsTheLast() throws IOException {
    JsonNode said =
        asOf(after("PublishAnnouncement", "us-ceasefire"), "/announcements/us-ceasefire");
    assertThat(text(said, "/text")).contains("30 days");
    JsonNode last = now("/announcements/us-ceasefire");
    assertThat(text(last, "/status")).isEqualTo("CORRECTED");
    assertThat(text(last, "/text")).contains("60 days").contains("if gas and electricity");
    assertThat(last.get("version").asInt()).isEqualTo(3);
  }

  @Test
  void rule22_theReportThatWasWrongIsATombstone() throws IOException {
    JsonNode gone = now("/announcements/report-ceasefire-begun");
    assertThat(text(gone, "/status")).isEqualTo("RETRACTED");
    assertThat(gone.get("text").isNull()).isTrue();
    assertThat(text(gone, "/note")).contains("gas and electricity");
    long before = after("RetractAnnouncement", "report-ceasefire-begun") - 1;
    assertThat(text(asOf(before, "/announcements/report-ceasefire-begun"), "/text"))
        .contains("10 October");
    JsonNode contested = now("/claims?contested=true").get("items");
    assertThat(texts(contested, "/claim")).containsExactly("ceasefire-from-10-october");
    assertThat(contested.at("/0/basisWithdrawn").asBoolean()).isTrue();
    assertThat(text(contested, "/0/rank")).isEqualTo("DEPRECATED");
    assertThat(asOf(before, "/claims").at("/items/0/basisWithdrawn").asBoolean()).isFalse();
    JsonNode right = find(now("/claims").get("items"), "/claim", "ceasefire-from-12-october");
    assertThat(text(right, "/rank")).isEqualTo("PREFERRED");
    assertThat(texts(right.get("corroboratedBy"), "/by/id")).containsExactly("united-nations");
    assertThat(right.path("basisWithdrawn").asBoolean()).isFalse();
  }

  @Test
  void rule28_anOfferIsAnsweredBySeveralAndAgainAYearLater() throws IOException {
    JsonNode proposals = now("/proposals").get("items");
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
    JsonNode sarajevo = now("/positions?topic=sarajevo").get("items");
    assertThat(texts(sarajevo, "/party")).containsExactly("ba", "rs", "yu");
  }

  @Test
  void aPositionIsHeldAndPutBack() throws IOException {
    String path = "/announcements/yu-position-sarajevo";
    long held = after("HoldAnnouncement", "yu-position-sarajevo");
    assertThat(text(asOf(held, path), "/status")).isEqualTo("HELD");
    assertThat(text(asOf(held + 1, path), "/status")).isEqualTo("PUBLISHED");
    assertThat(
            texts(now("/announcements?kind=POSITION&topic=sarajevo").get("items"), "/announcement"))
        .containsExactly("yu-position-sarajevo", "ba-position-sarajevo", "rs-position-sarajevo");
  }

  @Test
  void rule23_thePublicLearnsNothingOfWhatIsUnderEmbargo() throws IOException {
    for (String id : RESTRICTED) {
      Reply hidden = desk.get(BASE + "/announcements/" + id);
      Reply missing = desk.get(BASE + "/announcements/" + id.replace("us-", "xx-"));
      assertThat(hidden.status()).isEqualTo(404);
      assertThat(text(hidden.json(), "/code")).isEqualTo(text(missing.json(), "/code"));
      assertThat(status("/announcements/" + id + "?asOf=100")).isEqualTo(404);
    }
    assertThat(now("/announcements?topic=outcome").get("items")).isEmpty();
    assertThat(now("/announcements?q=initialled").get("items")).isEmpty();
    assertThat(pages(desk, BASE + "/announcements", 5).toString()).doesNotContain(RESTRICTED);
  }

  @Test
  void rule23_anEditorSeesTheCommuniqueAsItWasCorrected() throws Exception {
    String token = DeskKey.in(desk.data()).token(List.of("editor"), "editor", Duration.ofHours(1));
    Reply seen =
        desk.get(BASE + "/announcements/us-closing-communique", "Authorization", "Bearer " + token);
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    assertThat(text(seen.json(), "/text")).contains("initialled by the three delegations");
    assertThat(text(seen.json(), "/embargoUntil")).isEqualTo("2099-01-01T00:00:00Z");
  }

  @Test
  void rule24_theTextIsInitialledInDaytonAndSignedInParis() throws IOException {
    JsonNode initialled = now("/timeline?type=DraftInitialled").get("items");
    assertThat(texts(initialled, "/data/party")).containsExactly("ba", "hr", "yu");
    assertThat(texts(initialled, "/occurred/edtf")).containsOnly("1995-11-21");
    long erdut = after("SignDraft", "eastern-slavonia-serbs");
    assertThat(asOf(erdut - 1, "/agreements").get("items")).isEmpty();
    assertThat(texts(asOf(erdut, "/agreements").get("items"), "/draft")).containsExactly("erdut");
    long signed = after("SignDraft", "yu");
    assertThat(texts(asOf(signed - 1, "/agreements").get("items"), "/draft"))
        .containsExactly("erdut");
    assertThat(texts(asOf(signed, "/agreements").get("items"), "/draft"))
        .containsExactlyInAnyOrder("erdut", "framework");
    JsonNode before = asOf(after("InitialDraft", "yu"), "/drafts/framework");
    assertThat(text(before, "/stage")).isEqualTo("INITIALLED");
    assertThat(before.get("signatures")).isEmpty();
    assertThat(text(now("/drafts/framework"), "/stage")).isEqualTo("SIGNED");
    assertThat(text(now("/meetings/signing"), "/outcome")).isEqualTo("AGREED");
    JsonNode silence = now("/announcements?kind=NON_MENTION").get("items");
    assertThat(texts(silence, "/announcement")).containsExactly("framework-without-kosovo");
  }

  @Test
  void rule12_theThreePresidentsWaitForOneAnother() throws IOException {
    JsonNode conditions =
        asOf(
                after("StateCondition", "izetbegovic-with-milosevic"),
                "/timeline?type=ConditionStated")
            .get("items");
    assertThat(texts(conditions, "/data/person/id"))
        .containsExactly(
            "alija-izetbegovic", "slobodan-milosevic", "franjo-tudjman", "alija-izetbegovic");
    assertThat(
            list(conditions).stream()
                .skip(1)
                .map(condition -> text(condition, "/data/requires/person/id")))
        .containsExactly("franjo-tudjman", "alija-izetbegovic", "slobodan-milosevic");
    assertThat(texts(now("/timeline?type=PersonCheckedIn").get("items"), "/data/person/id"))
        .containsExactly("alija-izetbegovic", "franjo-tudjman", "slobodan-milosevic");
  }
}
