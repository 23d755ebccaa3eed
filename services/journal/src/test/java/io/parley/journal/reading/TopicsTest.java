package io.parley.journal.reading;

import io.parley.parts.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is made is there for whoever comes next. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TopicsTest {

  @Test
  void topicsThatWereJustMadeTakeRecords() throws Exception {
    assertTakeRecords((kafka, names) -> {});
  }

  @Test
  void topicsThatSomebodyElseJustMadeTakeRecords() throws Exception {
    assertTakeRecords(
        (kafka, names) -> {
          try (Admin admin = Admin.create(kafka.brokers().settings())) {
            admin
                .createTopics(names.stream().map(name -> Topics.topic(kafka, name)).toList())
                .all()
                .get();
          }
        });
  }

  private interface Made {
    void before(ParleyProperties.Kafka kafka, List<String> names) throws Exception;
  }

  /** Without a retry, as a retry hides that the first batch was refused. */
  private static void assertTakeRecords(Made made) throws Exception {
    try (TestBroker broker = TestBroker.start();
        var producer =
            new KafkaProducer<>(
                Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    broker.bootstrapServers(),
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    false,
                    ProducerConfig.LINGER_MS_CONFIG,
                    0,
                    ProducerConfig.RETRIES_CONFIG,
                    0),
                new StringSerializer(),
                new ByteArraySerializer())) {
      var kafka = new ParleyProperties.Kafka(broker.bootstrapServers(), 1, (short) 1);
      for (int round = 0; round < 10; round++) {
        String prefix = "round-" + round + "-";
        List<String> names = IntStream.range(0, 30).mapToObj(i -> prefix + i).toList();
        made.before(kafka, names);
        Topics.create(kafka, names);
        for (String name : names) {
          producer.send(new ProducerRecord<>(name, new byte[1])).get();
        }
      }
    }
  }
}
