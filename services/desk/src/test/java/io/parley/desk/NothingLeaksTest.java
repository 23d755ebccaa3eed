package io.parley.desk;

import static io.parley.desk.RestrictedDesk.BASE;
import static io.parley.desk.RestrictedDesk.N;
import static io.parley.desk.RestrictedDesk.SECRETS;
import static io.parley.desk.RestrictedDesk.WORD;
import static io.parley.desk.RestrictedDesk.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * Looks for what is restricted as somebody without the right would: in every answer, in the broker,
 * in metrics, health and logs, before it is on record and after (rules 23, 31 and 32).
 */
@Timeout(300)
class NothingLeaksTest {
  private static final Leaks LEAKS = new Leaks(SECRETS);

  private static final List<String> PATHS =
      List.of(
          "/api/negotiations",
          "/api/negotiations?q=" + WORD,
          "/api/negotiations?party=ru",
          "/api/search?q=" + WORD,
          "/api/search?q=hidden",
          "/api/search?q=somebody",
          "/api/people/hidden-envoy",
          "/api/people/hidden-envoy/itinerary",
          "/api/people/somebody",
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
          BASE + "/announcements.atom",
          BASE + "/delegations",
          BASE + "/delegations/ru",
          BASE + "/delegations/ru?asOf=2100-01-01T00:00:00Z",
          BASE + "/schedule",
          BASE + "/schedule.ics",
          BASE + "/attendance?scope=talks",
          BASE + "/attendance/hidden-envoy/dependents",
          BASE + "/conflicts",
          BASE + "/positions",
          BASE + "/proposals",
          BASE + "/claims",
          BASE + "/drafts",
          BASE + "/agreements",
          BASE + "/diff?from=1&to=3",
          BASE + "/diff?from=1&to=999999",
          BASE + "/diff?from=1&to=2100-01-01T00:00:00Z",
          BASE + "/timeline",
          BASE + "/timeline?from=1&to=999999",
          BASE + "/timeline?limit=1",
          BASE + "/timeline?type=EmbargoSet,AnnouncementCorrected,DelegationComposed",
          BASE + "/meetings/nothing",
          BASE + "/drafts/nothing",
          BASE + "/events?since=beginning",
          BASE + "/events?since=beginning&type=AnnouncementPublished",
          BASE + "/events?since=beginning&topic=" + WORD,
          "/api/events?since=beginning",
          "/api/events?since=beginning&person=hidden-envoy",
          "/api/audit/negotiations/" + N,
          "/api/audit/negotiations/" + N + "/export",
          "/api/audit/negotiations/" + N + "/trail",
          "/api/audit/trail",
          "/schemas/types",
          "/subjects");

  /** What is not told to readers, or is told to each of what is his. */
  private static final Pattern NOT_READ =
      Pattern.compile("/api/(operations|commands)/.*|/(schemas|subjects)/.*");

  /** The negotiation, an announcement and a delegation. */
  private static final int OPEN_EVENTS = 3;

  private static final String REPLAY = "application/x-ndjson, application/json;q=0.9, */*;q=0.1";

  private static RestrictedDesk restricted;
  private static Map<String, String> answersBefore;
  private static String metricsBefore;
  private static String metricsAfter;
  private static String operator;
  private static String healthBefore;

  @BeforeAll
  static void record() throws Exception {
    restricted = RestrictedDesk.open();
    operator = restricted.desk.token("operator");
    answersBefore = answers();
    healthBefore = all(restricted.desk.get("/actuator/health"));
    metricsBefore = settledMetrics();
    restricted.recordRestricted();
    metricsAfter = settledMetrics();
  }

  @AfterAll
  static void end() throws IOException {
    restricted.close();
  }

  /** Status, every header and every byte: lists, counts, tags, gaps, feeds, differences, 404s. */
  @Test
  void rule23_andRule31_nobodyElseSeesAnyDifference() throws Exception {
    Reply known = restricted.read(restricted.editor, BASE + "/announcements/ru-secret");
    assertThat(known.status()).as("there is something to be found").isEqualTo(200);
    Map<String, String> after = answers();
    assertThat(Leaks.differences(answersBefore, after)).isEmpty();
    // What was asked for is in the path and in a problem's words; nothing else says it.
    after.forEach(
        (asked, answer) -> {
          if (SECRETS.stream().noneMatch(asked::contains)) {
            assertThat(LEAKS.in(asked, answer)).isEmpty();
          }
        });
    assertThat(answersBefore.values()).filteredOn(answer -> answer.startsWith("200")).isNotEmpty();
  }

