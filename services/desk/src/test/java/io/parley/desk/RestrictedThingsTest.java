package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Looks for what is restricted as somebody without the right would, over HTTP and in the broker,
 * and then sees it become public (rules 23, 31 and 32).
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class RestrictedThingsTest {
  private static final String N = "ankara-2026";
  private static final String BASE = "/api/negotiations/" + N;
  private static final String WORD = "xyzzyquux";

  /** Nothing of these may be found anywhere. */
  private static final List<String> SECRETS =
      List.of(WORD, "ru-secret", "editors-secret", "hidden-envoy", "restricted-a", "restricted-d");

  private static final List<String> PATHS =
      List.of(
          "/api/negotiations",
          "/api/negotiations?q=" + WORD,
          BASE,
          BASE + "/announcements",
          BASE + "/announcements?limit=1",
          BASE + "/announcements?q=" + WORD,
          BASE + "/announcements?topic=" + WORD,
          BASE + "/announcements?speaker=hidden-envoy",
          BASE + "/announcements?asOf=2100-01-01T00:00:00Z",
          BASE + "/announcements?asOf=999999",
          BASE + "/announcements/ru-secret",
          BASE + "/announcements/editors-secret",
          BASE + "/announcements/ru-secret/versions",
          BASE + "/announcements/ru-secret/versions?limit=1",
          BASE + "/announcements/ru-secret/versions?asOf=2100-01-01T00:00:00Z",
          BASE + "/announcements/editors-secret/versions",
          BASE + "/delegations",
          BASE + "/delegations/ru",
          BASE + "/delegations/ru?asOf=2100-01-01T00:00:00Z",
          BASE + "/schedule",
          BASE + "/timeline",
          BASE + "/timeline?type=EmbargoSet,AnnouncementCorrected,DelegationComposed",
          "/api/audit/negotiations/" + N);

  private static Path directory;
  private static DeskProcess desk;
  private static String editor;
  private static String ru;
  private static String ua;
  private static String auditor;
  private static List<String> outsiders;
  private static Map<String, String> before;
  private static String secretToken = "";
  private static String rosterToken = "";
  private static String editorsToken = "";
  private static String secretCommand = "";

  @BeforeAll
  static void record() throws Exception {
    directory = Files.createTempDirectory("parley-restricted");
    desk = DeskProcess.start(directory.resolve("data"));
    editor = desk.token("editor");
    ru = desk.token("party:" + N + "/ru");
    ua = desk.token("party:" + N + "/ua");
    auditor = desk.token("auditor");
    outsiders =
        List.of("", desk.token("reader"), desk.token("operator"), ua, desk.token("party:other/ru"));
    accepted(
        editor,
        "schedule",
        """
        {"type":"ConveneNegotiation","negotiation":"%s","title":"Talks","parties":[
        {"party":"ru","name":"Russia","role":"PRINCIPAL"},{"party":"ua","name":"Ukraine","role":"PRINCIPAL"},
        {"party":"us","name":"US","role":"OBSERVER"}],%s}""");
    awaitPublic(BASE, 200);
    announce(ru, "ru-open", "An open word.", "");
    JsonNode open =
        accepted(
            ua,
            "delegation",
            """
            {"type":"ComposeDelegation","negotiation":"%s","party":"ua","roster":"PARTIAL",%s}""");
    assertThat(desk.after(BASE, open.get("token").asString()).status()).isEqualTo(200);
    awaitPublic(BASE + "/announcements/ru-open", 200);
    before = seenByOutsiders();
    JsonNode secret =
        announce(
            ru,
            "ru-secret",
            "The " + WORD + " text.",
            ",\"embargoUntil\":\"2099-01-01T00:00:00Z\",\"topics\":[\"" + WORD + "\"]");
    secretToken = secret.get("token").asString();
    secretCommand = secret.get("commandId").asString();
    assertThat(secret.get("version").asInt()).isEqualTo(1);
    secretToken =
        accepted(
                ru,
                "announcement",
                """
                {"type":"CorrectAnnouncement","negotiation":"%s","announcement":"ru-secret","corrects":1,
                "text":"The WORD text, corrected.","note":"misheard",%s}"""
                    .replace("WORD", WORD))
            .get("token")
            .asString();
    editorsToken =
        announce(
                editor,
                "editors-secret",
                "Another " + WORD + " text.",
                ",\"embargoUntil\":\"2099-01-01T00:00:00Z\"")
            .get("token")
            .asString();
    rosterToken =
        accepted(
                ru,
                "delegation",
                """
                {"type":"ComposeDelegation","negotiation":"%s","party":"ru","roster":"PARTIAL",
                "head":{"id":"hidden-envoy","name":"Hidden Envoy"},"published":false,%s}""")
            .get("token")
            .asString();
    assertThat(secretToken).isEqualTo("announcement/" + N + "/restricted-announcement:ru-secret@2");
  }

  @AfterAll
  static void end() throws Exception {
    desk.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  @Test
  @Order(1)
  void rule23_whoMayKnowSeesItMarked() throws Exception {
    for (String token : List.of(editor, ru, auditor, desk.token("secretariat"))) {
      Reply one = read(token, BASE + "/announcements/ru-secret", secretToken);
      assertThat(one.status()).as(one.body()).isEqualTo(200);
      assertThat(one.json().get("embargoUntil").asString()).isEqualTo("2099-01-01T00:00:00Z");
      assertThat(one.json().get("text").asString()).endsWith("corrected.");
      assertThat(one.json().get("status").asString()).isEqualTo("CORRECTED");
      assertThat(one.json().get("version").asInt()).isEqualTo(2);
      assertThat(one.json().get("sequence").isNull()).isTrue();
      assertThat(one.json().get("published").isNull()).isTrue();
      Reply roster = read(token, BASE + "/delegations/ru", rosterToken);
      assertThat(roster.status()).as(roster.body()).isEqualTo(200);
      assertThat(roster.json().get("published").asBoolean()).isFalse();
      assertThat(roster.json().at("/head/name").asString()).isEqualTo("Hidden Envoy");
    }
    assertThat(ids(read(editor, BASE + "/announcements", editorsToken)))
        .containsExactly("editors-secret", "ru-secret", "ru-open");
    assertThat(ids(read(ru, BASE + "/announcements"))).containsExactly("ru-secret", "ru-open");
    assertThat(ids(read(ru, BASE + "/announcements?q=" + WORD))).containsExactly("ru-secret");
    assertThat(ids(read(editor, BASE + "/announcements?limit=1")))
        .containsExactly("editors-secret");
    String next = read(editor, BASE + "/announcements?limit=1").json().get("next").asString();
    assertThat(ids(read(editor, BASE + "/announcements?limit=2&cursor=" + next)))
        .containsExactly("ru-secret", "ru-open");
  }

  @Test
  @Order(1)
  void rule21_whoMayKnowSeesTheVersionsUnderEmbargo() throws Exception {
    String path = BASE + "/announcements/ru-secret/versions";
    for (String token : List.of(editor, ru, auditor, desk.token("secretariat"))) {
      Reply versions = read(token, path, secretToken);
      assertThat(versions.status()).as(versions.body()).isEqualTo(200);
      JsonNode items = versions.json().get("items");
      assertThat(SharedDesk.texts(items, "/event"))
          .containsExactly("AnnouncementPublished", "AnnouncementCorrected");
      assertThat(SharedDesk.texts(items, "/text"))
          .containsExactly("The " + WORD + " text.", "The " + WORD + " text, corrected.");
      assertThat(SharedDesk.texts(items, "/embargoUntil"))
          .containsExactly("2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
      assertThat(items.at("/0/supersededBy").asInt()).isEqualTo(2);
      assertThat(items.at("/1/supersededBy").isNull()).isTrue();
    }
    JsonNode first = read(ru, path + "?limit=1").json();
    assertThat(SharedDesk.texts(first.get("items"), "/version")).containsExactly("1");
    String next = path + "?limit=1&cursor=" + first.get("next").asString();
    assertThat(SharedDesk.texts(read(ru, next).json().get("items"), "/version"))
        .containsExactly("2");
    // Of another's, and of another negotiation's, not even its own party's right tells anything.
    assertThat(read(ru, BASE + "/announcements/editors-secret/versions", secretToken).status())
        .isEqualTo(404);
  }

  /** Byte for byte, but for the id that was asked for. */
  @Test
  @Order(1)
  void rule23_itsVersionsAreForAllOthersThoseOfAnIdThatNobodyHasUsed() throws Exception {
    String path = BASE + "/announcements/%s/versions";
    for (String token : outsiders) {
      Reply secret = read(token, path.formatted("ru-secret"));
      Reply nothing = read(token, path.formatted("ru-nought"));
      assertThat(secret.status()).isEqualTo(404).isEqualTo(nothing.status());
      assertThat(all(secret)).isEqualTo(all(nothing).replace("ru-nought", "ru-secret"));
    }
  }

  @Test
  @Order(2)
  void rule23_andRule31_nobodyElseSeesAnyDifference() throws Exception {
    assertThat(read(editor, BASE + "/announcements/ru-secret", secretToken).status())
        .isEqualTo(200);
    assertThat(read(ru, BASE + "/delegations/ru", rosterToken).status()).isEqualTo(200);
    assertThat(seenByOutsiders()).isEqualTo(before);
    assertThat(read(ru, BASE + "/announcements/editors-secret", secretToken).status())
        .isEqualTo(404);
  }

  @Test
  @Order(3)
  void rule23_aRefusalTellsNothing() throws Exception {
    for (String command :
        List.of(
            """
            {"type":"SetEmbargo","negotiation":"%s","announcement":"ID","until":"2098-01-01T00:00:00Z",%s}""",
            """
            {"type":"RetractAnnouncement","negotiation":"%s","announcement":"ID","reason":"x",%s}""",
            """
            {"type":"PublishAnnouncement","negotiation":"%s","announcement":"ID","kind":"STATEMENT",
            "speaker":"somebody","text":"x","language":"en",%s}""")) {
      for (String version : List.of("\"1\"", "\"0\"")) {
        String secret = refused(ua, "announcement", command.replace("ID", "ru-secret"), version);
        String nothing = refused(ua, "announcement", command.replace("ID", "ru-nothing"), version);
        assertThat(secret).startsWith("403").isEqualTo(nothing);
      }
    }
    String answer =
        """
        {"type":"PublishAnnouncement","negotiation":"%s","announcement":"ua-1","kind":"RESPONSE","inReplyTo":"ID",
        "speaker":"somebody","text":"x","language":"en",%s}""";
    assertThat(refused(ua, "announcement", answer.replace("ID", "ru-secret"), "\"0\""))
        .startsWith("404")
        .isEqualTo(
            refused(ua, "announcement", answer.replace("ID", "ru-nothing"), "\"0\"")
                .replace("ru-nothing", "ru-secret"));
    String asked = "/api/commands/" + secretCommand;
    assertThat(read(ru, asked).status()).isEqualTo(200);
    Reply unknown = read(ua, asked.substring(0, asked.length() - 1) + "_");
    assertThat(read(ua, asked).status()).isEqualTo(unknown.status()).isEqualTo(404);
    assertThat(read("", asked).status()).isEqualTo(401);
  }

  @Test
  @Order(4)
  void rule23_aTokenOfItIsAsOneOfWhatDoesNotExist() throws Exception {
    String nothing = secretToken.replace("ru-secret", "ru-nothing");
    Reply other = read(ua, BASE, secretToken);
    assertThat(other.status()).isEqualTo(503).isEqualTo(read(ua, BASE, nothing).status());
    assertThat(other.json().get("code").asString()).isEqualTo("NOT_YET_KNOWN");
    assertThat(read(ru, BASE, secretToken).status()).isEqualTo(200);
  }

  @Test
  @Order(5)
  void rule32_noOpenTopicHoldsAByteOfIt() throws Exception {
    List<String> open =
        List.of("schedule.events", "delegation.events", "announcement.events", "parley.timeline");
    assertThat(bytes(open, "ru-open")).as("that it can be found at all").isPositive();
    for (String secret : SECRETS) {
      assertThat(bytes(open, secret)).as("records with %s", secret).isZero();
    }
    List<String> restricted = List.of("announcement.restricted.events");
    assertThat(bytes(restricted, WORD)).isEqualTo(3);
  }

  @Test
  @Order(6)
  void rule32_metricsHealthAndLogsTellNothingOfIt() throws Exception {
    String metrics = desk.get("/actuator/prometheus").body();
    String health = desk.get("/actuator/health").body();
    String log = Files.readString(desk.data().resolve("parley.log"));
    assertThat(metrics).contains("parley_commands");
    for (String secret : SECRETS) {
      assertThat(metrics).as("metrics").doesNotContain(secret);
      assertThat(health).as("health").doesNotContain(secret);
      assertThat(log).as("log").doesNotContain(secret);
    }
    assertThat(metrics.lines().filter(line -> !line.startsWith("disk_")))
        .as("nothing counts them apart")
        .noneMatch(line -> line.contains("restricted"));
  }

  @Test
  @Order(7)
  void rule32_announcedTheRosterIsAsIfItHadNeverBeenHidden() throws Exception {
    JsonNode answer =
        accepted(
            ru,
            "delegation",
            "{\"type\":\"PublishDelegation\",\"negotiation\":\"%s\",\"party\":\"ru\",%s}");
    assertThat(answer.get("token").asString()).isEqualTo("delegation/" + N + "/delegation:ru@1");
    assertThat(answer.get("events")).hasSize(1);
    Reply one = desk.after(BASE + "/delegations/ru", answer.get("token").asString());
    assertThat(one.json().get("published").asBoolean()).isTrue();
    assertThat(one.json().get("version").asInt()).isEqualTo(1);
    assertThat(one.json().at("/head/name").asString()).isEqualTo("Hidden Envoy");
    JsonNode entry = last(desk.get(BASE + "/timeline").json().get("items"));
    assertThat(entry.get("type").asString()).isEqualTo("DelegationComposed");
    assertThat(entry.get("sequence").asInt()).isEqualTo(4);
    assertThat(entry.at("/data/published").asBoolean()).isTrue();
    assertThat(entry.toString()).doesNotContain("restricted");
    assertThat(read(editor, BASE + "/delegations").json().get("items")).hasSize(2);
  }

  @Test
  @Order(8)
  void rule23_releasedItIsAsIfItHadNeverBeenHiddenAndRetractedItNeverIs() throws Exception {
    Instant due = Instant.now().plus(Duration.ofSeconds(3));
    for (String id : List.of("ru-secret", "editors-secret")) {
      accepted(
          editor,
          "announcement",
          "{\"type\":\"SetEmbargo\",\"negotiation\":\"%s\",\"announcement\":\""
              + id
              + "\",\"until\":\""
              + due
              + "\",%s}");
    }
    accepted(
        editor,
        "announcement",
        """
        {"type":"RetractAnnouncement","negotiation":"%s","announcement":"editors-secret","reason":"x",%s}""");
    awaitPublic(BASE + "/announcements/ru-secret", 200);
    assertThat(Instant.now()).isAfter(due);
    Reply one = desk.get(BASE + "/announcements/ru-secret");
    assertThat(one.json().get("version").asInt()).isEqualTo(1);
    assertThat(one.json().get("status").asString()).isEqualTo("PUBLISHED");
    assertThat(one.json().get("text").asString()).endsWith("corrected.");
    assertThat(one.json().has("embargoUntil")).isFalse();
    assertThat(read(editor, BASE + "/announcements/ru-secret").body()).isEqualTo(one.body());
    JsonNode audited = read(auditor, BASE + "/announcements/ru-secret").json();
    assertThat(audited.get("dueAt").asString()).isEqualTo(due.toString());
    assertThat(read(auditor, BASE + "/announcements/ru-open").json().has("dueAt")).isFalse();
    JsonNode items = desk.get(BASE + "/timeline").json().get("items");
    JsonNode entry = last(items);
    assertThat(entry.get("type").asString()).isEqualTo("AnnouncementPublished");
    assertThat(entry.get("sequence").asInt()).isEqualTo(5);
    JsonNode open = SharedDesk.find(items, "/aggregate", "announcement:ru-open");
    assertThat(entry.get("author")).isEqualTo(open.get("author"));
    assertThat(entry.at("/data/dueAt").isNull()).isTrue();
    assertThat(entry.at("/data/issuer").isNull()).isTrue();
    assertThat(entry.toString()).doesNotContain("restricted");
    assertThat(bytes(List.of("announcement.events", "parley.timeline"), "restricted-")).isZero();
    assertThat(bytes(List.of("announcement.events", "parley.timeline"), due.toString())).isZero();
    // The other was due at the same moment.
    assertThat(desk.get(BASE + "/announcements/editors-secret").status()).isEqualTo(404);
    Reply tombstone = read(editor, BASE + "/announcements/editors-secret");
    assertThat(tombstone.json().get("status").asString()).isEqualTo("RETRACTED");
    assertThat(ids(desk.get(BASE + "/announcements"))).containsExactly("ru-secret", "ru-open");
  }

  /** An id may come to look like a party's own after it was taken. */
  @Test
  @Order(9)
  void rule23_whoJoinsLaterHasNoSayInWhatWasHiddenBefore() throws Exception {
    announce(editor, "fr-1", "Hidden.", ",\"embargoUntil\":\"2099-01-01T00:00:00Z\"");
    accepted(
        editor,
        "schedule",
        """
        {"type":"AddParty","negotiation":"%s","party":"fr","name":"France","role":"OBSERVER",%s}""");
    String fr = desk.token("party:" + N + "/fr");
    String retract =
        """
        {"type":"RetractAnnouncement","negotiation":"%s","announcement":"ID","reason":"x",%s}""";
    // The service learns of the party after a moment; from then on it may record under its ids.
    int status = 403;
    for (int i = 0; i < 500 && status == 403; i++) {
      status =
          desk.postAs(fr, "announcement", filled(retract.replace("ID", "fr-nothing"))).status();
    }
    assertThat(status).isEqualTo(404);
    for (String version : List.of("\"1\"", "\"7\"")) {
      assertThat(refused(fr, "announcement", retract.replace("ID", "fr-1"), version))
          .startsWith("403");
    }
    assertThat(read(editor, BASE + "/announcements/fr-1").json().get("status").asString())
        .isEqualTo("PUBLISHED");
    assertThat(read(fr, BASE + "/announcements/fr-1").status()).isEqualTo(404);
  }

  // How it is asked

  private static Map<String, String> seenByOutsiders() throws Exception {
    Map<String, String> seen = new LinkedHashMap<>();
    for (int i = 0; i < outsiders.size(); i++) {
      for (String path : PATHS) {
        Reply reply = read(outsiders.get(i), path);
        String body =
            reply.status() == 200 ? reply.body() : reply.body().replaceAll("\"traceId.*", "");
        seen.put(
            i + " " + path,
            String.join(
                "\n",
                List.of(
                    String.valueOf(reply.status()),
                    reply.header("ETag"),
                    reply.header("Parley-Sequence"),
                    reply.header("Content-Length"),
                    reply.header("Link"),
                    reply.status() == 200 ? reply.header("Content-Length") : "",
                    body)));
      }
    }
    return seen;
  }

  private static Reply read(String token, String path, String... after) throws IOException {
    List<String> headers = new ArrayList<>();
    if (!token.isEmpty()) {
      headers.addAll(List.of("Authorization", "Bearer " + token));
    }
    if (after.length > 0) {
      headers.addAll(List.of("Parley-After", String.join(",", after)));
    }
    return desk.get(path, headers.toArray(new String[0]));
  }

  /** Headers and body, without what is new in every answer. */
  private static String all(Reply reply) {
    return (reply.headers().map() + reply.body()).replaceAll("\"traceId\":\"[^\"]*\"", "");
  }

  private static List<String> ids(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return SharedDesk.texts(reply.json().get("items"), "/announcement");
  }

  private static JsonNode last(JsonNode items) {
    return SharedDesk.list(items).getLast();
  }

  private static JsonNode announce(String token, String id, String text, String more)
      throws IOException {
    return accepted(
        token,
        "announcement",
        "{\"type\":\"PublishAnnouncement\",\"negotiation\":\"%s\",\"announcement\":\""
            + id
            + "\",\"kind\":\"STATEMENT\",\"speaker\":\"somebody\",\"text\":\""
            + text
            + "\",\"language\":\"en\""
            + more
            + ",%s}");
  }

  private static String filled(String command) {
    return command.formatted(
        N,
        """
        "source":{"chain":[{"name":"The Gazette","role":"PUBLISHER"}],"url":"https://example.org/x"}""");
  }

  /** Sends until it is known what it refers to: the services learn of each other after a moment. */
  private static JsonNode accepted(String token, String service, String command)
      throws IOException {
    Reply reply = desk.postAs(token, service, filled(command));
    for (int i = 0; i < 200 && reply.status() != 201; i++) {
      assertThat(reply.body()).contains("NEGOTIATION_NOT_FOUND");
      reply = desk.postAs(token, service, filled(command));
    }
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.json();
  }

  /** The answer without what is new in every answer. */
  private static String refused(String token, String service, String command, String ifMatch)
      throws IOException {
    Reply reply = desk.postAs(token, service, filled(command), "If-Match", ifMatch);
    return reply.status()
        + reply.body().replaceAll("\"(traceId|commandId)\":\"[^\"]*\"", "").replaceAll("\\s", "");
  }

  private static void awaitPublic(String path, int status) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (desk.get(path).status() != status) {
      assertThat(System.nanoTime()).as("%s in time", path).isLessThan(end);
    }
  }

  /**
   * How many records of these topics, committed or not, have this anywhere: key, value, headers.
   */
  private static int bytes(List<String> topics, String text) throws Exception {
    int found = 0;
    Map<String, Object> settings = Map.of("bootstrap.servers", desk.broker());
    try (var admin = Admin.create(settings);
        var consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Set<String> there = admin.listTopics().names().get();
      assertThat(there).containsAll(topics);
      List<TopicPartition> parts =
          topics.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(part -> new TopicPartition(part.topic(), part.partition()))
              .toList();
      consumer.assign(parts);
      consumer.seekToBeginning(parts);
      Map<TopicPartition, Long> ends = consumer.endOffsets(parts);
      while (parts.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          StringBuilder all = new StringBuilder(text(record.key())).append(text(record.value()));
          record.headers().forEach(header -> all.append(header.key()).append(text(header.value())));
          found += all.indexOf(text) < 0 ? 0 : 1;
        }
      }
    }
    return found;
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
