package io.parley.desk;

import static io.parley.desk.SharedDesk.BASE;
import static io.parley.desk.SharedDesk.pages;
import static io.parley.desk.SharedDesk.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.projection.timeline.Chain;
import io.parley.projection.timeline.Head;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The desk is stopped, and killed at work; what it acknowledged is there, once. */
@Timeout(600)
class DeskRestartTest {
  private static final String CRASH = "crash-2025";
  private static final String TALKS = "/api/negotiations/" + CRASH;
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);
  private static final int COMMANDS = 150;
  private static final int KILLED_AFTER = 50;
  private static final int AT_ONCE = 6;

  /** A command and its key. */
  private record Keyed(String service, String key, String json) {}

  @Test
  void nothingIsLostByAStopNorByAKill(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    Map<String, String> told;
    try (DeskProcess desk = DeskProcess.start(data)) {
      told = SharedDesk.answers(desk, SharedDesk.load(desk, "commands.ndjson"));
      assertThat(desk.terminate(ENDS_WITHIN)).as("exit code of SIGTERM").hasValue(0);
    }
    assertThat(data.resolve("url")).doesNotExist();
    assertThat(data.resolve("broker")).doesNotExist();

    List<Keyed> commands = commands();
    Map<String, String> acknowledged = new ConcurrentHashMap<>();
    try (DeskProcess desk = DeskProcess.start(data)) {
      assertThat(SharedDesk.answers(desk)).isEqualTo(told);
      goesOn(desk);
      convene(desk);
      killAtWork(desk, commands, acknowledged);
    }
    assertThat(acknowledged).hasSizeBetween(KILLED_AFTER, COMMANDS - 1);

    try (DeskProcess desk = DeskProcess.start(data)) {
      assertThat(desk.get(BASE + "/meetings/opening").json().get("icalSequence").asInt())
          .isEqualTo(1);
      sendAgain(desk, commands, acknowledged);
      everythingIsThereOnce(desk, acknowledged);
      theChainHolds(desk);
      assertThat(desk.terminate(ENDS_WITHIN)).as("exit code of SIGTERM").hasValue(0);
    }
  }

  /** Versions go on from where they were. */
  private static void goesOn(DeskProcess desk) throws Exception {
    String[] tokens = SharedDesk.load(desk, "continuation.ndjson");
    assertThat(tokens).contains("schedule/" + SharedDesk.N + "/meeting:opening@2");
    JsonNode opening = desk.after(BASE + "/meetings/opening", tokens).json();
    assertThat(opening.get("version").asInt()).isEqualTo(2);
    assertThat(opening.get("icalSequence").asInt()).isEqualTo(1);
    assertThat(pages(desk, BASE + "/timeline", 1000)).hasSize(55);
  }

  private static void convene(DeskProcess desk) throws IOException {
    Reply reply =
        desk.post(
            "schedule",
            """
            {"type":"ConveneNegotiation","negotiation":"%s","title":"Talks","parties":[
             {"party":"ru","name":"Russia","role":"PRINCIPAL"},
             {"party":"ua","name":"Ukraine","role":"PRINCIPAL"}],%s}
            """
                .formatted(CRASH, source()),
            "Idempotency-Key",
            "convene");
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }

  private static List<Keyed> commands() {
    List<Keyed> commands = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      String json =
          switch (i % 3) {
            case 0 ->
                "\"type\":\"ScheduleRound\",\"round\":\"r-%d\",\"format\":\"DIRECT\"".formatted(i);
            case 1 ->
                ("\"type\":\"PublishAnnouncement\",\"announcement\":\"a-%d\",\"kind\":\"STATEMENT\","
                        + "\"speaker\":\"ru\",\"text\":\"no. %d\",\"language\":\"en\"")
                    .formatted(i, i);
            // One aggregate: its versions must not have a gap.
            default ->
                ("\"type\":\"StateAttendance\",\"person\":\"someone\",\"party\":\"ua\","
                        + "\"scope\":\"city:c-%d\",\"status\":\"WILLING\"")
                    .formatted(i);
          };
      commands.add(
          new Keyed(
              Topics.SERVICES.get(List.of(0, 2, 1).get(i % 3)),
              "key-" + i,
              "{\"negotiation\":\"%s\",%s,%s}".formatted(CRASH, json, source())));
    }
    return commands;
  }

  private static String source() {
    return "\"source\":{\"chain\":[{\"name\":\"The Gazette\",\"role\":\"PUBLISHER\"}]}";
  }

  /** Sends from several clients at once, and kills the desk while their commands are in flight. */
  private static void killAtWork(
      DeskProcess desk, List<Keyed> commands, Map<String, String> acknowledged) throws Exception {
    CountDownLatch enough = new CountDownLatch(KILLED_AFTER);
    AtomicInteger next = new AtomicInteger();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < AT_ONCE; client++) {
        var _ = clients.submit(() -> send(desk, commands, next, acknowledged, enough));
      }
      boolean working = enough.await(2, TimeUnit.MINUTES);
      desk.kill();
      assertThat(working).as("%s were acknowledged", acknowledged.size()).isTrue();
    }
  }

  private static void send(
      DeskProcess desk,
      List<Keyed> commands,
      AtomicInteger next,
      Map<String, String> acknowledged,
      CountDownLatch enough) {
    for (int i = next.getAndIncrement(); i < commands.size(); i = next.getAndIncrement()) {
      Keyed command = commands.get(i);
      try {
        Reply reply = post(desk, command);
        if (reply.status() == 201) {
          acknowledged.put(command.key(), event(reply));
          enough.countDown();
        }
      } catch (IOException e) {
        // It is gone: what became of this one is not known.
        return;
      }
    }
  }

  /** Each command again with its key: those acknowledged are answered as they were. */
  private static void sendAgain(
      DeskProcess desk, List<Keyed> commands, Map<String, String> acknowledged) throws Exception {
    Map<String, Reply> replies = new ConcurrentHashMap<>();
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < AT_ONCE; client++) {
        clients.add(
            threads.submit(
                () -> {
                  for (int i = next.getAndIncrement();
                      i < commands.size();
                      i = next.getAndIncrement()) {
                    replies.put(commands.get(i).key(), decided(desk, commands.get(i)));
                  }
                  return next;
                }));
      }
    }
    for (Future<?> client : clients) {
      client.get();
    }
    List<String> tokens = new ArrayList<>();
    replies.forEach(
        (key, reply) -> {
          assertThat(reply.status()).as("%s: %s", key, reply.body()).isEqualTo(201);
          String before = acknowledged.putIfAbsent(key, event(reply));
          assertThat(before == null ? event(reply) : before).isEqualTo(event(reply));
          tokens.add(reply.header("Parley-Token"));
        });
    assertThat(acknowledged).hasSize(COMMANDS);
    assertThat(acknowledged.values()).doesNotHaveDuplicates();
    for (int from = 0; from < tokens.size(); from += Token.MAX_TOKENS) {
      int to = Math.min(from + Token.MAX_TOKENS, tokens.size());
      Reply known = desk.after(TALKS, tokens.subList(from, to).toArray(String[]::new));
      assertThat(known.status()).as(known.body()).isEqualTo(200);
    }
  }

  /** Sends a command until it is decided. */
  private static Reply decided(DeskProcess desk, Keyed command) throws IOException {
    Reply reply = post(desk, command);
    for (int tries = 0; reply.status() >= 503 && tries < 12; tries++) {
      reply = post(desk, command);
    }
    return reply;
  }

  private static Reply post(DeskProcess desk, Keyed command) throws IOException {
    return desk.post(
        command.service(),
        command.json(),
        "Idempotency-Key",
        command.key(),
        "Parley-After",
        "schedule/" + CRASH + "/negotiation:" + CRASH + "@1");
  }

  private static String event(Reply reply) {
    return text(reply.json(), "/events/0/id");
  }

  private static void everythingIsThereOnce(DeskProcess desk, Map<String, String> events)
      throws IOException {
    List<JsonNode> timeline = pages(desk, TALKS + "/timeline", 100);
    List<String> ids = timeline.stream().map(entry -> text(entry, "/id")).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSize(COMMANDS + 1).containsAll(events.values());
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i < timeline.size(); i++) {
      JsonNode entry = timeline.get(i);
      assertThat(entry.get("sequence").asInt()).isEqualTo(i + 1);
      String aggregate = text(entry, "/service") + "/" + text(entry, "/aggregate");
      long version = versions.merge(aggregate, 1L, Long::sum);
      assertThat(entry.get("version").asLong()).as(aggregate).isEqualTo(version);
    }
    assertThat(versions).containsEntry("delegation/attendance:someone", COMMANDS / 3L);
    assertThat(pages(desk, TALKS + "/announcements", 100)).hasSize(COMMANDS / 3);
    assertThat(desk.get(TALKS + "/schedule").json().get("rounds")).hasSize(COMMANDS / 3);
  }

  /** The log itself: whole, and the same as what is read. */
  private static void theChainHolds(DeskProcess desk) throws IOException {
    Map<String, Head> heads = new HashMap<>();
    for (TimelineEntry entry : log(desk.broker())) {
      Head head = heads.getOrDefault(entry.negotiation(), Head.START);
      assertThat(Chain.verify(head, entry)).isEmpty();
      heads.put(entry.negotiation(), Head.after(entry));
    }
    assertThat(heads).containsOnlyKeys(SharedDesk.N, CRASH);
    for (var head : heads.entrySet()) {
      JsonNode audit = desk.audit("/api/audit/negotiations/" + head.getKey()).json();
      byte[] hash = new byte[Chain.HASH_BYTES];
      head.getValue().hash().duplicate().get(hash);
      assertThat(text(audit, "/headHash")).isEqualTo(HexFormat.of().formatHex(hash));
      assertThat(audit.get("length").asLong()).isEqualTo(head.getValue().sequence());
      List<JsonNode> rows = pages(desk, "/api/negotiations/" + head.getKey() + "/timeline", 1000);
      assertThat(rows).hasSize(Math.toIntExact(head.getValue().sequence()));
    }
  }

  private static List<TimelineEntry> log(String broker) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker, "isolation.level", "read_committed");
    List<TimelineEntry> entries = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.TIMELINE).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < end(ends, each))) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(record -> entries.add(Wire.decode(record.value(), TimelineEntry.class)));
      }
    }
    return entries;
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }
}