  /** Each path that the running application says it has is asked above. */
  @Test
  void rule23_noReadIsLeftOut() throws Exception {
    JsonNode paths = restricted.desk.get("/v3/api-docs").json().get("paths");
    List<String> reads =
        paths.propertyNames().stream()
            .filter(path -> paths.get(path).has("get") && !NOT_READ.matcher(path).matches())
            .toList();
    assertThat(reads).hasSizeGreaterThan(30);
    assertThat(reads)
        .allSatisfy(
            path ->
                assertThat(PATHS)
                    .as(path)
                    .anyMatch(asked -> asked.replaceFirst("\\?.*", "").matches(pattern(path))));
  }

  private static String pattern(String path) {
    return path.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+");
  }

  /** Byte for byte, but for the id that was asked for. */
  @Test
  void rule23_anIdThatIsHiddenIsAsOneThatNobodyHasUsed() throws Exception {
    for (String path : List.of("/announcements/%s", "/announcements/%s/versions")) {
      for (String token : restricted.outsiders) {
        Reply secret = restricted.read(token, BASE + path.formatted("ru-secret"));
        Reply nothing = restricted.read(token, BASE + path.formatted("ru-nought"));
        assertThat(secret.status()).isEqualTo(404);
        assertThat(all(secret)).isEqualTo(all(nothing).replace("ru-nought", "ru-secret"));
      }
    }
  }

  @Test
  void rule32_noOpenTopicHoldsAByteOfIt() throws Exception {
    String broker = restricted.desk.broker();
    assertThat(Leaks.open(broker))
        .contains("schedule.events", "delegation.events", "announcement.events", "parley.timeline");
    assertThat(new Leaks(List.of("ru-open")).inOpenTopics(broker))
        .as("that what is open is found at all")
        .isNotEmpty();
    assertThat(LEAKS.inOpenTopics(broker)).isEmpty();
    assertThat(Leaks.records(broker, Set.of("announcement.restricted.events")))
        .filteredOn(record -> !LEAKS.in(record).isEmpty())
        .hasSize(3);
  }

