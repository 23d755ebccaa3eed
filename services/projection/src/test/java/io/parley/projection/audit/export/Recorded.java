package io.parley.projection.audit.export;

import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.projection.Chained;
import io.parley.projection.read.AsOf;
import io.parley.projection.timeline.Chain;
import io.parley.projection.timeline.Head;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.wire.RestrictedChain;
import io.parley.schemas.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A broker with timelines that are chained as the stage chains them, and nothing beside. */
final class Recorded implements AutoCloseable {
  static final Instant BEGINNING = Instant.parse("2025-05-14T08:00:00Z");
  private static final int PARTITIONS = 6;

  private final TestBroker broker;
  private final KafkaProducer<String, byte[]> producer;
  private final Map<String, Head> heads = new HashMap<>();
  private final Chained chained = new Chained();
  private final Random random = new Random(13);

  Recorded() {
    try {
      broker = TestBroker.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Topics.create(
        new ParleyProperties.Kafka(broker.bootstrapServers(), PARTITIONS, (short) 1),
        Stream.concat(
                Stream.of(Topics.TIMELINE), Topics.RESTRICTING.stream().map(Topics::restricted))
            .toList());
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "linger.ms",
                "5",
                "max.request.size",
                Topics.MAX_RECORD_BYTES),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Settles an event of any of the three services, by turns; a minute after the one before. */
  void settle(String negotiation) {
    settle(negotiation, "words " + random.nextInt(), entry -> entry);
  }

  /** Settles an event, and puts what this makes of its entry on the timeline. */
  void settle(String negotiation, String words, UnaryOperator<TimelineEntry> made) {
    Head head = heads.getOrDefault(negotiation, Head.START);
    long sequence = head.sequence() + 1;
    Event event = event(negotiation, sequence, words);
    byte[] salt = new byte[Chain.SALT_BYTES];
    random.nextBytes(salt);
    TimelineEntry entry =
        Chain.next(
            head,
            new Chain.Source(event.service(), 2, sequence * 3),
            Wire.encode(event),
            event,
            recordedAt(sequence),
            salt);
    heads.put(negotiation, Head.after(entry));
    var _ =
        producer.send(
            new ProducerRecord<>(Topics.TIMELINE, negotiation, Wire.encode(made.apply(entry))));
  }

  static Instant recordedAt(long sequence) {
    return BEGINNING.plusSeconds(60 * sequence);
  }

  /** Settles this many. */
  void settle(String negotiation, int events) {
    for (int i = 0; i < events; i++) {
      settle(negotiation);
    }
  }

  /** The same entry without its payload. */
  static TimelineEntry erased(TimelineEntry entry) {
    return entry.event(ByteBuffer.allocate(0)).salt(ByteBuffer.allocate(0));
  }

  /** Decides a restricted event. */
  void restrict(String negotiation, String service, String id, long version, Instant decided) {
    var _ = producer.send(chained.next(restricted(negotiation, service, id, version, decided)));
  }

  /** Decides a restricted announcement's event beside which the hash of another one stands. */
  void restrictUnbound(String negotiation, String id, long version, Instant decided) {
    Event event = restricted(negotiation, "announcement", id, version, decided);
    var _ = producer.send(Chained.record(event, Wire.encode(event), RestrictedChain.START));
  }

  private static Event restricted(
      String negotiation, String service, String id, long version, Instant decided) {
    Event event =
        service.equals("announcement")
            ? new AnnouncementPublished()
                .announcement(id)
                .kind(AnnouncementKind.STATEMENT)
                .speaker(new io.parley.schemas.Actor().id("somebody"))
                .text("Under embargo")
                .language("en")
                .dueAt("2099-01-01T00:00:00Z")
            : new DelegationComposed()
                .party(id)
                .head(new Person().id("secret-head"))
                .members(List.of())
                .roster(io.parley.schemas.delegation.Roster.PARTIAL);
    String aggregate =
        service.equals("announcement")
            ? "restricted-announcement:" + id
            : "restricted-delegation:" + id;
    event.header(header(negotiation, service, aggregate, version, decided));
    return event;
  }

  private static Event event(String negotiation, long sequence, String words) {
    String name = "x" + sequence % 7;
    long version = 1 + sequence / 7;
    return switch ((int) (sequence % 3)) {
      case 0 ->
          new MeetingOpened()
              .header(header(negotiation, "schedule", "meeting:" + name, version, BEGINNING))
              .meeting(name);
      case 1 ->
          new HeadAppointed()
              .header(header(negotiation, "delegation", "delegation:" + name, version, BEGINNING))
              .party(name)
              .person(new Person().id("somebody").name(words));
      default ->
          new AnnouncementHeld()
              .header(
                  header(negotiation, "announcement", "announcement:" + name, version, BEGINNING))
              .announcement(name)
              .reason(words);
    };
  }

  private static EventHeader header(
      String negotiation, String service, String aggregate, long version, Instant decided) {
    String id = service + "." + negotiation + "." + aggregate + "." + version;
    return new EventHeader()
        .id(id)
        .negotiation(negotiation)
        .aggregate(aggregate)
        .version(version)
        .decidedAt(decided)
        .author("editor")
        .commandId(id)
        .causationId(id)
        .correlationId(id);
  }

  Export export(String negotiation) {
    producer.flush();
    return new Export(Brokers.at(broker.bootstrapServers()), PARTITIONS, negotiation);
  }

  static Spool spool() throws IOException {
    return Spool.in(Files.createTempDirectory("parley-spool"), 1 << 30);
  }

  /** The ZIP as of a moment: an instant or a sequence number; null for now. */
  byte[] zip(String negotiation, @Nullable String asOf, boolean restricted) {
    Export export = export(negotiation);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (Spool spool = spool()) {
      Export.Found found =
          export.read(asOf == null ? null : AsOf.parse(asOf), restricted, spool).orElseThrow();
      Export.write(found, spool, zip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zip.toByteArray();
  }

  @Override
  public void close() {
    producer.close();
    broker.close();
  }
}
