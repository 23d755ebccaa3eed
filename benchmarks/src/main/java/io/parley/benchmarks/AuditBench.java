package io.parley.benchmarks;

import io.parley.journal.reading.SigningKey;
import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * How fast a record is verified and exported over HTTP, beside a bare consumer that hashes each
 * record of the timeline. The service has a small heap, the same for any history.
 */
final class AuditBench {
  private static final String N = "bench";
  private static final int PARTITIONS = 6;
  private static final int HEAP_MIB = 192;

  /** What a verification reads. */
  private static final List<String> ALL =
      Stream.concat(Stream.of(Topics.TIMELINE), Topics.SERVICES.stream().map(Topics::events))
          .toList();

  private final Options options;
  private final Path scratch;

  AuditBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the table; false where the record was not verified. */
  boolean run() throws Exception {
    SigningKey key = SigningKey.fresh();
    Path keys = scratch.resolve("keys.json");
    Files.writeString(keys, key.publicKeys());
    try (Ground ground = new Ground(scratch.resolve("audit"))) {
      try (ConfigurableApplicationContext service = ground.service("audited", true)) {
        List<Token> tokens = History.write(ground.bootstrapServers(), N, options.history());
        Ground.await(service, N, tokens);
      }
      ground.analyze();
      String bearer = key.token(List.of("auditor"), "bench", Duration.ofHours(6));
      audit(ground, bearer, List.of("--parley.security.keys=" + keys, "--parley.audit.share=100"));
      beside(ground, bearer, List.of("--parley.security.keys=" + keys));
    }
    return true;
  }

  /** As fast as it goes. */
  private void audit(Ground ground, String bearer, List<String> settings) throws Exception {
    Rounds bare = new Rounds();
    Rounds bareOfAll = new Rounds();
    Rounds verified = new Rounds();
    Rounds exported = new Rounds();
    try (StreamServer server = server(ground, settings);
        HttpClient http = HttpClient.newHttpClient()) {
      for (int round = 0; round <= options.rounds(); round++) {
        bare.add(options.history() / hash(ground, List.of(Topics.TIMELINE)));
        bareOfAll.add(options.history() / hash(ground, ALL));
        verified.add(options.history() / verify(http, server.port(), bearer));
        exported.add(options.history() / export(http, server.port(), bearer));
        if (round == 0) {
          // Of each of them it measured the compiler as well.
          Stream.of(bare, bareOfAll, verified, exported).forEach(Rounds::forget);
        }
      }
      System.out.printf(
          """

          A record of %,d events, verified and exported; medians of %d rounds behind one that warmed up. The service had a heap of %d MiB and took
          at most %d MiB.

          | what | events/s | by round | ratio |
          | --- | ---: | --- | ---: |
          | a bare consumer that hashes each record of the timeline | %s | %s | 1.00 |
          | one that hashes what a verification reads: those of the services' topics too | %s | %s | %.2f |
          | verification | %s | %s | %.2f (%.2f of the line above) |
          | export | %s | %s | %.2f |
          """,
          options.history(),
          options.rounds(),
          HEAP_MIB,
          Memory.of(server.handle()).mostMib(),
          bare.text("%,.0f"),
          bare.all("%,.0f"),
          bareOfAll.text("%,.0f"),
          bareOfAll.all("%,.0f"),
          bareOfAll.median() / bare.median(),
          verified.text("%,.0f"),
          verified.all("%,.0f"),
          verified.median() / bare.median(),
          verified.median() / bareOfAll.median(),
          exported.text("%,.0f"),
          exported.all("%,.0f"),
          exported.median() / bare.median());
    }
  }

  /** With readers beside it, as it is set. */
  private void beside(Ground ground, String bearer, List<String> settings) throws Exception {
    Rounds quiet = new Rounds();
    Rounds reading = new Rounds();
    try (StreamServer server = server(ground, settings);
        HttpClient http = HttpClient.newHttpClient()) {
      for (int round = 1; round <= options.rounds(); round++) {
        try (Readers readers = new Readers(server.port())) {
          quiet.add(readers.p99Of(() -> TimeUnit.SECONDS.sleep(options.seconds())));
          reading.add(
              readers.p99Of(
                  () -> {
                    double seconds = verify(http, server.port(), bearer);
                    System.err.printf("parley: verified beside readers in %.1f s%n", seconds);
                  }));
        }
      }
      System.out.printf(
          "%nReads, %d a second, p99: %s ms alone, %s ms while a record is verified (%.2f times).%n",
          Readers.A_SECOND,
          quiet.text("%.1f"),
          reading.text("%.1f"),
          reading.median() / quiet.median());
    }
  }

