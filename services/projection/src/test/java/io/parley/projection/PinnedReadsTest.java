package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Actor;
import io.parley.schemas.Event;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.Answer;
import io.parley.schemas.announcement.ClaimContested;
import io.parley.schemas.announcement.ClaimKind;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.DraftSigned;
import io.parley.schemas.announcement.ProposalAnswered;
import io.parley.schemas.announcement.ProposalMade;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.schedule.PartyAdded;
import io.parley.schemas.schedule.PartyRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every read, as of every moment: what it answers is what it answered then (rule 29). */
class PinnedReadsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String N = "/api/negotiations/pinned";

  /** What is asked; each has more than one answer as the story goes on. */
  private static final List<String> PATHS =
      List.of(
          "/api/negotiations",
          N,
          N + "/delegations",
          N + "/delegations/ru",
          N + "/attendance",
          N + "/attendance?scope=talks&assume=pinned-head@talks:absent",
          N + "/attendance/pinned-head/dependents",
          N + "/schedule",
          N + "/meetings/opening",
          N + "/conflicts",
          N + "/announcements",
          N + "/announcements?q=corrected",
          N + "/announcements?party=ua",
          N + "/announcements/a",
          N + "/announcements/a/versions",
          N + "/positions",
          N + "/proposals",
          N + "/claims",
          N + "/claims?contested=true",
          N + "/drafts",
          N + "/drafts/d",
          N + "/agreements",
          N + "/timeline",
          N + "/diff?from=2",
          N + "/schedule.ics",
          N + "/announcements.atom",
          "/api/audit/negotiations/pinned",
          "/api/audit/negotiations/pinned/export?parts=open",
          "/api/people/pinned-head",
          "/api/people/pinned-head/itinerary",
          "/api/search?q=pinned");

  private static final List<Event> EVENTS =
      List.of(
          Facts.announced("a", "x", "Pinned words"),
          new ClaimRecorded()
              .claim("c")
              .kind(ClaimKind.FACTUAL)
              .text("It is so")
              .about(List.of("announcement:a")),
          Facts.composed("ru", Facts.person("pinned-head", "Head")).basis("a"),
          Facts.corrected("a", "Pinned words, corrected", 1),
          new ClaimContested().claim("c").by(new Actor().id("un")).text("No"),
          Facts.announced("p", "minister", "A truce")
              .kind(AnnouncementKind.POSITION)
              .onBehalfOf(new Actor().id("ua")),
          new ProposalMade()
              .proposal("truce")
              .by(new Actor().id("us"))
              .topic("ceasefire")
              .text("A truce"),
          new ProposalAnswered().proposal("truce").party("ua").answer(Answer.REJECTED),
          new DraftRecorded()
              .draft("d")
              .title("A text")
              .provisions(
                  List.of(
                      new Provision()
                          .provision("p")
                          .obligor("ua")
                          .topic("nato")
                          .text("Stays out"))),
          new DraftSigned().draft("d").party("ru"),
          new DraftSigned().draft("d").party("ua"),
          Facts.meeting("opening", "2025-05-15").participants(List.of("pinned-head")),
          said(AttendanceStatus.CONFIRMED),
          new ConditionStated()
              .condition("only-with-the-head")
              .person(Facts.person("guest", "Guest"))
              .scope("talks")
              .kind(ConditionKind.IFF)
              .requires(new Requirement().person(Facts.person("pinned-head", null)).scope("talks")),
          said(AttendanceStatus.DECLINED),
          Facts.rescheduled("opening", "2025-05-16"),
          Facts.leg("flight", Facts.person("pinned-head", null)),
          Facts.stay("stay", Facts.person("pinned-head", null)),
          new PartyAdded().party("tr").name("Türkiye").role(PartyRole.HOST),
          Facts.replaced("ru", Facts.person("next", "Next"), Facts.person("pinned-head", "Pinned")),
          Facts.retracted("a"));

  private static ConfigurableApplicationContext service;

  @BeforeAll
  static void begin() {
    service = Story.service("pinned");
  }

  @AfterAll
  static void end() {
    service.close();
  }

  @Test
  void rule29_whatIsPinnedToAMomentStaysAsItWasAnsweredThen() {
    try (Story story = new Story(service, "pinned")) {
      Map<Long, List<String>> then = new LinkedHashMap<>();
      for (Event event : EVENTS) {
        long sequence = story.settle(event);
        then.put(sequence, PATHS.stream().map(path -> answer(story, path)).toList());
      }
      then.forEach(
          (sequence, answers) -> {
            for (int i = 0; i < PATHS.size(); i++) {
              String path = PATHS.get(i);
              String pinned = path + (path.contains("?") ? "&" : "?") + "asOf=";
              List<String> moments = new ArrayList<>();
              moments.add(Recorder.recordedAt(sequence).toString());
              if (path.startsWith(N)) {
                moments.add(sequence.toString());
              }
              for (String moment : moments) {
                assertThat(answer(story, pinned + moment))
                    .as("%s as of %s", path, moment)
                    .isEqualTo(answers.get(i));
              }
            }
          });
      // The comparison says something only where the answers differ.
      for (int i = 0; i < PATHS.size(); i++) {
        int path = i;
        assertThat(then.values().stream().map(answers -> answers.get(path)).distinct().count())
            .as(PATHS.get(path))
            .isGreaterThan(1);
      }
    }
  }

  @Test
  void noReadThatTakesAMomentIsLeftOut() {
    JsonNode paths =
        JSON.readTree(
                Ground.client(service)
                    .get()
                    .uri("/v3/api-docs")
                    .exchange()
                    .expectBody(String.class)
                    .returnResult()
                    .getResponseBody())
            .get("paths");
    List<String> pinned =
        paths.propertyNames().stream()
            .filter(path -> paths.at(pointer(path)).toString().contains("\"asOf\""))
            .toList();
    assertThat(pinned).hasSizeGreaterThan(20);
    assertThat(pinned)
        .allSatisfy(
            path ->
                assertThat(PATHS)
                    .as(path)
                    .anyMatch(asked -> asked.replaceFirst("\\?.*", "").matches(pattern(path))));
  }

  private static String pointer(String path) {
    return "/" + path.replace("~", "~0").replace("/", "~1") + "/get/parameters";
  }

  private static String pattern(String path) {
    return path.replace(".", "\\.").replaceAll("\\{[a-z]+}", "[^/]+");
  }

  private static AttendanceStated said(AttendanceStatus status) {
    return new AttendanceStated()
        .person(Facts.person("pinned-head", null))
        .party("ru")
        .scope("talks")
        .status(status);
  }

  private static String answer(Story story, String path) {
    EntityExchangeResult<byte[]> answer = story.get(path);
    // Two 404s differ in their trace id alone.
    return answer.getStatus().value() == 200
        ? Story.text(answer)
        : String.valueOf(answer.getStatus().value());
  }
}
