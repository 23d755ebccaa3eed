package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.schemas.Event;
import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionAssessed;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.ConditionWithdrawn;
import io.parley.schemas.delegation.PersonCheckedIn;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.schedule.MeetingConcluded;
import io.parley.schemas.schedule.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Attendance as readers are answered, through the broker and the database over HTTP. */
class AttendanceReadsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String N = "who-is-there";
  private static final String ROOM = "/api/negotiations/" + N + "/attendance";
  private static final List<String> PATHS =
      List.of(ROOM, ROOM + "?scope=city:istanbul", ROOM + "/b/dependents");

  /** What each path answered as soon as each sequence number was known. */
  private static final Map<Long, Map<String, String>> THEN = new HashMap<>();

  private static ConfigurableApplicationContext service;
  private static WebTestClient client;
  private static Recorder recorder;

  @BeforeAll
  static void record() {
    service = Ground.service("attendance", Map.of("parley.projection.wait-at-most", "10s"));
    client = Ground.client(service);
    recorder = new Recorder(N);
    settle("schedule", Facts.convened("Who is there"));
    settle("schedule", Facts.meeting("opening", null).place(istanbul()));
    settle("delegation", said("b", "ru", "talks", AttendanceStatus.CONFIRMED));
    settle("delegation", said("a", "ua", "city:istanbul", AttendanceStatus.WILLING));
    settle("delegation", condition("c1", "a", "talks", ConditionKind.IFF, "b", "talks"));
    settle("delegation", Facts.composed("ru", Facts.person("m", "Mr M")));
    settle("delegation", said("b", "ru", "talks", AttendanceStatus.DECLINED));
    settle("delegation", said("b", "ru", "talks", AttendanceStatus.CONFIRMED));
    settle("delegation", Facts.completed("ru"));
    settle("delegation", said(null, "ru", "country:turkiye", AttendanceStatus.CONFIRMED));
    settle("delegation", condition("c2", "b", "talks", ConditionKind.ONLY_IF, "a", "talks"));
    settle(
        "delegation",
        new ConditionAssessed().condition("c2").result(Assessment.MET).reason("They are friends"));
    settle("delegation", new ConditionWithdrawn().condition("c2"));
    settle(
        "delegation",
        new PersonCheckedIn().person(Facts.person("c", "Ms C")).scope("meeting:opening"));
    settle("schedule", new MeetingConcluded().meeting("opening").outcome(Outcome.NO_AGREEMENT));
    settle(
        "delegation", Facts.replaced("ru", Facts.person("n", "Mr N"), Facts.person("m", "Mr M")));
  }

  @Test
  void rule5_aConcludedMeetingKeepsTheHeadItHad() {
    long concluded = json("/api/negotiations/" + N + "/meetings/opening").get("sequence").asLong();
    String delegation = "/api/negotiations/" + N + "/delegations/ru";
    assertThat(json(delegation + "?asOf=" + concluded).at("/head/id").asString()).isEqualTo("m");
    JsonNode now = json(delegation);
    assertThat(now.at("/head/id").asString()).isEqualTo("n");
    // Who headed it when the meeting ended stands in its history for good.
    assertThat(now.at("/heads/0/person/id").asString()).isEqualTo("m");
    assertThat(now.at("/heads/0/from/sequence").asLong()).isLessThan(concluded);
    assertThat(now.at("/heads/0/to/sequence").asLong()).isGreaterThan(concluded);
    assertThat(seat(ROOM, "m").at("/membership").asString()).isEqualTo("MEMBER");
  }

  private static Place istanbul() {
    return Facts.city("istanbul", "Istanbul")
        .within(new Place().id("turkiye").name("Türkiye").kind(PlaceKind.COUNTRY));
  }

  private static AttendanceStated said(
      @Nullable String person, String party, String scope, AttendanceStatus status) {
    return new AttendanceStated()
        .person(person == null ? null : Facts.person(person, null))
        .party(party)
        .scope(scope)
        .status(status);
  }

  private static ConditionStated condition(
      String id, String person, String scope, ConditionKind kind, String other, String where) {
    return new ConditionStated()
        .condition(id)
        .person(Facts.person(person, null))
        .scope(scope)
        .kind(kind)
        .requires(new Requirement().person(Facts.person(other, null)).scope(where));
  }

  private static void settle(String from, Event event) {
    Token token = recorder.settle(from, event);
    recorder.flush();
    Map<String, String> answers = new HashMap<>();
    for (String path : PATHS) {
      answers.put(path, text(get(path, "Parley-After", token.toString())));
    }
    THEN.put(recorder.sequence(), answers);
  }

  @AfterAll
  static void close() {
    recorder.close();
    service.close();
  }

  @Test
  void asOfEachSequenceIsWhatWasAnsweredThen() {
    for (long sequence = 1; sequence <= recorder.sequence(); sequence++) {
      for (String path : PATHS) {
        String pinned = path + (path.contains("?") ? "&" : "?") + "asOf=" + sequence;
        assertThat(text(get(pinned)))
            .as(pinned)
            .isEqualTo(THEN.getOrDefault(sequence, Map.of()).get(path));
      }
    }
  }

  @Test
  void rule11_aFlipsWhenBDeclinesAndBackWhenBReverses() {
    assertThat(seat(ROOM + "?asOf=5", "a").at("/derived").asString()).isEqualTo("EXPECTED");
    JsonNode gone = seat(ROOM + "?asOf=7", "a");
    assertThat(gone.at("/derived").asString()).isEqualTo("NOT_EXPECTED");
    assertThat(gone.at("/because").findValuesAsString("sequence")).containsExactly("5", "7");
    assertThat(seat(ROOM + "?asOf=8", "a").at("/derived").asString()).isEqualTo("EXPECTED");
    // What was said of A is what it was.
    String istanbul = ROOM + "?scope=city:istanbul&asOf=";
    assertThat(seat(istanbul + 7, "a").at("/stated"))
        .isEqualTo(seat(istanbul + 4, "a").at("/stated"));
    assertThat(seat(istanbul + 7, "a").at("/stated/status").asString()).isEqualTo("WILLING");
  }

  @Test
  void rule7_notAMemberIsAnAnswerOnlyOnceTheRosterIsComplete() {
    assertThat(seat(ROOM + "?asOf=5", "b").at("/membership").asString()).isEqualTo("UNKNOWN");
    assertThat(seat(ROOM + "?asOf=8", "b").at("/membership").asString()).isEqualTo("UNKNOWN");
    assertThat(seat(ROOM, "b").at("/membership").asString()).isEqualTo("NOT_A_MEMBER");
    JsonNode member = seat(ROOM, "m");
    assertThat(member.at("/membership").asString()).isEqualTo("MEMBER");
    assertThat(member.at("/name").asString()).isEqualTo("Mr M");
    // To be a member is not to attend.
    assertThat(member.at("/derived").asString()).isEqualTo("UNDETERMINED");
  }

  @Test
  void rule8_whatIsSaidOfAPartyAloneIsOfNobodyInParticular() {
    JsonNode party =
        json(ROOM + "?scope=country:turkiye")
            .get("people")
            .valueStream()
            .filter(each -> each.get("person").isNull())
            .findFirst()
            .orElseThrow();
    assertThat(party.at("/party").asString()).isEqualTo("ru");
    assertThat(party.at("/name").asString()).isEqualTo("Russia");
    assertThat(party.at("/stated/status").asString()).isEqualTo("CONFIRMED");
    assertThat(seat(ROOM + "?scope=country:turkiye", "m").at("/derived").asString())
        .isEqualTo("UNDETERMINED");
  }

  @Test
  void rule12_aCycleIsToldUntilACirclesConditionIsWithdrawn() {
    assertThat(json(ROOM + "?asOf=11").get("cycles").toString()).isEqualTo("[[\"a\",\"b\"]]");
    assertThat(json(ROOM).get("cycles")).isEmpty();
  }

  @Test
  void rule15_statedDerivedAndActualStandSideBySide() {
    JsonNode seen = seat(ROOM, "c");
    assertThat(seen.at("/actual").asString()).isEqualTo("PRESENT");
    assertThat(seen.at("/derived").asString()).isEqualTo("UNDETERMINED");
    assertThat(seen.at("/stated").isNull()).isTrue();
    assertThat(seen.at("/because/0/type").asString()).isEqualTo("PersonCheckedIn");
    assertThat(seen.at("/because/0/source/chain/0/name").asString()).isEqualTo("The Gazette");
    assertThat(seat(ROOM + "?scope=country:turkiye", "c").at("/actual").asString())
        .isEqualTo("PRESENT");
    assertThat(seat(ROOM + "?scope=meeting:opening", "c").at("/version").asLong()).isEqualTo(1);
  }

  @Test
  void rule16_whatIfIsAnsweredAndNotRecorded() {
    JsonNode whatIf = json(ROOM + "?assume=b@country:turkiye:present&assume=b@talks:absent");
    assertThat(whatIf.get("assumed")).hasSize(2);
    assertThat(find(whatIf, "a").at("/derived").asString()).isEqualTo("NOT_EXPECTED");
    assertThat(find(whatIf, "a").at("/because/1/type").asString()).isEqualTo("Assumed");
    assertThat(find(whatIf, "a").at("/because/1/sequence").isNull()).isTrue();
    assertThat(seat(ROOM, "a").at("/derived").asString()).isEqualTo("EXPECTED");
  }

  @Test
  void whatCannotBeAskedIsRefusedWithItsLimit() {
    StringBuilder many = new StringBuilder("?scope=talks");
    for (int i = 0; i < 17; i++) {
      many.append("&assume=p").append(i).append("@talks:present");
    }
    assertThat(refusal(ROOM + many)).contains("17 assumed facts, of at most 16");
    for (String query :
        List.of(
            "?scope=istanbul",
            "?scope=town:istanbul",
            "?scope=",
            "?scope=city:Istanbul",
            "?assume=b",
            "?assume=b@talks:maybe",
            "?assume=b@istanbul:present",
            "?assume=B@talks:present",
            "?assume=b@meeting:opening:present&assume=b@talks:absent",
            "?person=b")) {
      assertThat(refusal(ROOM + query)).as(query).contains("INVALID_REQUEST");
    }
    assertThat(get(ROOM + "?scope=meeting:nowhere").getStatus().value()).isEqualTo(404);
    assertThat(get(ROOM + "?scope=meeting:opening&asOf=1").getStatus().value()).isEqualTo(404);
  }

  @Test
  void peopleArePaged() {
    List<String> paged = new ArrayList<>();
    @Nullable String path = ROOM + "?limit=1";
    while (path != null) {
      EntityExchangeResult<byte[]> page = get(path);
      JSON.readTree(text(page)).get("people").forEach(each -> paged.add(each.toString()));
      String link = page.getResponseHeaders().getFirst(HttpHeaders.LINK);
      path = link == null ? null : link.substring(1, link.indexOf('>'));
    }
    List<String> whole = new ArrayList<>();
    json(ROOM).get("people").forEach(each -> whole.add(each.toString()));
    assertThat(paged).hasSizeGreaterThan(3).isEqualTo(whole);
  }

  @Test
  void whatIsUnchangedIs304AndTheSequenceIsSaid() {
    EntityExchangeResult<byte[]> answer = get(ROOM);
    String tag = answer.getResponseHeaders().getETag();
    assertThat(tag).isNotNull();
    assertThat(get(ROOM, HttpHeaders.IF_NONE_MATCH, String.valueOf(tag)).getStatus().value())
        .isEqualTo(304);
    assertThat(answer.getResponseHeaders().getFirst("Parley-Sequence"))
        .isEqualTo(String.valueOf(recorder.sequence()));
    assertThat(get(ROOM + "?asOf=7").getResponseHeaders().getETag()).isNotEqualTo(tag);
  }

  private static JsonNode seat(String path, String person) {
    return find(json(path), person);
  }

  private static JsonNode find(JsonNode room, String person) {
    return room.get("people")
        .valueStream()
        .filter(each -> each.get("person").asString("").equals(person))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + person + " in " + room));
  }

  private static String refusal(String path) {
    EntityExchangeResult<byte[]> answer = get(path);
    assertThat(answer.getStatus().value()).as(path + text(answer)).isEqualTo(400);
    return text(answer);
  }

  private static JsonNode json(String path) {
    EntityExchangeResult<byte[]> answer = get(path);
    assertThat(answer.getStatus().value()).as(path + ": " + text(answer)).isEqualTo(200);
    return JSON.readTree(text(answer));
  }

  private static EntityExchangeResult<byte[]> get(String path, String... header) {
    WebTestClient.RequestHeadersSpec<?> request =
        client.get().uri(URI.create(Ground.origin(service) + path));
    if (header.length == 2) {
      request.header(header[0], header[1]);
    }
    return request.exchange().expectBody().returnResult();
  }

  private static String text(EntityExchangeResult<byte[]> answer) {
    byte[] body = answer.getResponseBodyContent();
    return body == null ? "" : new String(body, StandardCharsets.UTF_8);
  }
}
