package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.projection.StreamClient.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** What subscribers are told when the log is not as it should be: never nothing. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StreamFaultsTest {
  private static TestBroker broker;
  private static ConfigurableApplicationContext service;
  private static String origin;

  @BeforeAll
  static void start() throws IOException {
    broker = TestBroker.start();
    service =
        Ground.service(
            "stream_faults",
            Map.of(
                "parley.kafka.bootstrap-servers", broker.bootstrapServers(),
                "parley.projection.project", "false",
                "parley.stream.heartbeat", "1s"));
    origin = Ground.origin(service);
  }

  @AfterAll
  static void stop() {
    service.close();
    broker.close();
  }

  @Test
  void whoReadsOnPastWhatNobodyCanReadIsToldOfIt() throws Exception {
    String path = "/api/negotiations/broken/events";
    try (KafkaProducer<String, byte[]> producer = producer();
        Recorder recorder = new Recorder("broken", producer);
        StreamClient live = StreamClient.open(origin, path)) {
      assertThat(live.next().data()).isNull();
      recorder.settle("schedule", Facts.convened("Talks"));
      var _ =
          producer.send(
              new ProducerRecord<>(
                  Topics.TIMELINE, "broken", "no entry".getBytes(StandardCharsets.UTF_8)));
      recorder.settle("schedule", Facts.round("one"));
      recorder.flush();
      assertFault(live);
      try (StreamClient late = StreamClient.open(origin, path + "?since=beginning")) {
        assertFault(late);
      }
      // Whatever it was, it may have been for this one.
      try (StreamClient filtered =
          StreamClient.open(origin, path + "?since=beginning&type=RoundScheduled")) {
        assertThat(filtered.nextEvent().event()).isEqualTo("fault");
        assertThat(filtered.nextEvent().json().get("sequence").asInt()).isEqualTo(2);
      }
    }
  }

  private static void assertFault(StreamClient client) throws IOException {
    assertThat(client.nextEvent().json().get("sequence").asInt()).isEqualTo(1);
    Message fault = client.nextEvent();
    assertThat(fault.event()).isEqualTo("fault");
    assertThat(fault.id()).isNotBlank();
    assertThat(fault.json().get("reason").asString()).isEqualTo("UNREADABLE");
    assertThat(fault.json().get("negotiation").asString()).isEqualTo("broken");
    assertThat(fault.json().get("partition").asInt()).isEqualTo(ProjectorTest.partition("broken"));
    assertThat(fault.json().get("offset").asLong()).isPositive();
    assertThat(client.nextEvent().json().get("sequence").asInt()).isEqualTo(2);
  }

  @Test
  void aTimelineThatIsMadeAnewUnderItEndsTheStreamAndResetsItsCursor() throws Exception {
    String path = "/api/negotiations/anew/events";
    String cursor;
    try (KafkaProducer<String, byte[]> producer = producer();
        StreamClient client = StreamClient.open(origin, path)) {
      cursor = String.valueOf(client.next().id());
      new Recorder("anew", producer).settle("schedule", Facts.convened("Talks"));
      producer.flush();
      cursor = String.valueOf(client.nextEvent().id());
      makeAnew();
      // Told when to come back, and let go.
      assertThatThrownBy(
              () -> {
                while (client.next().retry() == null) {
                  // Heartbeats, until it is noticed.
                }
                client.next();
              })
          .isInstanceOf(IOException.class);
    }
    try (StreamClient back = comeBack(path, cursor);
        KafkaProducer<String, byte[]> producer = producer()) {
      Message reset = back.next();
      assertThat(reset.event()).isEqualTo("reset");
      assertThat(reset.json().get("reason").asString()).isEqualTo("ANOTHER_EPOCH");
      new Recorder("anew", producer).settle("schedule", Facts.convened("Talks again"));
      producer.flush();
      Message first = back.nextEvent();
      assertThat(first.json().at("/data/title").asString()).isEqualTo("Talks again");
      assertThat(first.id()).isNotEqualTo(cursor);
    }
  }

  private static StreamClient comeBack(String path, String cursor) throws IOException {
    while (true) {
      StreamClient client = StreamClient.open(origin, path, "Last-Event-ID", cursor);
      if (client.status() == 200) {
        return client;
      }
      assertThat(client.status()).isEqualTo(503);
      client.close();
    }
  }

  private static void makeAnew() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.deleteTopics(List.of(Topics.TIMELINE)).all().get();
      while (admin.listTopics().names().get().contains(Topics.TIMELINE)) {
        Thread.onSpinWait();
      }
    }
    Topics.create(
        new ParleyProperties.Kafka(broker.bootstrapServers(), 6, (short) 1),
        List.of(Topics.TIMELINE));
  }

  private static KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "enable.idempotence",
            "false",
            "max.in.flight.requests.per.connection",
            "1"),
        new StringSerializer(),
        new ByteArraySerializer());
  }
}
