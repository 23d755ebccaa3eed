package io.parley.desk;

import static io.parley.desk.RestrictedDesk.BASE;
import static io.parley.desk.RestrictedDesk.DUE;
import static io.parley.desk.RestrictedDesk.N;
import static io.parley.desk.RestrictedDesk.WORD;
import static io.parley.desk.RestrictedDesk.filled;
import static io.parley.desk.RestrictedDesk.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * What is restricted is there for who may know of it, and then becomes public as if it had never
 * been hidden (rules 23, 31 and 32). That nobody else sees any of it is {@link NothingLeaksTest}'s.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class RestrictedThingsTest {
  private static RestrictedDesk restricted;

  @BeforeAll
  static void record() throws Exception {
    restricted = RestrictedDesk.open();
    restricted.recordRestricted();
  }

  @AfterAll
  static void end() throws IOException {
    restricted.close();
  }

  @Test
  @Order(1)
  void rule23_whoMayKnowSeesItMarked() throws Exception {
    for (String token :
        List.of(
            restricted.editor,
            restricted.ru,
            restricted.auditor,
            restricted.desk.token("secretariat"))) {
      Reply one =
          restricted.read(token, BASE + "/announcements/ru-secret", restricted.secretToken());
      assertThat(one.status()).as(one.body()).isEqualTo(200);
      assertThat(one.json().get("embargoUntil").asString()).isEqualTo(DUE);
      assertThat(one.json().get("text").asString()).endsWith("corrected.");
      assertThat(one.json().get("status").asString()).isEqualTo("CORRECTED");
      assertThat(one.json().get("version").asInt()).isEqualTo(2);
      assertThat(one.json().get("sequence").isNull()).isTrue();
      assertThat(one.json().get("published").isNull()).isTrue();
      Reply roster = restricted.read(token, BASE + "/delegations/ru", restricted.rosterToken());
      assertThat(roster.status()).as(roster.body()).isEqualTo(200);
      assertThat(roster.json().get("published").asBoolean()).isFalse();
      assertThat(roster.json().at("/head/name").asString()).isEqualTo("Hidden Envoy");
    }
    assertThat(
            ids(
                restricted.read(
                    restricted.editor, BASE + "/announcements", restricted.editorsToken())))
        .containsExactly("editors-secret", "ru-secret", "ru-open");
    assertThat(ids(restricted.read(restricted.ru, BASE + "/announcements")))
        .containsExactly("ru-secret", "ru-open");
    assertThat(ids(restricted.read(restricted.ru, BASE + "/announcements?q=" + WORD)))
        .containsExactly("ru-secret");
    assertThat(ids(restricted.read(restricted.editor, BASE + "/announcements?limit=1")))
        .containsExactly("editors-secret");
    String next =
        restricted
            .read(restricted.editor, BASE + "/announcements?limit=1")
            .json()
            .get("next")
            .asString();
    assertThat(
            ids(restricted.read(restricted.editor, BASE + "/announcements?limit=2&cursor=" + next)))
        .containsExactly("ru-secret", "ru-open");
  }

  @Test
  @Order(1)
  void rule21_whoMayKnowSeesTheVersionsUnderEmbargo() throws Exception {
    String path = BASE + "/announcements/ru-secret/versions";
    for (String token :
        List.of(
            restricted.editor,
            restricted.ru,
            restricted.auditor,
            restricted.desk.token("secretariat"))) {
      Reply versions = restricted.read(token, path, restricted.secretToken());
      assertThat(versions.status()).as(versions.body()).isEqualTo(200);
      JsonNode items = versions.json().get("items");
      assertThat(SharedDesk.texts(items, "/event"))
          .containsExactly("AnnouncementPublished", "AnnouncementCorrected");
      assertThat(SharedDesk.texts(items, "/text"))
          .containsExactly("The " + WORD + " text.", "The " + WORD + " text, corrected.");
      assertThat(SharedDesk.texts(items, "/embargoUntil")).containsExactly(DUE, DUE);
      assertThat(items.at("/0/supersededBy").asInt()).isEqualTo(2);
      assertThat(items.at("/1/supersededBy").isNull()).isTrue();
    }
    JsonNode first = restricted.read(restricted.ru, path + "?limit=1").json();
    assertThat(SharedDesk.texts(first.get("items"), "/version")).containsExactly("1");
    String next = path + "?limit=1&cursor=" + first.get("next").asString();
    assertThat(
            SharedDesk.texts(restricted.read(restricted.ru, next).json().get("items"), "/version"))
        .containsExactly("2");
    // Of another's, and of another negotiation's, not even its own party's right tells anything.
    assertThat(
            restricted
                .read(
                    restricted.ru,
                    BASE + "/announcements/editors-secret/versions",
                    restricted.secretToken())
                .status())
        .isEqualTo(404);
  }

  @Test
  @Order(2)
  void whoRecordedItIsToldToAuditorsAlone() throws Exception {
    String path = BASE + "/timeline?limit=1";
    String name = restricted.read(restricted.auditor, path).json().at("/items/0/author").asString();
    assertThat(name).isNotEmpty().doesNotStartWith("author-");
    List<String> others =
        List.of(
            "",
            restricted.desk.token("reader"),
            restricted.desk.token("operator"),
            restricted.ru,
            restricted.desk.token("secretariat"),
            restricted.editor);
    for (String token : others) {
      Reply shown = restricted.read(token, path);
      assertThat(shown.json().at("/items/0/author").asString()).matches("author-[0-9a-f]{12}");
      assertThat(shown.body()).doesNotContain(name);
    }
  }

  @Test
  @Order(2)
  void theOutcomeOfACommandIsTheSendersAndTheEditors() throws Exception {
    String path = "/api/commands/" + restricted.secretCommand();
    for (String token : List.of(restricted.ru, restricted.editor)) {
      assertThat(restricted.read(token, path).status()).isEqualTo(200);
    }
    assertThat(restricted.read(restricted.ua, path).status()).isEqualTo(404);
    for (String role : List.of("reader", "secretariat", "auditor", "operator")) {
      Reply answer = restricted.read(restricted.desk.token(role), path);
      assertThat(answer.status()).as(role).isEqualTo(403);
    }
    assertThat(restricted.read("", path).status()).isEqualTo(401);
  }

  /** Live, and not only what was recorded before: nothing comes between two open events. */
  @Test
  @Order(10)
  void rule31_whoFollowsHearsWhatIsPublicAlone() throws Exception {
    List<BufferedReader> streams = new ArrayList<>();
    try {
      for (String token : restricted.outsiders) {
        for (String path : List.of("/api/events", BASE + "/events")) {
          streams.add(followed(token, path));
        }
      }
      restricted.announce(
          restricted.ru,
          "ru-whispered",
          "A " + WORD + " text.",
          ",\"embargoUntil\":\"" + DUE + "\"");
      restricted.announce(restricted.ru, "ru-spoken", "Another open word.", "");
      for (BufferedReader stream : streams) {
        String line = "";
        while (!line.startsWith("data:")) {
          line = Objects.requireNonNull(stream.readLine(), "the stream goes on");
          assertThat(line).doesNotContain(WORD, "ru-whispered");
        }
        assertThat(line).contains("ru-spoken");
      }
    } finally {
      for (BufferedReader stream : streams) {
        stream.close();
      }
    }
  }

  /** A stream that is open: its first block has come. */
  private static BufferedReader followed(String token, String path) throws Exception {
    Optional<String> bearer = token.isEmpty() ? Optional.empty() : Optional.of(token);
    HttpResponse<InputStream> stream =
        new Origin(restricted.desk.url(), bearer).open(path, "text/event-stream", Optional.empty());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).startsWith("id:");
    return lines;
  }

  @Test
  @Order(7)
  void rule32_announcedTheRosterIsAsIfItHadNeverBeenHidden() throws Exception {
    JsonNode answer =
        restricted.accepted(
            restricted.ru,
            "delegation",
            "{\"type\":\"PublishDelegation\",\"negotiation\":\"%s\",\"party\":\"ru\",%s}");
    assertThat(answer.get("token").asString()).isEqualTo("delegation/" + N + "/delegation:ru@1");
    assertThat(answer.get("events")).hasSize(1);
    Reply one = restricted.desk.after(BASE + "/delegations/ru", answer.get("token").asString());
    assertThat(one.json().get("published").asBoolean()).isTrue();
    assertThat(one.json().get("version").asInt()).isEqualTo(1);
    assertThat(one.json().at("/head/name").asString()).isEqualTo("Hidden Envoy");
    JsonNode entry = last(restricted.desk.get(BASE + "/timeline").json().get("items"));
    assertThat(entry.get("type").asString()).isEqualTo("DelegationComposed");
    assertThat(entry.get("sequence").asInt()).isEqualTo(4);
    assertThat(entry.at("/data/published").asBoolean()).isTrue();
    assertThat(entry.toString()).doesNotContain("restricted");
    assertThat(restricted.read(restricted.editor, BASE + "/delegations").json().get("items"))
        .hasSize(2);
  }

  @Test
  @Order(8)
  void rule23_releasedItIsAsIfItHadNeverBeenHiddenAndRetractedItNeverIs() throws Exception {
    Instant due = Instant.now().plus(Duration.ofSeconds(3));
    for (String id : List.of("ru-secret", "editors-secret")) {
      restricted.accepted(
          restricted.editor,
          "announcement",
          "{\"type\":\"SetEmbargo\",\"negotiation\":\"%s\",\"announcement\":\""
              + id
              + "\",\"until\":\""
              + due
              + "\",%s}");
    }
    restricted.accepted(
        restricted.editor,
        "announcement",
        """
        {"type":"RetractAnnouncement","negotiation":"%s","announcement":"editors-secret","reason":"x",%s}""");
    restricted.awaitPublic(BASE + "/announcements/ru-secret");
    assertThat(Instant.now()).isAfter(due);
    Reply one = restricted.desk.get(BASE + "/announcements/ru-secret");
    assertThat(one.json().get("version").asInt()).isEqualTo(1);
    assertThat(one.json().get("status").asString()).isEqualTo("PUBLISHED");
    assertThat(one.json().get("text").asString()).endsWith("corrected.");
    assertThat(one.json().has("embargoUntil")).isFalse();
    assertThat(restricted.read(restricted.editor, BASE + "/announcements/ru-secret").body())
        .isEqualTo(one.body());
    JsonNode audited =
        restricted.read(restricted.auditor, BASE + "/announcements/ru-secret").json();
    assertThat(audited.get("dueAt").asString()).isEqualTo(due.toString());
    assertThat(
            restricted
                .read(restricted.auditor, BASE + "/announcements/ru-open")
                .json()
                .has("dueAt"))
        .isFalse();
    JsonNode items = restricted.desk.get(BASE + "/timeline").json().get("items");
    JsonNode entry = last(items);
    assertThat(entry.get("type").asString()).isEqualTo("AnnouncementPublished");
    assertThat(entry.get("sequence").asInt()).isEqualTo(5);
    JsonNode open = SharedDesk.find(items, "/aggregate", "announcement:ru-open");
    assertThat(entry.get("author")).isEqualTo(open.get("author"));
    assertThat(entry.at("/data/dueAt").isNull()).isTrue();
    assertThat(entry.at("/data/issuer").isNull()).isTrue();
    assertThat(entry.toString()).doesNotContain("restricted");
    assertThat(
            new Leaks(List.of("restricted-announcement", due.toString()))
                .inOpenTopics(restricted.desk.broker()))
        .isEmpty();
    // The other was due at the same moment.
    assertThat(restricted.desk.get(BASE + "/announcements/editors-secret").status()).isEqualTo(404);
    Reply tombstone = restricted.read(restricted.editor, BASE + "/announcements/editors-secret");
    assertThat(tombstone.json().get("status").asString()).isEqualTo("RETRACTED");
    assertThat(ids(restricted.desk.get(BASE + "/announcements")))
        .containsExactly("ru-secret", "ru-open");
  }

  /** An id may come to look like a party's own after it was taken. */
  @Test
  @Order(9)
  void rule23_whoJoinsLaterHasNoSayInWhatWasHiddenBefore() throws Exception {
    restricted.announce(
        restricted.editor, "fr-1", "Hidden.", ",\"embargoUntil\":\"2099-01-01T00:00:00Z\"");
    restricted.accepted(
        restricted.editor,
        "schedule",
        """
        {"type":"AddParty","negotiation":"%s","party":"fr","name":"France","role":"OBSERVER",%s}""");
    String fr = restricted.desk.token("party:" + N + "/fr");
    String retract =
        """
        {"type":"RetractAnnouncement","negotiation":"%s","announcement":"ID","reason":"x",%s}""";
    // The service learns of the party after a moment; from then on it may record under its ids.
    int status = 403;
    for (int i = 0; i < 500 && status == 403; i++) {
      status =
          restricted
              .desk
              .postAs(fr, "announcement", filled(retract.replace("ID", "fr-nothing")))
              .status();
    }
    assertThat(status).isEqualTo(404);
    for (String version : List.of("\"1\"", "\"7\"")) {
      assertThat(restricted.refused(fr, "announcement", retract.replace("ID", "fr-1"), version))
          .startsWith("403");
    }
    assertThat(
            restricted
                .read(restricted.editor, BASE + "/announcements/fr-1")
                .json()
                .get("status")
                .asString())
        .isEqualTo("PUBLISHED");
    assertThat(restricted.read(fr, BASE + "/announcements/fr-1").status()).isEqualTo(404);
  }

  private static JsonNode last(JsonNode items) {
    return SharedDesk.list(items).getLast();
  }
}
