package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EmbeddedBrokerTest {
  @Test
  void keepsWhatWasWrittenOverARestartOnAnotherPort(@TempDir Path data) throws Exception {
    try (var broker = EmbeddedBroker.start(data, 0)) {
      createTopic(broker);
      writeInTransaction(broker, "first");
    }
    try (var broker = EmbeddedBroker.start(data, 0)) {
      writeInTransaction(broker, "second");
      assertThat(read(broker, 2)).containsExactly("first", "second");
    }
  }

  @Test
  void refusesAPortThatIsTaken(@TempDir Path data, @TempDir Path other) throws Exception {
    try (var broker = EmbeddedBroker.start(data, 0)) {
      int taken = Integer.parseInt(broker.bootstrapServers().split(":", -1)[1]);
      assertThatThrownBy(() -> EmbeddedBroker.start(other, taken).close())
          .hasMessage("port " + taken + " is in use");
    }
  }

  private static void createTopic(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(client(broker))) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
    }
  }

  private static void writeInTransaction(EmbeddedBroker broker, String text) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "writer");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var _ = producer.send(new ProducerRecord<>("t", "key", text));
      producer.commitTransaction();
    }
  }

  private static List<String> read(EmbeddedBroker broker, int count) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition("t", 0)));
      var texts = new java.util.ArrayList<String>();
      while (texts.size() < count) {
        consumer.poll(Duration.ofMillis(200)).forEach(found -> texts.add(found.value()));
      }
      return texts;
    }
  }

  private static Map<String, Object> client(EmbeddedBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }
}
