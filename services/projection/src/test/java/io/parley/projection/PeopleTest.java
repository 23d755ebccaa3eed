package io.parley.projection;

import static io.parley.projection.Story.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Actor;
import io.parley.schemas.Person;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.MemberAppointed;
import io.parley.schemas.schedule.LegDeparted;
import io.parley.schemas.schedule.LegStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People and search, across negotiations. */
class PeopleTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static ConfigurableApplicationContext service;

  @BeforeAll
  static void start() {
    service = Story.service("people_test");
  }

  @AfterAll
  static void close() {
    service.close();
  }

  @Test
  void aPersonHasNamesOfficesAndMembershipsAcrossNegotiations() {
    try (Story one = new Story(service, "first-talks");
        Story two = new Story(service, "second-talks")) {
      Person aide = Facts.person("medinsky", "V. Medinsky").office("aide");
      one.settle(Facts.composed("ru", Facts.person("first-head", "First"), aide));
      one.settle(Facts.replaced("ru", aide, Facts.person("first-head", null)));
      one.settle(Facts.withdrawn("ru", Facts.person("medinsky", null)));
      two.settle(
          new MemberAppointed()
              .party("ru")
              .person(Facts.person("medinsky", "Vladimir Medinsky").office("minister"))
              .capacity(Capacity.ENVOY));
      assertThat(one.items("/delegations")).hasSize(1);
      JsonNode person = json(two, "/api/people/medinsky");
      assertThat(person.at("/name").asString()).isEqualTo("Vladimir Medinsky");
      assertThat(person.at("/office").asString()).isEqualTo("minister");
      assertThat(texts(person.get("names"), "/name"))
          .containsExactly("V. Medinsky", "Vladimir Medinsky");
      assertThat(texts(person.get("aliases"), "")).containsExactly("V. Medinsky");
      assertThat(texts(person.get("offices"), "/office")).containsExactly("aide", "minister");
      assertThat(texts(person.get("memberships"), "/negotiation"))
          .containsExactly("first-talks", "first-talks", "second-talks");
      assertThat(texts(person.get("memberships"), "/head"))
          .containsExactly("false", "true", "false");
      assertThat(texts(person.get("memberships"), "/from/sequence")).containsExactly("2", "3", "2");
      assertThat(texts(person.get("memberships"), "/to/sequence")).containsExactly("4", "4", "");
      // The head before stays a member (rule 5).
      JsonNode first = json(two, "/api/people/first-head");
      assertThat(texts(first.get("memberships"), "/head")).containsExactly("true", "false");
      assertThat(texts(first.get("memberships"), "/to/sequence")).containsExactly("3", "");
      // As it was: nobody had withdrawn him, and he had no other name.
      JsonNode then = json(two, "/api/people/medinsky?asOf=" + Recorder.recordedAt(3));
      assertThat(then.at("/memberships/1/to").isNull()).isTrue();
      assertThat(two.get("/api/people/nobody").getStatus().value()).isEqualTo(404);
      // A party is no person, a place neither.
      assertThat(two.get("/api/people/ru").getStatus().value()).isEqualTo(404);
      assertThat(two.get("/api/people/medinsky?asOf=5").getStatus().value()).isEqualTo(400);
    }
  }

  @Test
  void anItineraryIsInTimeOrderAndSaysWhereTheOrderIsNotKnown() {
    try (Story one = new Story(service, "here");
        Story two = new Story(service, "there")) {
      Person person = Facts.person("traveller", "Traveller");
      two.settle(Facts.meeting("dinner", "2025-05-17").participants(List.of("traveller", "ua")));
      one.settle(Facts.meeting("session", "2025-05-17").participants(List.of("traveller")));
      one.settle(Facts.leg("later", person).arrive(Recorder.date("2025-05-20")));
      one.settle(Facts.leg("first", person).arrive(Recorder.date("2025-05-14")));
      one.settle(Facts.leg("undated", person).arrive(null));
      two.settle(Facts.stay("over", person));
      one.settle(Facts.meeting("others", "2025-05-17").participants(List.of("ru")));
      one.settle(new LegDeparted().leg("undated"));
      assertThat(two.items("/announcements")).isEmpty();
      List<JsonNode> items = itinerary(one, "");
      assertThat(texts(items, "/type"))
          .containsExactly("leg", "stay", "meeting", "meeting", "leg", "leg");
      assertThat(texts(items, "/negotiation"))
          .containsExactly("here", "there", "here", "there", "here", "here");
      // A stay whose beginning nobody knows; two meetings on one day; no date at all.
      assertThat(texts(items, "/previousIs"))
          .containsExactly("", "UNDETERMINED", "BEFORE", "UNDETERMINED", "BEFORE", "UNDETERMINED");
      assertThat(items.getLast().at("/leg").asString()).isEqualTo("undated");
      assertThat(items.getLast().at("/status").asString()).isEqualTo(LegStatus.DEPARTED.name());
      assertThat(items.getFirst().at("/arrive/earliest").asString())
          .isEqualTo("2025-05-13T10:00:00Z");
      assertThat(items.getFirst().at("/person/name").asString()).isEqualTo("Traveller");
      assertThat(items.get(2).at("/place/name").asString()).isEqualTo("Istanbul");
      JsonNode page = json(one, "/api/people/traveller/itinerary?limit=4");
      JsonNode rest =
          json(
              one, "/api/people/traveller/itinerary?limit=4&cursor=" + page.get("next").asString());
      assertThat(texts(rest.get("items"), "/leg")).containsExactly("later", "undated");
      assertThat(texts(itinerary(one, "?asOf=" + Recorder.recordedAt(3)), "/type"))
          .containsExactly("stay", "meeting", "meeting", "leg");
      assertThat(one.get("/api/people/nobody/itinerary").getStatus().value()).isEqualTo(404);
    }
  }

  @Test
  void searchFindsByOtherSpellingsAndWithoutAccents() {
    try (Story story = new Story(service, "searched")) {
      story.settle(
          Facts.announced("said", "sybiha", "On his way to Çanakkale")
              .speaker(new Actor().id("sybiha").name("Andrii Sybiha"))
              .onBehalfOf(new Actor().id("ua")));
      long renamed =
          story.settle(
              Facts.announced("again", "sybiha", "Arrived")
                  .kind(AnnouncementKind.STATEMENT)
                  .speaker(new Actor().id("sybiha").name("Andriy Sibiga")));
      story.settle(Facts.meeting("side", "2025-05-15").title("Łódź format"));
      // By a name that is an alias by now, and by the one that came later.
      assertThat(found(story, "Sybiha", null))
          .containsExactly("person sybiha", "announcement again", "announcement said");
      assertThat(found(story, "SIBIGA", null)).contains("person sybiha");
      assertThat(found(story, "Sibiga", Recorder.recordedAt(renamed - 1).toString())).isEmpty();
      assertThat(found(story, "canakkale", null)).containsExactly("announcement said");
      assertThat(found(story, "lodz", null)).containsExactly("meeting side");
      assertThat(found(story, "Çanakkale way", null)).containsExactly("announcement said");
      assertThat(found(story, "canakkale -way", null)).isEmpty();
      assertThat(found(story, "canakkale -elsewhere", null)).containsExactly("announcement said");
      assertThat(found(story, "-elsewhere", null)).isEmpty();
      assertThat(found(story, "istanbul", null)).containsExactly("meeting side");
      story.settle(Facts.retracted("said"));
      assertThat(found(story, "canakkale", null)).isEmpty();
      assertThat(found(story, "Sybiha", null)).doesNotContain("announcement said");
      assertThat(found(story, "!!! ' \" & | :* <->", null)).isEmpty();
    }
  }

  @Test
  void searchIsPagedAndSaysWhatItCannotLookFor() {
    try (Story story = new Story(service, "paged")) {
      for (int i = 0; i < 7; i++) {
        story.settle(Facts.announced("p-" + i, "x", "Zebras " + i));
      }
      String next = "/api/search?q=zebras&limit=3";
      List<String> ids = new java.util.ArrayList<>();
      while (!next.isEmpty()) {
        JsonNode page = json(story, next);
        ids.addAll(texts(page.get("items"), "/id"));
        next =
            page.get("next").isNull()
                ? ""
                : "/api/search?q=zebras&limit=3&cursor=" + page.get("next").asString();
      }
      assertThat(ids).containsExactly("p-0", "p-1", "p-2", "p-3", "p-4", "p-5", "p-6");
      for (String wrong : List.of("", "?q=", "?q=" + "a".repeat(201), "?q=a&asOf=3")) {
        EntityExchangeResult<byte[]> answer = story.get("/api/search" + wrong);
        assertThat(answer.getStatus().value()).as(wrong).isEqualTo(400);
      }
      assertThat(Story.text(story.get("/api/search?q=" + "a".repeat(201)))).contains("200");
      EntityExchangeResult<byte[]> answer = story.get("/api/search?q=zebras");
      String tag = answer.getResponseHeaders().getETag();
      assertThat(
              story
                  .get("/api/search?q=zebras", "If-None-Match", String.valueOf(tag))
                  .getStatus()
                  .value())
          .isEqualTo(304);
    }
  }

  @Test
  void aPartyIsFoundByTheNameThatCameLater() {
    try (Story story = new Story(service, "aliased")) {
      story.settle(Facts.meeting("opening", "2025-05-15").participants(List.of("xx")));
      story.settle(
          new io.parley.schemas.schedule.PartyAdded()
              .party("xx")
              .name("Ruritania")
              .role(io.parley.schemas.schedule.PartyRole.OBSERVER));
      assertThat(found(story, "ruritania", null))
          .containsExactly("negotiation aliased", "meeting opening");
    }
  }

  private static List<JsonNode> itinerary(Story story, String query) {
    return Story.list(json(story, "/api/people/traveller/itinerary" + query).get("items"));
  }

  private static List<String> found(Story story, String words, @Nullable String asOf) {
    String path =
        "/api/search?q="
            + URLEncoder.encode(words, StandardCharsets.UTF_8)
            + (asOf == null ? "" : "&asOf=" + asOf);
    return Story.list(json(story, path).get("items")).stream()
        .filter(item -> item.at("/negotiation").asString().equals(story.negotiation()))
        .map(item -> item.at("/type").asString() + " " + item.at("/id").asString())
        .toList();
  }

  private static JsonNode json(Story story, String path) {
    EntityExchangeResult<byte[]> answer = story.get(path);
    assertThat(answer.getStatus().value()).as(path + ": " + Story.text(answer)).isEqualTo(200);
    return JSON.readTree(Story.text(answer));
  }
}
