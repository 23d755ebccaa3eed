package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.StreamClient.Message;
import io.parley.schemas.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Every subscriber gets each event that it wants once, in order, whatever ends: its connection, the
 * instance that it is at, or its own patience.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class StreamExactlyOnceTest {
  private static final int SUBSCRIBERS = Integer.getInteger("parley.subscribers", 300);
  private static final int NEGOTIATIONS = 12;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "parley.projection.project", "false",
          "parley.stream.heartbeat", "1s",
          "parley.stream.retry", "0s",
          "parley.stream.max-age", "10s",
          // Little is at hand, so that many come back to pages.
          "parley.stream.recent-bytes", "200000",
          "parley.stream.queued-bytes", "65536",
          "parley.stream.replay-budget", "1000000000");

  /** What a subscriber may want, and how it is asked for. */
  private record Want(String query, Predicate<Event> wants) {}

  private static final List<Want> WANTS =
      List.of(
          new Want("", event -> true),
          new Want("&service=schedule", event -> event.service().equals("schedule")),
          new Want(
              "&type=RoundScheduled&named=true", event -> event.type().equals("RoundScheduled")),
          new Want(
              "&type=MeetingPostponed,AnnouncementPublished",
              event ->
                  event.type().equals("MeetingPostponed")
                      || event.type().equals("AnnouncementPublished")),
          new Want("&topic=ceasefire", event -> event.type().equals("AnnouncementPublished")),
          new Want("&person=anna", event -> event.toString().contains("\"anna\"")),
          new Want("&type=MeetingCancelled", event -> false));

  /** An event on record: where it is, and how many came before it. */
  private record Told(String negotiation, long sequence, Event event) {}

  private final List<Told> written = new CopyOnWriteArrayList<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final AtomicBoolean allWritten = new AtomicBoolean();
  private final List<StreamReplica> replicas = new ArrayList<>();

  @Test
  void eachEventOnceAndInOrder(@TempDir Path directory) throws Exception {
    long seed = Long.getLong("parley.seed", System.nanoTime());
    System.out.println("seed " + seed);
    replicas.add(StreamReplica.here(SETTINGS));
    replicas.add(StreamReplica.here(SETTINGS));
    replicas.add(StreamReplica.apart(SETTINGS, directory.resolve("replica.log")));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (StreamReplica each : replicas) {
        each.start();
      }
      Future<?> writing = threads.submit(() -> write(new Random(seed)));
      List<Future<Received>> subscribers = new ArrayList<>();
      for (int i = 0; i < SUBSCRIBERS; i++) {
        long own = seed + i;
        subscribers.add(threads.submit(() -> subscribe(new Random(own))));
      }
      for (StreamReplica each :
          List.of(replicas.get(0), replicas.get(2), replicas.get(1), replicas.get(2))) {
        each.restart();
      }
      enough.set(true);
      writing.get();
      int compared = 0;
      for (Future<Received> each : subscribers) {
        compared += each.get().check(written);
      }
      System.out.println(written.size() + " events, " + compared + " received");
      assertThat(compared).isGreaterThan(SUBSCRIBERS * 20);
    } finally {
      enough.set(true);
      replicas.forEach(StreamReplica::close);
    }
  }

  private Void write(Random random) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", Ground.bootstrapServers(), "transactional.id", "exactly-once"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      List<Recorder> recorders = new ArrayList<>();
      for (int i = 0; i < NEGOTIATIONS; i++) {
        recorders.add(new Recorder("once-" + i, producer));
      }
      while (!enough.get() || written.size() < 2000) {
        producer.beginTransaction();
        if (random.nextInt(10) == 0) {
          // What is taken back must reach nobody.
          recorders.getFirst().send(new byte[] {1, 2, 3});
          producer.abortTransaction();
          continue;
        }
        List<Told> told = new ArrayList<>();
        for (int i = random.nextInt(1, 20); i > 0; i--) {
          Recorder recorder = recorders.get(random.nextInt(NEGOTIATIONS));
          Event event = event(random, written.size() + told.size());
          recorder.settle(event.service(), event);
          told.add(new Told(recorder.negotiation(), recorder.sequence(), event));
        }
        // Before it is seen: who connects after this line must get it.
        written.addAll(told);
        producer.commitTransaction();
        pause(random.nextInt(30));
      }
      allWritten.set(true);
    }
    return null;
  }

  private static Event event(Random random, int number) {
    return switch (random.nextInt(4)) {
      case 0 -> Facts.round("round-" + number);
      case 1 -> Facts.postponed("meeting-" + number);
      case 2 -> Facts.announced("said-" + number, "anna", "Text ".repeat(random.nextInt(1, 400)));
      default -> Facts.leg("leg-" + number, Facts.person("boris", "Boris"));
    };
  }

  /** What one subscriber was sent, by negotiation. */
  private record Received(
      String path,
      Predicate<Told> wants,
      boolean fromBeginning,
      int mustHaveFrom,
      Map<String, List<Long>> sequences) {

    /** Compares it with the record; returns how much was compared. */
    int check(List<Told> written) {
      Map<String, List<Long>> wanted = new LinkedHashMap<>();
      Map<String, Long> first = new LinkedHashMap<>();
      for (int i = 0; i < written.size(); i++) {
        Told told = written.get(i);
        if (wants.test(told)) {
          wanted.computeIfAbsent(told.negotiation, any -> new ArrayList<>()).add(told.sequence);
          if (i >= mustHaveFrom) {
            first.putIfAbsent(told.negotiation, told.sequence);
          }
        }
      }
      int compared = 0;
      for (Map.Entry<String, List<Long>> each : wanted.entrySet()) {
        List<Long> got = sequences.getOrDefault(each.getKey(), List.of());
        List<Long> all = each.getValue();
        // Who came later has an end of it, which begins no later than when it was told of its
        // place.
        List<Long> expected =
            fromBeginning ? all : all.subList(all.size() - got.size(), all.size());
        assertThat(got).as("%s of %s", path, each.getKey()).isEqualTo(expected);
        if (first.containsKey(each.getKey())) {
          assertThat(got).as(path).contains(first.get(each.getKey()));
        }
        compared += got.size();
      }
      assertThat(wanted.keySet()).as(path).containsAll(sequences.keySet());
      return compared;
    }

    /** Whether the last event that it wants of each negotiation has come. */
    boolean isComplete(List<Told> written) {
      Map<String, Long> last = new LinkedHashMap<>();
      for (int i = 0; i < written.size(); i++) {
        Told told = written.get(i);
        if (wants.test(told) && (fromBeginning || i >= mustHaveFrom)) {
          last.put(told.negotiation, told.sequence);
        }
      }
      return last.entrySet().stream()
          .allMatch(
              each -> {
                List<Long> got = sequences.getOrDefault(each.getKey(), List.of());
                return !got.isEmpty() && got.getLast() >= each.getValue();
              });
    }
  }

  private Received subscribe(Random random) throws IOException {
    Want want = WANTS.get(random.nextInt(WANTS.size()));
    boolean one = random.nextBoolean();
    String negotiation = "once-" + random.nextInt(NEGOTIATIONS);
    boolean fromBeginning = random.nextBoolean();
    boolean slow = random.nextInt(10) == 0;
    String path =
        (one ? "/api/negotiations/" + negotiation + "/events" : "/api/events")
            + ("?" + (fromBeginning ? "since=beginning" : "") + want.query).replace("?&", "?");
    Predicate<Told> wants =
        told ->
            told.negotiation.startsWith("once-")
                && (!one || told.negotiation.equals(negotiation))
                && want.wants.test(told.event);
    Received received = null;
    String cursor = null;
    // Counted anew with every event: a slow one takes long, and gets there.
    long deadline = 0;
    while (received == null || !allWritten.get() || !received.isComplete(written)) {
      if (allWritten.get() && received != null) {
        deadline = deadline == 0 ? System.nanoTime() + PATIENCE_NANOS : deadline;
        if (System.nanoTime() > deadline) {
          // Something is missing; the comparison tells what.
          return received;
        }
      }
      String origin = replicas.get(random.nextInt(replicas.size())).origin();
      int patience = random.nextInt(1, 400);
      try (StreamClient client = connect(origin, path, cursor, slow)) {
        if (client.status() != 200) {
          assertThat(client.status()).isEqualTo(503);
          pause(50);
          continue;
        }
        while (patience-- > 0) {
          Message message = client.next();
          if (message.id() != null) {
            cursor = message.id();
          }
          if (received == null) {
            received =
                new Received(path, wants, fromBeginning, written.size(), new LinkedHashMap<>());
          }
          if (message.data() != null) {
            JsonNode event = message.json();
            received
                .sequences
                .computeIfAbsent(event.get("negotiation").asString(), any -> new ArrayList<>())
                .add(event.get("sequence").asLong());
            deadline = 0;
          } else if (allWritten.get() && received.isComplete(written)) {
            return received;
          }
          if (slow && !allWritten.get()) {
            pause(random.nextInt(20));
          }
        }
      } catch (IOException e) {
        // Cut off, or nobody there: it comes back with what it has.
        pause(random.nextInt(1, 50));
      }
    }
    return received;
  }

  private static StreamClient connect(
      String origin, String path, @Nullable String cursor, boolean slow) throws IOException {
    String[] headers = cursor == null ? new String[0] : new String[] {"Last-Event-ID", cursor};
    return StreamClient.open("GET", "HTTP/1.1", slow ? 4096 : 0, origin, path, headers);
  }

  /** How fast a writer writes and a reader reads; nothing is waited for with it. */
  private static void pause(int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
