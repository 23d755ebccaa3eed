package io.parley.benchmarks;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.projector.Bodies;
import io.parley.projection.shape.EventJson;
import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.core.JsonGenerator;

/**
 * A bounded replay of everything, beside a bare consumer that decodes the same records and writes
 * them as JSON.
 */
final class ReplayBench {
  private static final int PARTITIONS = 6;
  private static final int NEGOTIATIONS = 50;

  private final Options options;
  private final Path scratch;

  ReplayBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the table. */
  boolean run() throws IOException, InterruptedException {
    try (Ground ground = new Ground(scratch.resolve("replay"))) {
      Topics.create(
          new ParleyProperties.Kafka(ground.bootstrapServers(), PARTITIONS, (short) 1),
          List.of(Topics.TIMELINE));
      run(ground);
    }
    return true;
  }

  private void run(Ground ground) throws IOException, InterruptedException {
    try (Announced announced = new Announced(ground.bootstrapServers())) {
      for (int i = 0; i < options.history(); i++) {
        announced.write("replayed-" + i % NEGOTIATIONS, "Statement " + i);
      }
      announced.flush();
    }
    Rounds ours = new Rounds();
    Rounds bare = new Rounds();
    long memory = 0;
    try (StreamServer server = StreamServer.ours(List.of(), scratch, ground)) {
      for (int round = 1; round <= options.rounds(); round++) {
        ours.add(replay(server.port()));
        bare.add(consume(ground));
      }
      memory = Memory.of(server.handle()).mostMib();
    }
    System.out.printf(
        """

        Replay of %,d events from the beginning; medians of %d rounds. The service took at most %d MiB.

        | what | events/s | ratio |
        | --- | ---: | ---: |
        | a bare consumer that decodes and writes JSON | %s | 1.00 |
        | ours, NDJSON over HTTP | %s | %.2f |
        """,
        options.history(),
        options.rounds(),
        memory,
        bare.text("%,.0f"),
        ours.text("%,.0f"),
        ours.median() / bare.median());
  }

  private static double replay(int port) throws IOException {
    long begin = System.nanoTime();
    long lines = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(Ground.get("/api/events?since=beginning", "Accept: application/x-ndjson\r\n"));
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[1 << 16];
      byte before = 0;
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        for (int i = 0; i < length; i++) {
          // A line of JSON ends with a brace; no line of chunked coding does.
          if (bytes[i] == '\n' && before == '}') {
            lines++;
          }
          before = bytes[i];
        }
      }
    }
    return lines / ((System.nanoTime() - begin) / 1e9);
  }

  private static double consume(Ground ground) throws IOException {
    long records = 0;
    try (KafkaConsumer<String, byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    ground.bootstrapServers(),
                    "isolation.level",
                    "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        OutputStream out = new BufferedOutputStream(OutputStream.nullOutputStream(), 1 << 16)) {
      List<TopicPartition> all =
          IntStream.range(0, PARTITIONS)
              .mapToObj(each -> new TopicPartition(Topics.TIMELINE, each))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = consumer.endOffsets(all).values().stream().mapToLong(Long::longValue).sum();
      long begin = System.nanoTime();
      while (records < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          write(record.value(), out);
          records++;
        }
      }
      return records / ((System.nanoTime() - begin) / 1e9);
    }
  }

  private static void write(byte[] value, OutputStream out) throws IOException {
    TimelineEntry entry = Wire.decode(value, TimelineEntry.class);
    byte[] bytes = new byte[entry.event().remaining()];
    entry.event().duplicate().get(bytes);
    Event event = (Event) Wire.decode(bytes);
    try (JsonGenerator json = Bodies.JSON.createGenerator(new Unclosed(out))) {
      json.writeStartObject();
      json.writeStringProperty("id", event.header().id());
      json.writeStringProperty("type", entry.type());
      json.writeStringProperty("subject", entry.aggregate());
      json.writeStringProperty("time", entry.recordedAt().toString());
      json.writeNumberProperty("sequence", entry.sequence());
      json.writeName("data");
      EventJson.data(event, json);
      json.writeEndObject();
    }
    out.write('\n');
  }

  /** Goes on after a generator that closes what it writes to. */
  private static final class Unclosed extends OutputStream {
    private final OutputStream out;

    Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }
  }
}
