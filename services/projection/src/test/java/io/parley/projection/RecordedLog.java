package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.audit.Tampered;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A negotiation's log as it was recorded, and copies of it that somebody has changed. */
final class RecordedLog {
  private final Settled settled;
  private final String negotiation;

  /** The timeline's partition: others' entries too. */
  private final List<ConsumerRecord<String, byte[]>> timeline;

  RecordedLog(Settled settled, String negotiation) {
    this.settled = settled;
    this.negotiation = negotiation;
    this.timeline = read(Topics.TIMELINE);
  }

  /** Changes the entries of a copy. */
  interface Change {
    void of(List<TimelineEntry> entries);
  }

  /** The negotiation's records on the timeline. */
  List<ConsumerRecord<String, byte[]>> records() {
    return timeline.stream().filter(record -> record.key().equals(negotiation)).toList();
  }

  /** The entry with a sequence number. */
  TimelineEntry entry(int sequence) {
    return entry(records().get(sequence - 1));
  }

  /** Its hash, hexadecimal. */
  String hash(int sequence) {
    TimelineEntry entry = entry(sequence);
    byte[] hash = new byte[entry.hash().remaining()];
    entry.hash().duplicate().get(hash);
    return HexFormat.of().formatHex(hash);
  }

  /** The first index from here on where two events of one service follow on each other. */
  int followedByItsOwn(int from) {
    int at = from;
    while (!entry(at + 1).service().equals(entry(at + 2).service())) {
      at++;
    }
    return at;
  }

  /** What a verification finds with a copy of the timeline that somebody has changed. */
  Tampered.Found verify(Change change, String name) {
    List<TimelineEntry> entries = new ArrayList<>();
    records().stream().map(RecordedLog::entry).forEach(entries::add);
    change.of(entries);
    String topic = "tampered." + name;
    Topics.create(
        new ParleyProperties.Kafka(settled.bootstrapServers(), 6, (short) 1), List.of(topic));
    settled.copy(topic, negotiation, entries.stream().map(Wire::encode).toList());
    return Tampered.verify(settled.service(), negotiation, topic);
  }

  /** That it finds this there. */
  void assertFound(String what, long sequence, Change change, String name) {
    Tampered.Found found = verify(change, name);
    assertThat(found.what()).as("%s: %s", name, found).isEqualTo(what);
    assertThat(found.sequence()).as("%s: %s", name, found).isEqualTo(sequence);
  }

  /** What the timeline and the services' topics are without the entries behind this many. */
  Map<String, List<ConsumerRecord<String, byte[]>>> upTo(int length) {
    Map<String, List<ConsumerRecord<String, byte[]>>> logs = new HashMap<>();
    logs.put(
        Topics.TIMELINE,
        timeline.stream()
            .filter(
                record -> !record.key().equals(negotiation) || entry(record).sequence() <= length)
            .toList());
    Set<String> cut = new HashSet<>();
    records().stream()
        .skip(length)
        .map(RecordedLog::entry)
        .forEach(entry -> cut.add(entry.sourceTopic() + "@" + entry.sourceOffset()));
    for (String topic : Topics.SERVICES.stream().map(Topics::events).toList()) {
      logs.put(
          topic,
          read(topic).stream()
              .filter(record -> !cut.contains(topic + "@" + record.offset()))
              .toList());
    }
    return logs;
  }

  private static TimelineEntry entry(ConsumerRecord<String, byte[]> record) {
    return Wire.decode(record.value(), TimelineEntry.class);
  }

  private List<ConsumerRecord<String, byte[]>> read(String topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                settled.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          List.of(new TopicPartition(topic, ProjectorTest.partition(negotiation)));
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = consumer.endOffsets(all).values().iterator().next();
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (consumer.position(all.getFirst()) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }
}
