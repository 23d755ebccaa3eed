package io.parley.benchmarks;

import io.parley.journal.reading.Topics;
import io.parley.schemas.Actor;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes announcements to the timeline as the stage does, each about 1 KiB as it is streamed. */
final class Announced implements AutoCloseable {
  /** What the text is made up to, so that the whole message is about 1 KiB. */
  private static final int TEXT = 330;

  private static final ByteBuffer NO_HASH = ByteBuffer.wrap(new byte[32]);

  private final KafkaProducer<String, byte[]> producer;
  private long number;

  Announced(String bootstrapServers) {
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "0"),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Writes one; returns before it is there. */
  void write(String negotiation, String text) {
    number++;
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    String id = "announcement-" + number;
    AnnouncementPublished event =
        new AnnouncementPublished()
            .announcement(id)
            .kind(AnnouncementKind.STATEMENT)
            .speaker(new Actor().id("speaker"))
            .text(text + ".".repeat(Math.max(0, TEXT - text.length())))
            .language("en")
            .topics(List.of("ceasefire"));
    event.header(
        new EventHeader()
            .id("announcement/" + negotiation + "/announcement:" + id + "@1")
            .negotiation(negotiation)
            .aggregate("announcement:" + id)
            .version(1)
            .decidedAt(now)
            .author("bench")
            .commandId("c")
            .causationId("c")
            .correlationId("c")
            .source(
                new Source()
                    .chain(List.of(new SourceLink().name("A report").role(SourceRole.PUBLISHER)))));
    TimelineEntry entry =
        new TimelineEntry()
            .sequence(number)
            .recordedAt(now)
            .negotiation(negotiation)
            .service("announcement")
            .type(event.type())
            .aggregate("announcement:" + id)
            .version(1)
            .sourceTopic(Topics.events("announcement"))
            .sourcePartition(0)
            .sourceOffset(number)
            .previousHash(NO_HASH)
            .hash(NO_HASH)
            .digest(NO_HASH)
            .salt(ByteBuffer.wrap(new byte[16]))
            .event(ByteBuffer.wrap(Wire.encode(event)));
    var _ =
        producer.send(
            new ProducerRecord<>(
                Topics.TIMELINE, null, now.toEpochMilli(), negotiation, Wire.encode(entry)));
  }

  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
