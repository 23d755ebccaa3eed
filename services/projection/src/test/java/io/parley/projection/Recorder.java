package io.parley.projection;

import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.projection.timeline.Chain;
import io.parley.projection.timeline.Head;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes the timeline of one negotiation as the timeline stage does: numbered and chained. */
final class Recorder implements AutoCloseable {
  static final Instant BEGINNING = Instant.parse("2025-05-14T08:00:00Z");

  private final String negotiation;
  private final KafkaProducer<String, byte[]> producer;
  private final Map<String, Long> versions = new HashMap<>();
  private Head head = Head.START;
  private Source source = said("The Gazette");
  private @Nullable String asserted;
  private long sequence;

  Recorder(String negotiation) {
    this(
        negotiation,
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Ground.bootstrapServers(), "linger.ms", "5"),
            new StringSerializer(),
            new ByteArraySerializer()));
  }

  /** One that writes by a producer that others use too. */
  Recorder(String negotiation, KafkaProducer<String, byte[]> producer) {
    this.negotiation = negotiation;
    this.producer = producer;
  }

  String negotiation() {
    return negotiation;
  }

  long sequence() {
    return sequence;
  }

  /** When an entry is settled: one minute after the one before. */
  static Instant recordedAt(long sequence) {
    return BEGINNING.plusSeconds(60 * sequence);
  }

  /** What follows comes from there: the publisher first; {@code id=name} where an id is known. */
  Recorder from(String... chain) {
    source = said(chain);
    return this;
  }

  /** When what follows was said; null: nobody knows. */
  Recorder asserted(@Nullable String edtf) {
    asserted = edtf;
    return this;
  }

  /** Settles an event of its service; the token names it. */
  Token settle(Event event) {
    return settle(event.service(), event);
  }

  /** Settles an event of this service; the answer's token names it. */
  Token settle(String service, Event event) {
    return settle(service, event, null);
  }

  Token settle(String service, Event event, @Nullable String occurred) {
    return settle(service, event, occurred, sequence + 1);
  }

  /** Settles an event under a sequence number that may be wrong. */
  Token settle(String service, Event event, @Nullable String occurred, long number) {
    sequence = number;
    EventHeader header = new EventHeader();
    header.id(negotiation + "-" + sequence);
    header.negotiation(negotiation);
    header.aggregate("");
    header.author("somebody@example.org");
    header.commandId("command-" + sequence);
    header.causationId("command-" + sequence);
    header.correlationId("command-" + sequence);
    header.decidedAt(recordedAt(sequence));
    header.occurred(occurred == null ? null : date(occurred));
    header.asserted(asserted == null ? null : date(asserted));
    header.source(source);
    event.header(header);
    String aggregate = event.aggregate();
    long version = versions.merge(aggregate, 1L, Long::sum);
    header.aggregate(aggregate);
    header.version(version);
    // Under a wrong number the chain goes on as if it were the right one.
    Head before = new Head(number - 1, head.recordedAt(), head.hash());
    TimelineEntry entry =
        Chain.next(
            before,
            new Chain.Source(service, 0, sequence),
            Wire.encode(event),
            event,
            recordedAt(sequence),
            new byte[Chain.SALT_BYTES]);
    head = Head.after(entry);
    // As the stage does: the record's time is when it was settled.
    var _ =
        producer.send(
            new ProducerRecord<>(
                Topics.TIMELINE,
                null,
                recordedAt(sequence).toEpochMilli(),
                negotiation,
                Wire.encode(entry)));
    return new Token(service, negotiation, aggregate, version);
  }

  /** Puts bytes on the timeline, whatever they are. */
  void send(byte[] value) {
    var _ = producer.send(new ProducerRecord<>(Topics.TIMELINE, negotiation, value));
  }

  void flush() {
    producer.flush();
  }

  static TemporalValue date(String edtf) {
    TemporalValue value = new TemporalValue();
    value.edtf(edtf);
    return value;
  }

  private static Source said(String... chain) {
    List<SourceLink> links = new ArrayList<>();
    for (String each : chain) {
      SourceLink link = new SourceLink();
      int equals = each.indexOf('=');
      link.id(equals < 0 ? null : each.substring(0, equals));
      link.name(each.substring(equals + 1));
      // A star marks another publisher: who printed what the one after it printed first.
      boolean printed = links.isEmpty() || link.name().startsWith("*");
      link.name(link.name().replace("*", ""));
      link.role(printed ? SourceRole.PUBLISHER : SourceRole.SPEAKER);
      links.add(link);
    }
    Source source = new Source();
    source.chain(links);
    source.url("https://example.org/report");
    return source;
  }

  @Override
  public void close() {
    producer.close();
  }
}
