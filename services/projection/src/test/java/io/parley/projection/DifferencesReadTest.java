package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.schemas.Event;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.schedule.ValueExcluded;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
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
import tools.jackson.databind.node.ObjectNode;

/** Conflicts and differences as readers are answered, through the broker and the database. */
class DifferencesReadTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String N = "what-differs";
  private static final String BASE = "/api/negotiations/" + N;
  private static final String CONFLICTS = BASE + "/conflicts";
  private static final String DIFF = BASE + "/diff";

  /** What was answered as soon as each sequence number was known. */
  private static final Map<Long, String> THEN = new HashMap<>();

  private static ConfigurableApplicationContext service;
  private static WebTestClient client;
  private static Recorder recorder;

  @BeforeAll
  static void record() {
    service = Ground.service("differences", Map.of("parley.projection.wait-at-most", "10s"));
    client = Ground.client(service);
    recorder = new Recorder(N);
    settle("schedule", Facts.convened("What differs"));
    settle("schedule", Facts.meeting("opening", "2025-05-15"));
    settle("delegation", said("a", "talks", AttendanceStatus.CONFIRMED));
    settle("schedule", Facts.leg("a-flies", Facts.person("a", "Ms A")));
    settle("schedule", excluded("2025-05-16"));
    settle("announcement", Facts.announced("decree", "kremlin", "So it is ordered."));
    settle("delegation", Facts.composed("ru", Facts.person("m", "Mr M")).basis("decree"));
    settle("delegation", condition("c1", "b", "c"));
    settle("delegation", condition("c2", "c", "b"));
    settle("announcement", Facts.retracted("decree"));
    settle("schedule", Facts.rescheduled("opening", "2025-05-17"));
    settle("announcement", Facts.reinstated("decree"));
    settle(
        "delegation", Facts.replaced("ru", Facts.person("n", "Mr N"), Facts.person("m", "Mr M")));
  }

  private static ValueExcluded excluded(String day) {
    return new ValueExcluded().subject("leg:a-flies").field("arrive").value(day);
  }

  private static AttendanceStated said(String person, String scope, AttendanceStatus status) {
    return new AttendanceStated()
        .person(Facts.person(person, null))
        .party("ua")
        .scope(scope)
        .status(status);
  }

  private static ConditionStated condition(String id, String person, String other) {
    return new ConditionStated()
        .condition(id)
        .person(Facts.person(person, null))
        .scope("talks")
        .kind(ConditionKind.ONLY_IF)
        .requires(new Requirement().person(Facts.person(other, null)).scope("talks"));
  }

  private static void settle(String from, Event event) {
    Token token = recorder.settle(from, event);
    recorder.flush();
    THEN.put(recorder.sequence(), text(get(CONFLICTS, "Parley-After", token.toString())));
  }

  @AfterAll
  static void close() {
    recorder.close();
    service.close();
  }

  private static List<String> conflicts(long asOf) {
    List<String> found = new ArrayList<>();
    json(CONFLICTS + "?asOf=" + asOf)
        .get("items")
        .forEach(
            each -> found.add(each.get("kind").asString() + " " + each.get("subjects").get(0)));
    return found;
  }

  @Test
  void rule29_conflictsAsOfEachSequenceAreWhatWasAnsweredThen() {
    for (long sequence = 1; sequence <= recorder.sequence(); sequence++) {
      assertThat(text(get(CONFLICTS + "?asOf=" + sequence)))
          .as("as of %s", sequence)
          .isEqualTo(THEN.get(sequence));
    }
  }

  @Test
  void rule19_aLateArrivalIsToldWithItsFactsUntilTheMeetingIsRescheduled() {
    assertThat(conflicts(3)).isEmpty();
    JsonNode late = json(CONFLICTS + "?asOf=4").get("items").get(0);
    assertThat(late.get("severity").asString()).isEqualTo("LATE");
    assertThat(late.get("subjects").toString())
        .isEqualTo("[\"person:a\",\"meeting:opening\",\"leg:a-flies\"]");
    assertThat(late.get("explanation").asString())
        .isEqualTo(
            "Ms A arrives in Istanbul on 2025-05-16,"
                + " after the start of 'Opening' in Istanbul on 2025-05-15");
    assertThat(late.get("because").findValuesAsString("type"))
        .containsExactly("MeetingScheduled", "AttendanceStated", "LegRecorded");
    assertThat(late.get("because").findValuesAsString("sequence")).containsExactly("2", "3", "4");
    assertThat(late.at("/because/2/source/chain/0/name").asString()).isEqualTo("The Gazette");
    assertThat(late.get("sequence").asLong()).isEqualTo(4);
    assertThat(conflicts(10)).contains("LATE \"person:a\"");
    assertThat(conflicts(11)).doesNotContain("LATE \"person:a\"");
  }

  @Test
  void rule20_whatIsExcludedAndHeldIsToldWithBothEvents() {
    assertThat(conflicts(4)).doesNotContain("EXCLUSION \"leg:a-flies\"");
    JsonNode exclusion = find(json(CONFLICTS), "EXCLUSION");
    assertThat(exclusion.get("because").findValuesAsString("type"))
        .containsExactly("LegRecorded", "ValueExcluded");
    assertThat(exclusion.get("because").findValuesAsString("text"))
        .containsExactly(
            "Ms A arrives in Istanbul on 2025-05-16",
            "Of the journey of Ms A, arrive is not 2025-05-16");
  }

  @Test
  void rule12_aCircleIsTold() {
    assertThat(conflicts(8)).doesNotContain("CYCLE \"person:b\"");
    assertThat(conflicts(9)).contains("CYCLE \"person:b\"");
  }

  @Test
  void rule22_aDelegationWhoseBasisIsRetractedIsFlaggedUntilItIsReinstated() {
    String flagged = "BASIS_WITHDRAWN \"delegation:ru\"";
    assertThat(conflicts(9)).doesNotContain(flagged);
    assertThat(conflicts(10)).contains(flagged);
    assertThat(conflicts(12)).doesNotContain(flagged);
    JsonNode withdrawn = find(json(CONFLICTS + "?asOf=10"), "BASIS_WITHDRAWN");
    assertThat(withdrawn.get("explanation").asString())
        .isEqualTo(
            "The delegation of Russia rests on the announcement 'decree', which was retracted");
    assertThat(withdrawn.get("because").findValuesAsString("sequence")).containsExactly("7", "10");
  }

  @Test
  void conflictsArePagedAndValidated() {
    List<String> paged = new ArrayList<>();
    @Nullable String path = CONFLICTS + "?asOf=10&limit=1";
    while (path != null) {
      EntityExchangeResult<byte[]> page = get(path);
      JSON.readTree(text(page)).get("items").forEach(each -> paged.add(each.toString()));
      String link = page.getResponseHeaders().getFirst(HttpHeaders.LINK);
      path = link == null ? null : link.substring(1, link.indexOf('>'));
    }
    List<String> whole = new ArrayList<>();
    json(CONFLICTS + "?asOf=10").get("items").forEach(each -> whole.add(each.toString()));
    assertThat(paged).hasSize(4).isEqualTo(whole);
    EntityExchangeResult<byte[]> answer = get(CONFLICTS);
    String tag = String.valueOf(answer.getResponseHeaders().getETag());
    assertThat(get(CONFLICTS, HttpHeaders.IF_NONE_MATCH, tag).getStatus().value()).isEqualTo(304);
    assertThat(get(BASE + "/conflicts?kind=LATE").getStatus().value()).isEqualTo(400);
    assertThat(get("/api/negotiations/nowhere/conflicts").getStatus().value()).isEqualTo(404);
  }

  @Test
  void aDifferenceIsWhatWasAddedChangedAndRemovedEachWithItsEvents() {
    JsonNode diff = json(DIFF + "?from=5&to=7");
    assertThat(diff.get("from").asLong()).isEqualTo(5);
    assertThat(diff.get("to").asLong()).isEqualTo(7);
    assertThat(diff.get("added").findValuesAsString("path"))
        .containsExactly("/announcements/decree", "/delegations/ru", "/delegations/ru/head");
    assertThat(diff.get("changed")).isEmpty();
    assertThat(diff.get("removed")).isEmpty();
    assertThat(diff.at("/added/2/value/name").asString()).isEqualTo("Mr M");
    assertThat(diff.at("/added/1/events/0/type").asString()).isEqualTo("DelegationComposed");
    assertThat(diff.at("/added/1/events/0/sequence").asLong()).isEqualTo(7);

    JsonNode later = json(DIFF + "?from=10&to=11");
    assertThat(later.get("changed").findValuesAsString("path"))
        .contains("/meetings/opening/start", "/meetings/opening/icalSequence");
    JsonNode start = later.get("changed").get(2);
    assertThat(start.at("/path").asString()).isEqualTo("/meetings/opening/start");
    assertThat(start.at("/old/edtf").asString()).isEqualTo("2025-05-15");
    assertThat(start.at("/new/edtf").asString()).isEqualTo("2025-05-17");
    assertThat(later.get("added").findValuesAsString("path"))
        .containsExactly("/meetings/opening/reason");

    JsonNode gone = json(DIFF + "?from=9&to=10");
    assertThat(gone.get("removed").findValuesAsString("path"))
        .containsExactly("/announcements/decree/text");
    assertThat(gone.at("/removed/0/value").asString()).isEqualTo("So it is ordered.");
    // What came and went in between does not differ.
    assertThat(json(DIFF + "?from=9&to=12").get("removed")).isEmpty();
    assertThat(json(DIFF + "?from=9&to=12").toString())
        .doesNotContain("/announcements/decree/text");
  }

  @Test
  void nothingOfTheFoldAloneIsToldAndNoName() {
    String whole = text(get(DIFF + "?from=0"));
    assertThat(whole).doesNotContain("\"~").doesNotContain("\"/names").doesNotContain("\"/places");
  }

  @Test
  void theDifferenceAppliedToTheOneMomentIsTheOther() {
    long last = recorder.sequence();
    for (long from = 1; from < last; from++) {
      for (long to = from; to <= last; to++) {
        JsonNode diff = json(DIFF + "?from=" + from + "&to=" + to);
        Map<String, JsonNode> state = state(from);
        diff.get("added").forEach(each -> put(state, each.get("path"), each.get("value")));
        diff.get("changed").forEach(each -> put(state, each.get("path"), each.get("new")));
        diff.get("removed").forEach(each -> put(state, each.get("path"), JSON.nullNode()));
        assertThat(state).as("%s to %s", from, to).isEqualTo(state(to));
      }
    }
  }

  /** What the reads answer at a moment: delegations, announcements, meetings and legs, by path. */
  private static Map<String, JsonNode> state(long asOf) {
    Map<String, JsonNode> state = new HashMap<>();
    for (String list : List.of("delegations:party", "announcements:announcement")) {
      String name = list.substring(0, list.indexOf(':'));
      String key = list.substring(list.indexOf(':') + 1);
      json(BASE + "/" + name + "?asOf=" + asOf)
          .get("items")
          .forEach(item -> state.put("/" + name + "/" + item.get(key).asString(), bare(item)));
    }
    for (String list : List.of("meetings:meeting", "legs:leg")) {
      String name = list.substring(0, list.indexOf(':'));
      json(BASE + "/schedule?asOf=" + asOf)
          .get(name)
          .forEach(
              item ->
                  state.put(
                      "/" + name + "/" + item.get(list.substring(list.indexOf(':') + 1)).asString(),
                      bare(item)));
    }
    return state;
  }

  private static JsonNode bare(JsonNode item) {
    ObjectNode bare = JSON.createObjectNode();
    item.properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull()
                  && !List.of(
                          "sequence",
                          "version",
                          "source",
                          "updated",
                          "firstSequence",
                          // Follows from another item, whose own change is told.
                          "basisWithdrawn")
                      .contains(field.getKey())) {
                bare.set(field.getKey(), field.getValue());
              }
            });
    return bare;
  }

  private static void put(Map<String, JsonNode> state, JsonNode path, JsonNode value) {
    String[] parts = path.asString().split("/", -1);
    if (!List.of("delegations", "announcements", "meetings", "legs").contains(parts[1])) {
      return;
    }
    String item = "/" + parts[1] + "/" + parts[2];
    if (parts.length == 3) {
      state.put(item, bare(value));
    } else if (state.get(item) instanceof ObjectNode object) {
      if (value.isNull()) {
        object.remove(parts[3]);
      } else {
        object.set(parts[3], value);
      }
    }
  }

  @Test
  void differencesArePagedByItem() {
    List<String> paged = new ArrayList<>();
    @Nullable String path = DIFF + "?from=1&limit=1";
    int pages = 0;
    while (path != null) {
      EntityExchangeResult<byte[]> page = get(path);
      JsonNode body = JSON.readTree(text(page));
      for (String way : List.of("added", "changed", "removed")) {
        body.get(way).forEach(each -> paged.add(way + each));
      }
      String link = page.getResponseHeaders().getFirst(HttpHeaders.LINK);
      path = link == null ? null : link.substring(1, link.indexOf('>'));
      pages++;
    }
    JsonNode whole = json(DIFF + "?from=1");
    List<String> all = new ArrayList<>();
    for (String way : List.of("added", "changed", "removed")) {
      whole.get(way).forEach(each -> all.add(way + each));
    }
    assertThat(pages).isGreaterThan(3);
    assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void momentsAreSequencesOrInstantsAndMustBeInOrder() {
    String instants = "?from=%s&to=%s".formatted(Recorder.recordedAt(5), Recorder.recordedAt(7));
    assertThat(json(DIFF + instants)).isEqualTo(json(DIFF + "?from=5&to=7"));
    assertThat(json(DIFF + "?from=5")).isEqualTo(json(DIFF + "?from=5&to=" + recorder.sequence()));
    assertThat(text(get(DIFF + "?from=5&asOf=7"))).isEqualTo(text(get(DIFF + "?from=5&to=7")));
    assertThat(text(get(DIFF + "?from=7&to=7"))).contains("\"added\":[]");
    assertThat(json(DIFF + "?from=0&to=1").at("/added/0/path").asString()).isEqualTo("/");
    for (String query :
        List.of(
            "",
            "?to=7",
            "?from=8&to=7",
            "?from=99",
            "?from=yesterday",
            "?from=-1",
            "?from=5&from=6",
            "?from=5&limit=1001",
            "?from=5&path=x",
            "?from=%s&to=%s".formatted(Recorder.recordedAt(7), Recorder.recordedAt(5)))) {
      assertThat(get(DIFF + query).getStatus().value()).as(query).isEqualTo(400);
    }
  }

  private static JsonNode find(JsonNode list, String kind) {
    return StreamSupport.stream(list.get("items").spliterator(), false)
        .filter(each -> each.get("kind").asString().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + list));
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
