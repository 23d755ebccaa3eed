package io.parley.projection.projector;

import io.parley.journal.reading.ParleyProperties;
import io.parley.projection.ProjectionProperties;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.stereotype.Component;

/** How the timeline is read to make the read models of it. */
@Component
final class Clients {
  private final ParleyProperties.Kafka kafka;
  private final ProjectionProperties properties;

  Clients(ParleyProperties parley, ProjectionProperties properties) {
    this.kafka = parley.kafka();
    this.properties = properties;
  }

  /** One that belongs to no group. */
  Consumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(reading());
  }

  Admin admin() {
    return Admin.create(kafka.brokers().settings());
  }

  Map<String, Object> reading() {
    return kafka
        .brokers()
        .settings(
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // Positions come from PostgreSQL. The consumer looks for committed ones all the
                // same, and
                // "none" would let it fail over their absence before we have said where to go. A
                // log that
                // begins anew is found by its offsets.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                properties.batchEvents(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
  }
}
