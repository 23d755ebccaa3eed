package io.parley.projection.timeline;

import io.parley.journal.reading.Topics;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.delegation.HeadAppointed;
import io.parley.schemas.schedule.MeetingOpened;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events of one negotiation in the order in which they were decided, each with what it had seen.
 */
final class Story {
  static final Instant DECIDED = Instant.parse("2025-05-15T10:00:00Z");

  private final String negotiation;
  private final List<Told> all = new ArrayList<>();
  private final Map<String, Long> versions = new HashMap<>();

  /** One event of a story. */
  record Told(String service, Event event) {
    String token() {
      EventHeader header = event.header();
      return service
          + "/"
          + header.negotiation()
          + "/"
          + header.aggregate()
          + "@"
          + header.version();
    }

    ProducerRecord<String, byte[]> record() {
      return record(Instant.now().toEpochMilli());
    }

    ProducerRecord<String, byte[]> record(long timestamp) {
      EventHeader header = event.header();
      var record =
          new ProducerRecord<>(
              Topics.events(service), null, timestamp, header.negotiation(), Wire.encode(event));
      record.headers().add("ce_id", header.id().getBytes(StandardCharsets.UTF_8));
      record
          .headers()
          .add(
              "ce_type",
              ("io.parley." + service + "." + event.type()).getBytes(StandardCharsets.UTF_8));
      return record;
    }
  }

  Story(String negotiation) {
    this.negotiation = negotiation;
  }

  /** Adds an event that has seen these. */
  Told tell(String service, String name, String... seen) {
    String aggregate = kind(service) + ":" + name;
    long version = versions.merge(service + "/" + aggregate, 1L, Long::sum);
    Told told = new Told(service, event(negotiation, service, name, version, List.of(seen)));
    all.add(told);
    return told;
  }

  /** Adds events, each of which has seen up to three earlier ones, mostly of other services. */
  Story tellRandomly(Random random, int events) {
    for (int i = 0; i < events; i++) {
      String[] seen = new String[all.isEmpty() ? 0 : random.nextInt(4)];
      for (int s = 0; s < seen.length; s++) {
        // Of the last ones, as deciders see what is new.
        int back = 1 + random.nextInt(Math.min(all.size(), 8));
        seen[s] = all.get(all.size() - back).token();
      }
      String service = Topics.SERVICES.get(random.nextInt(Topics.SERVICES.size()));
      tell(service, "x" + random.nextInt(3), seen);
    }
    return this;
  }

  List<Told> all() {
    return List.copyOf(all);
  }

  List<Told> of(String service) {
    return all.stream().filter(told -> told.service.equals(service)).toList();
  }

  static String kind(String service) {
    return switch (service) {
      case "schedule" -> "meeting";
      case "delegation" -> "delegation";
      default -> "announcement";
    };
  }

  static Event event(
      String negotiation, String service, String name, long version, List<String> seen) {
    String aggregate = kind(service) + ":" + name;
    String id = service + "." + negotiation + "." + name + "." + version;
    EventHeader header =
        new EventHeader()
            .id(id)
            .negotiation(negotiation)
            .aggregate(aggregate)
            .version(version)
            .decidedAt(DECIDED)
            .author("editor")
            .commandId(id)
            .causationId(id)
            .correlationId(id)
            .seen(seen);
    return switch (service) {
      case "schedule" -> new MeetingOpened().header(header).meeting(name);
      case "delegation" ->
          new HeadAppointed().header(header).party(name).person(new Person().id("somebody"));
      default -> new AnnouncementHeld().header(header).announcement(name).reason("by mistake");
    };
  }
}
