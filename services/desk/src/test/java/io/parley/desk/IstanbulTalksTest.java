package io.parley.desk;

import static io.parley.desk.SharedDesk.BASE;
import static io.parley.desk.SharedDesk.EXAMPLE;
import static io.parley.desk.SharedDesk.N;
import static io.parley.desk.SharedDesk.PATHS;
import static io.parley.desk.SharedDesk.find;
import static io.parley.desk.SharedDesk.json;
import static io.parley.desk.SharedDesk.list;
import static io.parley.desk.SharedDesk.text;
import static io.parley.desk.SharedDesk.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The talks of May 2025, as the report tells of them: what the whole system answers of each fact,
 * and what it still answers of the moment before once more is known.
 */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class IstanbulTalksTest {
  private static final int FACTS = 40;
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| (.+) \\|");
  private static final Pattern MENTION = Pattern.compile("(\\d+) ([A-Z][A-Za-z]+) `");
  private static final Set<String> NOT_DATA =
      Set.of("service", "type", "negotiation", "source", "occurred", "asserted");

  /** What a command of the example becomes. */
  private static final Map<String, String> EVENTS =
      Map.ofEntries(
          Map.entry("ConveneNegotiation", "NegotiationConvened"),
          Map.entry("ScheduleRound", "RoundScheduled"),
          Map.entry("RecordRoundOutcome", "RoundOutcomeRecorded"),
          Map.entry("ScheduleMeeting", "MeetingScheduled"),
          Map.entry("OpenMeeting", "MeetingOpened"),
          Map.entry("ConcludeMeeting", "MeetingConcluded"),
          Map.entry("RecordLeg", "LegRecorded"),
          Map.entry("RecordStay", "StayRecorded"),
          Map.entry("ExcludeValue", "ValueExcluded"),
          Map.entry("ComposeDelegation", "DelegationComposed"),
          Map.entry("AppointHead", "HeadAppointed"),
          Map.entry("StateAttendance", "AttendanceStated"),
          Map.entry("StateCondition", "ConditionStated"),
          Map.entry("PublishAnnouncement", "AnnouncementPublished"),
          Map.entry("MakeProposal", "ProposalMade"),
          Map.entry("ReiterateProposal", "ProposalReiterated"),
          Map.entry("AnswerProposal", "ProposalAnswered"),
          Map.entry("RecordClaim", "ClaimRecorded"),
          Map.entry("ContestClaim", "ClaimContested"),
          Map.entry("RecordDraft", "DraftRecorded"),
          Map.entry("DiscloseDraft", "DraftDisclosed"),
          Map.entry("RatifyAgreement", "AgreementRatified"));

  private final SharedDesk desk;

  IstanbulTalksTest(SharedDesk desk) {
    this.desk = desk;
  }

  /** The report is known, and nothing of the day after. */
  private JsonNode told(String path) throws IOException {
    return desk.asOf(desk.length(), path);
  }

  @Test
  void everyFactIsOnTheTimelineInTheOrderInWhichItWasRecorded() throws IOException {
    List<JsonNode> commands =
        Files.readAllLines(EXAMPLE.resolve("commands.ndjson")).stream()
            .map(Origin.JSON::readTree)
            .toList();
    List<JsonNode> timeline = desk.timeline();
    assertThat(timeline).hasSize(commands.size());
    for (int i = 0; i < commands.size(); i++) {
      JsonNode command = commands.get(i);
      JsonNode entry = timeline.get(i);
      assertThat(entry.get("sequence").asInt()).isEqualTo(i + 1);
      assertThat(text(entry, "/type")).isEqualTo(EVENTS.get(text(command, "/type")));
      assertThat(text(entry, "/service")).isEqualTo(text(command, "/service"));
      for (var field : command.properties()) {
        JsonNode kept =
            NOT_DATA.contains(field.getKey()) ? entry : Objects.requireNonNull(entry.get("data"));
        if (!Set.of("service", "type", "negotiation").contains(field.getKey())) {
          assertThat(holds(field.getValue(), kept.get(field.getKey())))
              .as("%s of line %s in %s", field.getKey(), i + 1, entry)
              .isTrue();
        }
      }
    }
  }

  /** True where what is stored says at least what was given. */
  private static boolean holds(JsonNode given, @Nullable JsonNode stored) {
    if (stored == null) {
      return false;
    }
    if (given.isObject()) {
      return given.properties().stream()
          .allMatch(field -> holds(field.getValue(), stored.get(field.getKey())));
    }
    if (given.isArray()) {
      return stored.size() == given.size()
          && IntStream.range(0, given.size()).allMatch(i -> holds(given.get(i), stored.get(i)));
    }
    return given.equals(stored.isObject() && given.isString() ? stored.get("id") : stored);
  }

  @Test
  void eachOfTheFortyFactsHasItsEntries() throws IOException {
    Map<Integer, List<String>> facts = new TreeMap<>();
    for (String line : Files.readAllLines(EXAMPLE.resolve("README.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> types =
            facts.computeIfAbsent(Integer.valueOf(row.group(1)), any -> new ArrayList<>());
        Matcher mention = MENTION.matcher(row.group(2));
        while (mention.find()) {
          JsonNode entry = desk.timeline().get(Integer.parseInt(mention.group(1)) - 1);
          assertThat(text(entry, "/type")).isEqualTo(EVENTS.get(mention.group(2)));
          assertThat(text(entry, "/source/chain/0/name")).isEqualTo("News report of 15 May 2025");
          types.add(text(entry, "/type"));
        }
      }
    }
    assertThat(facts.keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, FACTS).boxed().toList());
    assertThat(facts.values()).noneMatch(List::isEmpty);
  }

  @Test
  void everyEntryIsChainedToTheOneBefore() throws IOException {
    String before = "0".repeat(64);
    Instant recorded = Instant.EPOCH;
    for (JsonNode entry : desk.timeline()) {
      assertThat(text(entry, "/previousHash")).isEqualTo(before);
      before = text(entry, "/hash");
      assertThat(before).matches("[0-9a-f]{64}");
      Instant at = Instant.parse(text(entry, "/recordedAt"));
      assertThat(at).isAfterOrEqualTo(recorded);
      recorded = at;
    }
    Reply audit = desk.process().audit("/api/audit/negotiations/" + N + "?asOf=" + desk.length());
    assertThat(text(audit.json(), "/headHash")).isEqualTo(before);
    assertThat(audit.json().get("length").asInt()).isEqualTo(desk.length());
  }

  @Test
  void whatWasRecordedFirstCanNoMoreBeChangedByLoadingItAgain() {
    assertThat(desk.again()).isEqualTo(desk.first());
  }

  @Test
  void atNoonOnThe14thNoDelegationIsKnown() throws IOException {
    long decree = desk.sequence("AnnouncementPublished", "announcement:ru-decree-delegation");
    long before = decree - 1;
    assertThat(desk.asOf(before, "/delegations").get("items")).isEmpty();
    assertThat(status("/delegations/ru", before)).isEqualTo(404);
    assertThat(status("/announcements/ru-decree-delegation", before)).isEqualTo(404);
    assertThat(desk.asOf(before, "/announcements?kind=DECREE").get("items")).isEmpty();
    // The meeting was known by then.
    assertThat(status("/meetings/opening", before)).isEqualTo(200);

    assertThat(status("/announcements/ru-decree-delegation", decree)).isEqualTo(200);
    assertThat(desk.asOf(decree, "/delegations").get("items")).isEmpty();
    long composed = desk.sequence("DelegationComposed", "delegation:ru");
    assertThat(desk.asOf(composed, "/delegations/ru").get("head").isNull()).isTrue();
    assertThat(text(desk.asOf(composed, "/delegations/ru"), "/basis"))
        .isEqualTo("ru-decree-delegation");
    long headed = desk.sequence("HeadAppointed", "delegation:ru");
    assertThat(text(desk.asOf(headed, "/delegations/ru"), "/head/id"))
        .isEqualTo("vladimir-medinsky");
  }

  @Test
  void aMomentCanBeAskedForByItsTimeToo() throws IOException {
    List<JsonNode> timeline = desk.timeline();
    for (JsonNode entry : timeline) {
      Instant at = Instant.parse(text(entry, "/recordedAt"));
      long last =
          timeline.stream()
              .filter(other -> !Instant.parse(text(other, "/recordedAt")).isAfter(at))
              .count();
      Reply byTime = desk.process().get(BASE + "/delegations?asOf=" + at);
      Reply bySequence = desk.process().get(BASE + "/delegations?asOf=" + last);
      assertThat(byTime.header("Parley-Sequence")).isEqualTo(String.valueOf(last));
      assertThat(byTime.body()).isEqualTo(bySequence.body());
    }
  }

  @Test
  void medinskyHeadsRussiasDelegationAndTheRestIsNotKnown() throws IOException {
    JsonNode russia = told("/delegations/ru");
    assertThat(text(russia, "/head/name")).isEqualTo("Vladimir Medinsky");
    assertThat(text(russia, "/head/office")).isEqualTo("aide to the President of Russia");
    assertThat(russia.get("members")).isEmpty();
    // Not known, which is not none (rule 7).
    assertThat(text(russia, "/roster")).isEqualTo("PARTIAL");
    assertThat(text(russia, "/basis")).isEqualTo("ru-decree-delegation");
    assertThat(russia.get("heads")).hasSize(1);
    assertThat(text(russia, "/heads/0/from/occurred/edtf")).isEqualTo("2025-05-14");
    assertThat(text(russia, "/heads/0/from/occurred/dayPart")).isEqualTo("LATE_EVENING");
    assertThat(text(russia, "/heads/0/from/occurred/qualifier")).isEqualTo("INFERRED");
    assertThat(russia.at("/heads/0/to").isNull()).isTrue();
    assertThat(texts(russia.at("/source/chain"), "/name"))
        .containsExactly("News report of 15 May 2025", "The Kremlin", "Vladimir Putin");
    assertThat(texts(told("/delegations").get("items"), "/party")).containsExactly("ru");
    assertThat(status("/delegations/ua", desk.length())).isEqualTo(404);
  }

  @Test
  void theNextMeetingIsOnThe15thAtNoTimeOfDay() throws IOException {
    JsonNode next = told("/schedule").get("meetings").get(0);
    assertThat(next).isEqualTo(told("/meetings/opening"));
    assertThat(text(next, "/meeting")).isEqualTo("opening");
    assertThat(text(next, "/status")).isEqualTo("SCHEDULED");
    assertThat(text(next, "/start/edtf")).isEqualTo("2025-05-15");
    assertThat(next.at("/start/dayPart").isNull()).isTrue();
    // The report gives no year: never shown as stated (rule 4).
    assertThat(text(next, "/start/qualifier")).isEqualTo("INFERRED");
    // It gives no zone either: anywhere on Earth (rule 2).
    assertThat(text(next, "/start/earliest")).isEqualTo("2025-05-14T10:00:00Z");
    assertThat(text(next, "/start/latest")).isEqualTo("2025-05-16T12:00:00Z");
    assertThat(next.get("zone").isNull()).isTrue();
    assertThat(next.get("venue").isNull()).isTrue();
    assertThat(text(next, "/place/id")).isEqualTo("istanbul");
    assertThat(text(next, "/place/within/name")).isEqualTo("Türkiye");
    assertThat(next.get("previousStarts")).isEmpty();
    assertThat(texts(told("/schedule?at=2025-06").get("meetings"), "/meeting"))
        .doesNotContain("opening");
  }

  @Test
  void roundsAreDirectOrIndirectByPeriod() throws IOException {
    JsonNode rounds = told("/schedule").get("rounds");
    JsonNode spring = find(rounds, "/round", "spring-2022");
    assertThat(text(spring, "/format")).isEqualTo("DIRECT");
    assertThat(text(spring, "/outcome")).isEqualTo("BROKEN_OFF");
    // "In the first weeks of the war" is no date, and none is made of it.
    assertThat(spring.get("start").isNull()).isTrue();
    JsonNode indirect = find(rounds, "/round", "indirect-2025");
    assertThat(text(indirect, "/format")).isEqualTo("INDIRECT");
    assertThat(text(indirect, "/start/edtf")).isEqualTo("2025-01~/..");
    assertThat(indirect.at("/start/latest").isNull()).isTrue();
    JsonNode may = find(rounds, "/round", "istanbul-may-2025");
    assertThat(text(may, "/format")).isEqualTo("DIRECT");
    assertThat(may.get("outcome").isNull()).isTrue();

    assertThat(texts(told("/schedule?at=2025-03").get("rounds"), "/round"))
        .contains("indirect-2025")
        .doesNotContain("istanbul-may-2025");
    assertThat(texts(told("/schedule?at=2025-05-15").get("rounds"), "/round"))
        .contains("istanbul-may-2025");
    long broken = desk.sequence("RoundOutcomeRecorded", "round:spring-2022");
    assertThat(desk.asOf(broken - 1, "/schedule").at("/rounds/0/outcome").isNull()).isTrue();
    assertThat(text(desk.asOf(broken, "/schedule"), "/rounds/0/outcome")).isEqualTo("BROKEN_OFF");
  }

  @Test
  void theUndatedBilateralIsConcludedAndHasNoStart() throws IOException {
    JsonNode bilateral = told("/meetings/zelenskyy-erdogan");
    assertThat(text(bilateral, "/kind")).isEqualTo("BILATERAL");
    assertThat(text(bilateral, "/status")).isEqualTo("CONCLUDED");
    assertThat(text(bilateral, "/outcome")).isEqualTo("UNKNOWN");
    assertThat(bilateral.get("start").isNull()).isTrue();
    assertThat(text(bilateral, "/place/name")).isEqualTo("Ankara");
    assertThat(bilateral.get("participants").toString())
        .isEqualTo("[\"volodymyr-zelenskyy\",\"recep-tayyip-erdogan\"]");
    long opened = desk.sequence("MeetingOpened", "meeting:zelenskyy-erdogan");
    assertThat(text(desk.asOf(opened - 1, "/meetings/zelenskyy-erdogan"), "/status"))
        .isEqualTo("SCHEDULED");
    assertThat(text(desk.asOf(opened, "/meetings/zelenskyy-erdogan"), "/status")).isEqualTo("OPEN");
    JsonNode allies = told("/meetings/allies-antalya");
    assertThat(text(allies, "/kind")).isEqualTo("INFORMAL");
    assertThat(allies.get("start").isNull()).isTrue();
    assertThat(text(allies, "/place/within/id")).isEqualTo("turkiye");
    // Nobody can say that a meeting with no date is not then.
    assertThat(texts(told("/schedule?at=2025-05-15").get("meetings"), "/meeting"))
        .contains("opening", "zelenskyy-erdogan", "allies-antalya");
  }

  @Test
  void zelenskyyIsInAnkaraAndNotInIstanbul() throws IOException {
    JsonNode leg = find(told("/schedule").get("legs"), "/leg", "zelenskyy-to-ankara");
    assertThat(text(leg, "/person/name")).isEqualTo("Volodymyr Zelenskyy");
    assertThat(text(leg, "/status")).isEqualTo("ARRIVED");
    assertThat(text(leg, "/to/name")).isEqualTo("Ankara");
    assertThat(text(leg, "/to/within/name")).isEqualTo("Türkiye");
    assertThat(leg.get("excluded").toString())
        .isEqualTo("[{\"field\":\"to\",\"value\":\"istanbul\"}]");
    // An exclusion is not a correction (rule 20): the leg was to Ankara from the first.
    long excluded = desk.sequence("ValueExcluded", "leg:zelenskyy-to-ankara");
    JsonNode before =
        find(desk.asOf(excluded - 1, "/schedule").get("legs"), "/leg", "zelenskyy-to-ankara");
    assertThat(before.get("to")).isEqualTo(leg.get("to"));
    assertThat(before.get("excluded")).isEmpty();

    JsonNode sybiha = find(told("/schedule").get("legs"), "/leg", "sybiha-to-antalya");
    assertThat(text(sybiha, "/status")).isEqualTo("DEPARTED");
    assertThat(text(sybiha, "/to/id")).isEqualTo("antalya");
    assertThat(text(sybiha, "/person/name")).isEqualTo("Andrii Sybiha");
  }

  @Test
  void theAmericansArriveOnThe16thAndNotOnThe15th() throws IOException {
    for (String who : List.of("rubio", "witkoff")) {
      JsonNode leg = find(told("/schedule").get("legs"), "/leg", who + "-to-istanbul");
      assertThat(text(leg, "/arrive/edtf")).isEqualTo("2025-05-16");
      assertThat(text(leg, "/arrive/qualifier")).isEqualTo("INFERRED");
      assertThat(text(leg, "/status")).isEqualTo("SCHEDULED");
      assertThat(leg.get("excluded").toString())
          .isEqualTo("[{\"field\":\"arrive\",\"value\":\"2025-05-15\"}]");
    }
    JsonNode stay = told("/schedule").at("/stays/0");
    assertThat(text(stay, "/person/name")).isEqualTo("Donald Trump");
    assertThat(text(stay, "/place/name")).isEqualTo("United Arab Emirates");
    assertThat(stay.get("from").isNull()).isTrue();
    assertThat(text(stay, "/to/edtf")).isEqualTo("2025-05-15");
  }

  @Test
  void announcementsAreFoundByKindSpeakerPartyTopicAndWords() throws IOException {
    List<String> all =
        new ArrayList<>(
            desk.timeline().stream()
                .filter(entry -> text(entry, "/type").equals("AnnouncementPublished"))
                .map(entry -> text(entry, "/data/announcement"))
                .toList());
    Collections.reverse(all);
    assertThat(announcements("")).isEqualTo(all);
    assertThat(announcements("?language=en&status=PUBLISHED")).isEqualTo(all);
    assertThat(announcements("?language=ru")).isEmpty();
    assertThat(announcements("?status=RETRACTED&status=HELD")).isEmpty();
    assertThat(announcements("?kind=DECREE")).containsExactly("ru-decree-delegation");
    assertThat(announcements("?kind=POSITION"))
        .containsExactly("ua-position-prisoners", "ua-position-ceasefire");
    assertThat(announcements("?kind=DECREE&kind=CLARIFICATION"))
        .containsExactly("ru-decree-delegation", "us-kellogg-clarifies");
    assertThat(announcements("?speaker=donald-trump")).containsExactly("us-trump-willing");
    assertThat(announcements("?speaker=kellogg")).containsExactly("us-kellogg-clarifies");
    assertThat(announcements("?party=ua"))
        .containsExactly(
            "ua-position-prisoners",
            "ua-position-ceasefire",
            "ua-zelenskyy-willing",
            "ua-no-plans-early-may");
    assertThat(announcements("?topic=ceasefire"))
        .containsExactly("ua-position-ceasefire", "ru-offer-without-ceasefire");
    assertThat(announcements("?topic=ceasefire&party=ru"))
        .containsExactly("ru-offer-without-ceasefire");
    assertThat(announcements("?topic=prisoner-exchange")).containsExactly("ua-position-prisoners");
    assertThat(announcements("?q=willing"))
        .containsExactly("us-trump-willing", "ua-zelenskyy-willing");
    assertThat(announcements("?q=%22right%20after%20the%20Russian%20offer%22"))
        .containsExactly("ua-zelenskyy-willing");
    assertThat(announcements("?q=mediation")).isEmpty();
  }

  @Test
  void theSpeakerOfAClarificationIsNotItsSubject() throws IOException {
    JsonNode said = told("/announcements/us-kellogg-clarifies");
    assertThat(text(said, "/speaker/name")).isEqualTo("Kellogg");
    // His role is not given.
    assertThat(said.at("/speaker/office").isNull()).isTrue();
    assertThat(said.get("about").toString()).contains("person:donald-trump");
    assertThat(text(said, "/inReplyTo")).isEqualTo("us-trump-willing");
    assertThat(text(told("/announcements/us-trump-willing"), "/status")).isEqualTo("PUBLISHED");
    JsonNode willing = told("/announcements/ua-zelenskyy-willing");
    assertThat(text(willing, "/inReplyTo")).isEqualTo("ru-offer-of-11-may");
    JsonNode offer = told("/announcements/ru-offer-of-11-may");
    assertThat(text(offer, "/occurred/dayPart")).isEqualTo("NIGHT");
    // Which night is not clear: from the evening before to the morning after (rule 3).
    assertThat(text(offer, "/occurred/earliest")).isEqualTo("2025-05-10T07:00:00Z");
    assertThat(text(offer, "/occurred/latest")).isEqualTo("2025-05-12T18:00:00Z");
  }

  @Test
  void nonMentionsAreBounded() throws IOException {
    JsonNode silences = told("/announcements?kind=NON_MENTION").get("items");
    assertThat(texts(silences, "/announcement"))
        .containsExactly(
            "ru-offer-without-ceasefire",
            "us-no-plans-early-may",
            "ua-no-plans-early-may",
            "ru-no-plans-early-may");
    for (JsonNode silence : list(silences)) {
      assertThat(silence.at("/period/earliest").isString()).isTrue();
      assertThat(silence.at("/period/latest").isString()).isTrue();
    }
    assertThat(text(silences, "/0/inReplyTo")).isEqualTo("ru-offer-of-11-may");
    assertThat(texts(silences, "/period/edtf")).contains("2025-05-01~/2025-05-10~");
  }

  @Test
  void claimsProposalsAndDraftsAreOnTheTimelineWithWhoSaysSo() throws IOException {
    JsonNode claims = told("/timeline?type=ClaimRecorded").get("items");
    JsonNode continuation = find(claims, "/data/claim", "continuation-of-2022");
    assertThat(text(continuation, "/source/chain/1/name")).isEqualTo("The Russian side");
    assertThat(find(claims, "/data/claim", "us-pressure").at("/source/chain")).hasSize(1);
    assertThat(told("/timeline?type=ClaimContested").get("items")).hasSize(1);
    assertThat(
            texts(
                told("/timeline?type=ProposalMade&type=ProposalAnswered,ProposalReiterated")
                    .get("items"),
                "/type"))
        .containsExactly("ProposalMade", "ProposalAnswered", "ProposalReiterated", "ProposalMade");
    JsonNode answered = told("/timeline?type=ProposalAnswered").at("/items/0");
    assertThat(text(answered, "/data/answer")).isEqualTo("ACCEPTED_WITH_RESERVATIONS");
    assertThat(answered.at("/occurred/earliest").isNull()).isTrue();

    JsonNode draft =
        find(told("/timeline?type=DraftRecorded").get("items"), "/data/draft", "istanbul-2022");
    assertThat(text(draft, "/data/drafted/edtf")).isEqualTo("2022-04-15");
    assertThat(text(draft, "/data/drafted/qualifier")).isEqualTo("INFERRED");
    assertThat(text(draft, "/data/provisions/2/guarantors/4")).isEqualTo("ru");
    assertThat(draft.at("/data/provisions/2/inExchangeFor")).hasSize(2);
    assertThat(text(draft, "/data/provisions/4/deferredTo")).startsWith("separate talks");
    assertThat(text(told("/timeline?type=DraftDisclosed"), "/items/0/occurred/edtf"))
        .isEqualTo("2024~");
    // Nobody signed it; what was ratified is another.
    assertThat(told("/timeline?type=DraftSigned&type=DraftInitialled").get("items")).isEmpty();
    assertThat(texts(told("/timeline?type=AgreementRatified").get("items"), "/data/draft"))
        .containsExactly("mineral-agreement");
  }

  @Test
  void attendanceIsOnTheTimelineAsItWasStated() throws IOException {
    JsonNode stated = told("/timeline?type=AttendanceStated").get("items");
    assertThat(list(stated).stream().map(IstanbulTalksTest::attendance))
        .containsExactly(
            "us country:turkiye CONFIRMED",
            "us meeting:opening UNCLEAR",
            "volodymyr-zelenskyy country:turkiye WILLING",
            "marco-rubio country:turkiye CONFIRMED",
            "steve-witkoff country:turkiye CONFIRMED",
            "donald-trump city:istanbul WILLING",
            "vladimir-putin talks DECLINED");
    JsonNode putin = stated.get(6);
    assertThat(text(putin, "/source/confidence")).isEqualTo("UNVERIFIED");
    JsonNode conditions = told("/timeline?type=ConditionStated").get("items");
    assertThat(texts(conditions, "/data/requires/person/id"))
        .containsExactly("vladimir-putin", "vladimir-putin");
    assertThat(texts(conditions, "/data/person/id"))
        .containsExactly("volodymyr-zelenskyy", "donald-trump");
  }

  private static String attendance(JsonNode entry) {
    JsonNode person = entry.at("/data/person");
    return "%s %s %s"
        .formatted(
            person.isNull() ? text(entry, "/data/party") : text(person, "/id"),
            text(entry, "/data/scope"),
            text(entry, "/data/status"));
  }

  @Test
  void theNegotiationIsFoundByPartyAndByOtherSpellings() throws IOException {
    JsonNode whole = told("");
    assertThat(texts(whole.get("parties"), "/party")).containsExactly("ru", "ua", "us", "tr");
    assertThat(texts(whole.get("parties"), "/role"))
        .containsExactly("PRINCIPAL", "PRINCIPAL", "OBSERVER", "HOST");
    for (String query : List.of("q=Kiev", "q=Moscow", "q=Turkey", "party=tr", "party=us&q=Kyiv")) {
      assertThat(
              texts(
                  desk.process().get("/api/negotiations?" + query).json().get("items"),
                  "/negotiation"))
          .as(query)
          .containsExactly(N);
    }
    assertThat(desk.process().get("/api/negotiations?q=Geneva").json().get("items")).isEmpty();
    assertThat(desk.process().get("/api/negotiations?party=cn").json().get("items")).isEmpty();
  }

  @Test
  void theDayAfterTheOpeningIsRescheduledAndUkrainesDelegationIsThere() throws IOException {
    JsonNode opening = desk.now("/meetings/opening");
    assertThat(text(opening, "/start/edtf")).isEqualTo("2025-05-16");
    assertThat(text(opening, "/start/qualifier")).isEqualTo("STATED");
    assertThat(texts(opening.get("previousStarts"), "/edtf")).containsExactly("2025-05-15");
    assertThat(text(opening, "/previousStarts/0/qualifier")).isEqualTo("INFERRED");
    assertThat(opening.get("icalSequence").asInt()).isEqualTo(1);
    assertThat(text(opening, "/status")).isEqualTo("SCHEDULED");
    assertThat(opening.get("version").asInt()).isEqualTo(2);
    JsonNode ukraine = desk.now("/delegations/ua");
    assertThat(text(ukraine, "/head/name")).isEqualTo("Rustem Umerov");
    assertThat(text(ukraine, "/roster")).isEqualTo("PARTIAL");
    assertThat(text(ukraine, "/heads/0/from/occurred/dayPart")).isEqualTo("EVENING");
    assertThat(texts(desk.now("/delegations").get("items"), "/party")).containsExactly("ru", "ua");
    assertThat(desk.now("/timeline").get("items")).hasSize(desk.length() + 2);
    // What was said of the Americans stays as it was.
    assertThat(desk.now("/schedule").get("legs")).isEqualTo(told("/schedule").get("legs"));
  }

  @Test
  void aViewOfTheMomentBeforeIsTheSameByteForByte() throws IOException {
    for (String path : PATHS) {
      String pinned = path + (path.contains("?") ? "&" : "?") + "asOf=" + desk.length();
      assertThat(desk.process().get(pinned).body()).as(pinned).isEqualTo(desk.first().get(path));
    }
    // The comparison says something only where the answer of now is another.
    assertThat(desk.process().get(BASE + "/meetings/opening").body())
        .isNotEqualTo(desk.first().get(BASE + "/meetings/opening"));
    assertThat(json(desk.first(), BASE + "/delegations").get("items")).hasSize(1);
  }

  private List<String> announcements(String query) throws IOException {
    return texts(told("/announcements" + query).get("items"), "/announcement");
  }

  private int status(String path, long asOf) throws IOException {
    return desk.process().get(BASE + path + "?asOf=" + asOf).status();
  }
}