  private StreamServer server(Ground ground, List<String> settings)
      throws IOException, InterruptedException {
    return StreamServer.ours(List.of(), scratch, ground, "audited", HEAP_MIB, settings);
  }

  /** Somebody who reads all the time, on a fixed schedule. */
  private static final class Readers implements AutoCloseable {
    static final int A_SECOND = 100;

    private final Connection connection;
    private final Thread thread;
    private volatile boolean ended;
    private volatile List<Long> nanos = new ArrayList<>();

    Readers(int port) throws IOException {
      connection = new Connection(URI.create("http://127.0.0.1:" + port));
      byte[] request = Ground.get("/api/negotiations/" + N + "/delegations", "");
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    long due = System.nanoTime();
                    while (!ended) {
                      LockSupport.parkNanos(due - System.nanoTime());
                      try {
                        if (connection.exchange(request).status() != 200) {
                          throw new IOException("a read was refused");
                        }
                      } catch (IOException e) {
                        if (ended) {
                          return;
                        }
                        throw new UncheckedIOException(e);
                      }
                      nanos.add(System.nanoTime() - due);
                      due += TimeUnit.SECONDS.toNanos(1) / A_SECOND;
                    }
                  });
    }

    /** What a work may do. */
    private interface Work {
      void run() throws IOException, InterruptedException;
    }

    /**
     * Milliseconds that all but one in a hundred reads took, meanwhile, from when they were due.
     */
    double p99Of(Work work) throws IOException, InterruptedException {
      nanos = new ArrayList<>();
      work.run();
      List<Long> taken = nanos;
      nanos = new ArrayList<>();
      List<Long> sorted = taken.stream().sorted().toList();
      if (!thread.isAlive() || sorted.isEmpty()) {
        throw new IOException("the reader is gone");
      }
      return sorted.get((int) (sorted.size() * 0.99)) / 1e6;
    }

    @Override
    public void close() throws IOException {
      ended = true;
      connection.close();
    }
  }

  /** Seconds until the verdict. */
  private static double verify(HttpClient http, int port, String bearer)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpResponse<String> answer =
        http.send(
            request(port, "/verify", bearer).POST(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());
    String[] lines = answer.body().split("\n", -1);
    String last = lines[lines.length - (lines[lines.length - 1].isEmpty() ? 2 : 1)];
    if (answer.statusCode() != 200 || !last.contains("\"VERIFIED\"")) {
      throw new IOException(answer.statusCode() + " " + last);
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  /** Seconds until the last byte. */
  private static double export(HttpClient http, int port, String bearer)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpResponse<InputStream> answer =
        http.send(
            request(port, "/export", bearer).GET().build(),
            HttpResponse.BodyHandlers.ofInputStream());
    byte[] bytes = new byte[1 << 16];
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException(
            answer.statusCode() + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      long length = 0;
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        length += read;
      }
      if (length == 0) {
        throw new IOException("nothing came");
      }
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  private static HttpRequest.Builder request(int port, String path, String bearer) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/api/audit/negotiations/" + N + path))
        .header("Authorization", "Bearer " + bearer)
        .timeout(Duration.ofMinutes(30));
  }

  /** Seconds until the last record. */
  private static double hash(Ground ground, List<String> topics) throws GeneralSecurityException {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                ground.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          topics.stream()
              .flatMap(
                  topic ->
                      IntStream.range(0, PARTITIONS)
                          .mapToObj(each -> new TopicPartition(topic, each)))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      long begun = System.nanoTime();
      while (!all.stream()
          .allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          sha.update(record.value());
          sha.digest();
        }
      }
      return (System.nanoTime() - begun) / 1e9;
    }
  }
}
