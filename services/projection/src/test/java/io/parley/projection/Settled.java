package io.parley.projection;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The whole way of an event but its decision: what is decided here stands on its service's topic,
 * and the service's own stage settles it. On a broker of its own, where nobody else writes the
 * timeline.
 */
final class Settled implements AutoCloseable {
  private final TestBroker broker;
  private final KafkaProducer<String, byte[]> producer;
  private final ConfigurableApplicationContext service;
  private final Map<String, Long> versions = new HashMap<>();
  private final Chained chained = new Chained();
  private final String schema;
  private int decided;

  Settled(String schema, Map<String, String> settings) {
    this(schema, settings, Map.of());
  }

  /** One whose topics have these records, each partition's in their order, before it starts. */
  Settled(
      String schema,
      Map<String, String> settings,
      Map<String, List<ConsumerRecord<String, byte[]>>> logs) {
    this.schema = schema;
    try {
      broker = TestBroker.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "5"),
            new StringSerializer(),
            new ByteArraySerializer());
    logs.forEach(this::fill);
    service = another(schema, settings);
  }

  /** Another instance of the service on the same broker. */
  ConfigurableApplicationContext another(String anySchema, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("parley.kafka.bootstrap-servers", broker.bootstrapServers());
    all.putIfAbsent("parley.projection.wait-at-most", "20s");
    return Ground.service(anySchema, all);
  }

  ConfigurableApplicationContext service() {
    return service;
  }

  String schema() {
    return schema;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Decides an event of a negotiation; the token waits for its place on the timeline. */
  Token decide(String negotiation, Event event, String... seen) {
    stamp(negotiation, "", event, seen);
    EventHeader header = event.header();
    send(Topics.events(event.service()), negotiation, Wire.encode(event));
    return new Token(event.service(), negotiation, header.aggregate(), header.version());
  }

  /** Decides a restricted event of a negotiation. */
  void decideRestricted(String negotiation, Event event) {
    stamp(negotiation, Token.RESTRICTED, event);
    var _ = producer.send(chained.next(event));
    producer.flush();
  }

  /** Decides one beside which another hash stands, or none where that is empty. */
  void decideRestricted(String negotiation, Event event, String hash) {
    stamp(negotiation, Token.RESTRICTED, event);
    var _ = producer.send(Chained.record(event, Wire.encode(event), hash));
    producer.flush();
  }

  private void stamp(String negotiation, String kind, Event event, String... seen) {
    decided++;
    EventHeader header = new EventHeader();
    header.id(negotiation + "-" + decided);
    header.negotiation(negotiation);
    header.aggregate("");
    header.author("somebody@example.org");
    header.commandId("command-" + decided);
    header.causationId("command-" + decided);
    header.correlationId("command-" + decided);
    header.decidedAt(Instant.parse("2025-05-14T08:00:00Z"));
    header.source(
        new Source()
            .chain(List.of(new SourceLink().name("The Gazette").role(SourceRole.PUBLISHER)))
            .url("https://example.org/report"));
    header.seen(List.of(seen));
    event.header(header);
    String aggregate = kind + event.aggregate();
    header.aggregate(aggregate);
    header.version(versions.merge(negotiation + " " + aggregate, 1L, Long::sum));
  }

  private void send(String topic, String negotiation, byte[] value) {
    var _ = producer.send(new ProducerRecord<>(topic, negotiation, value));
  }

  /**
   * Writes records to a topic that was made just now: its leader may not know of it yet, and an
   * idempotent producer would lose their order over that.
   */
  void copy(String topic, String negotiation, List<byte[]> values) {
    write(values.stream().map(value -> new ProducerRecord<>(topic, negotiation, value)).toList());
  }

  private void fill(String topic, List<ConsumerRecord<String, byte[]>> records) {
    Topics.create(
        new ParleyProperties.Kafka(broker.bootstrapServers(), 6, (short) 1), List.of(topic));
    write(
        records.stream()
            .map(each -> new ProducerRecord<>(topic, each.key(), each.value()))
            .toList());
  }

  private void write(List<ProducerRecord<String, byte[]>> records) {
    try (KafkaProducer<String, byte[]> plain =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "enable.idempotence",
                "false",
                "max.in.flight.requests.per.connection",
                "1"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (ProducerRecord<String, byte[]> each : records) {
        var _ = plain.send(each);
      }
    }
  }

  KafkaProducer<String, byte[]> producer() {
    return producer;
  }

  /** A negotiation with this many events, all of them applied; the last one's token. */
  Token history(String negotiation, int events) {
    Token last = decide(negotiation, Facts.convened("History"));
    // One service's last may be settled before another's first.
    Map<String, Token> lasts = new HashMap<>();
    lasts.put(last.service(), last);
    for (int i = 1; i < events; i++) {
      String id = "a-" + i / 4;
      last =
          switch (i % 4) {
            case 1 -> decide(negotiation, Facts.announced(id, "speaker-" + i, "Words " + i));
            case 2 -> decide(negotiation, Facts.corrected(id, "Other words", 1));
            case 3 -> decide(negotiation, Facts.retracted(id));
            default ->
                decide(
                    negotiation,
                    Facts.composed(
                        "party-" + i / 12, Facts.person("head-" + i % 50, "Name " + i % 50)));
          };
      lasts.put(last.service(), last);
    }
    producer.flush();
    lasts.values().forEach(this::await);
    return last;
  }

  /** Verifications that ended so, as whoever watches sees them. */
  double verifications(String verdict) {
    return service
        .getBean(MeterRegistry.class)
        .get("parley.audit.verifications")
        .tag("verdict", verdict)
        .functionCounter()
        .count();
  }

  /** Until it is applied. */
  void await(Token token) {
    producer.flush();
    ProjectorTest.await(service, token);
  }

  @Override
  public void close() {
    service.close();
    producer.close();
    broker.close();
  }
}