  /**
   * That the test above would see it: in a topic that nobody has thought of, and rolled back too.
   */
  @Test
  void whatLeaksIntoAnyTopicIsFound() throws Exception {
    String broker = restricted.desk.broker();
    String leaked = "plugh-leaked";
    Leaks leaks = new Leaks(List.of(leaked));
    assertThat(leaks.inOpenTopics(broker)).isEmpty();
    Topics.create(new ParleyProperties.Kafka(broker, 1, (short) 1), List.of("probe"));
    byte[] bytes = leaked.getBytes(StandardCharsets.UTF_8);
    List<ProducerRecord<byte[], byte[]>> leaking = new ArrayList<>();
    leaking.add(new ProducerRecord<>("probe", bytes, null));
    leaking.add(new ProducerRecord<>("probe", null, bytes));
    var header = new ProducerRecord<byte[], byte[]>("probe", new byte[] {1});
    header.headers().add("ce_subject", bytes);
    leaking.add(header);
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker, "transactional.id", "probe", "linger.ms", 0);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (var record : leaking) {
        producer.send(record).get();
      }
      producer.abortTransaction();
    }
    assertThat(leaks.inOpenTopics(broker)).hasSize(3);
  }

  /**
   * What somebody tells who scrapes before and after: which series there are, and how far they have
   * come. Of the process's own numbers ({@link Leaks}) none is anybody's in particular.
   */
  @Test
  void rule32_metricsTellNothingOfItNorBySubtraction() {
    assertThat(metricsBefore)
        .contains("parley_commands", "http_server_requests", "parley_projection_position");
    assertThat(Leaks.inMetrics(metricsBefore, metricsAfter)).isEmpty();
    assertThat(LEAKS.in("metrics", metricsAfter)).isEmpty();
    assertThat(metricsAfter.lines().filter(line -> !line.startsWith("disk_")))
        .as("nothing counts them apart")
        .noneMatch(line -> line.contains("restricted"));
    assertThat(metricsAfter.lines().filter(line -> line.startsWith("http_server_requests")))
        .as("requests tell no path, method or status")
        .noneMatch(line -> line.contains("uri=") || line.contains("status=\"2"));
  }

  @Test
  void rule32_healthAndLogsTellNothingOfIt() throws Exception {
    String health = all(restricted.desk.get("/actuator/health"));
    assertThat(health).isEqualTo(healthBefore);
    assertThat(LEAKS.in("health", health)).isEmpty();
    String log = Files.readString(restricted.desk.data().resolve("parley.log"));
    assertThat(log).contains("announcement");
    assertThat(LEAKS.in("log", log)).isEmpty();
  }

  @Test
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
        assertThat(refused(command.replace("ID", "ru-secret"), version))
            .startsWith("403")
            .isEqualTo(refused(command.replace("ID", "ru-nought"), version));
      }
    }
    String answer =
        """
        {"type":"PublishAnnouncement","negotiation":"%s","announcement":"ua-1","kind":"RESPONSE","inReplyTo":"ID",
        "speaker":"somebody","text":"x","language":"en",%s}""";
    assertThat(refused(answer.replace("ID", "ru-secret"), "\"0\""))
        .startsWith("404")
        .isEqualTo(
            refused(answer.replace("ID", "ru-nought"), "\"0\"").replace("ru-nought", "ru-secret"));
    String asked = "/api/commands/" + restricted.secretCommand();
    assertThat(restricted.read(restricted.ru, asked).status()).isEqualTo(200);
    String nobodys = restricted.secretCommand().replaceAll(".$", "_");
    Reply unknown = restricted.read(restricted.ua, "/api/commands/" + nobodys);
    Reply hidden = restricted.read(restricted.ua, asked);
    assertThat(hidden.status()).isEqualTo(404);
    assertThat(all(hidden)).isEqualTo(all(unknown).replace(nobodys, restricted.secretCommand()));
    assertThat(restricted.read("", asked).status()).isEqualTo(401);
  }

  @Test
  void rule23_aTokenOfItIsAsOneOfWhatDoesNotExist() throws Exception {
    String nothing = restricted.secretToken().replace("ru-secret", "ru-nought");
    Reply hidden = restricted.read(restricted.ua, BASE, restricted.secretToken());
    Reply unknown = restricted.read(restricted.ua, BASE, nothing);
    assertThat(hidden.status()).isEqualTo(503);
    assertThat(hidden.json().get("code").asString()).isEqualTo("NOT_YET_KNOWN");
    assertThat(all(hidden)).isEqualTo(all(unknown).replace("ru-nought", "ru-secret"));
    assertThat(restricted.read(restricted.ru, BASE, restricted.secretToken()).status())
        .isEqualTo(200);
  }

  private static String refused(String command, String ifMatch) throws IOException {
    return restricted.refused(restricted.ua, "announcement", command, ifMatch);
  }

  /** All of it: whole, its head, unchanged since then, and as a stream. */
  private static Map<String, String> answers() throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    for (int i = 0; i < restricted.outsiders.size(); i++) {
      String token = restricted.outsiders.get(i);
      for (String path : PATHS) {
        Reply whole = ask("GET", token, path, "Accept", REPLAY);
        answers.put(i + " " + path, all(whole));
        answers.put(i + " HEAD " + path, all(ask("HEAD", token, path, "Accept", REPLAY)));
        String tag = whole.header("ETag");
        if (!tag.isEmpty()) {
          Reply unchanged = ask("GET", token, path, "If-None-Match", tag);
          assertThat(unchanged.status()).as(path).isEqualTo(304);
          answers.put(i + " unchanged " + path, all(unchanged));
        }
      }
      for (String path : List.of("/api/events", BASE + "/events")) {
        answers.put(i + " stream " + path, followed(token, path + "?since=beginning"));
      }
    }
    return answers;
  }

  private static Reply ask(String method, String token, String path, String... headers)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    if (!token.isEmpty()) {
      all.addAll(List.of("Authorization", "Bearer " + token));
    }
    return restricted.desk.ask(method, path, all.toArray(new String[0]));
  }

  /** What a stream tells from its beginning to the last of what is open. */
  private static String followed(String token, String path) throws Exception {
    Optional<String> bearer = token.isEmpty() ? Optional.empty() : Optional.of(token);
    HttpResponse<InputStream> stream =
        new Origin(restricted.desk.url(), bearer).open(path, "text/event-stream", Optional.empty());
    StringBuilder told = new StringBuilder(stream.headers().map().toString());
    try (var lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      for (int events = 0; events < OPEN_EVENTS; ) {
        String line = lines.readLine();
        assertThat(line).as("the stream goes on: " + told).isNotNull();
        told.append(line).append('\n');
        events += line.startsWith("data:") ? 1 : 0;
      }
    }
    return told.toString();
  }

  /** A scrape that the next one repeats: what went on before is over. */
  private static String settledMetrics() throws IOException {
    String last = restricted.read(operator, "/actuator/prometheus").body();
    List<String> differences = List.of();
    for (int i = 0; i < 100; i++) {
      String next = restricted.read(operator, "/actuator/prometheus").body();
      differences = Leaks.inMetrics(last, next);
      if (differences.isEmpty()) {
        return next;
      }
      last = next;
    }
    throw new AssertionError("the numbers never come to rest: " + differences);
  }
}
