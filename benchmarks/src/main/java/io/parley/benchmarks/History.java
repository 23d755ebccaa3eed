package io.parley.benchmarks;

import io.parley.journal.reading.Token;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Actor;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.announcement.AnnouncementKind;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import io.parley.schemas.delegation.ConditionStated;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.HeadReplaced;
import io.parley.schemas.delegation.Requirement;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.MeetingRescheduled;
import io.parley.schemas.schedule.MeetingScheduled;
import io.parley.schemas.schedule.NegotiationConvened;
import io.parley.schemas.schedule.Party;
import io.parley.schemas.schedule.PartyRole;
import io.parley.schemas.schedule.VenueChanged;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A long negotiation, written to the services' topics as these would: the same people, meetings and
 * delegations throughout. What is said of the people and where the meetings are changes to the end,
 * and there are more and more announcements. Heads and starts, whose former values are part of what
 * they are now, change among the first events alone: so the state at any later moment is of one
 * size, whatever the history behind it.
 */
final class History {
  private static final String REASON = "a change of plan";
  private static final Instant BEGIN = Instant.parse("2025-05-14T08:00:00Z");
  private static final int PEOPLE = 100;
  private static final int MEETINGS = 20;
  private static final int SETTLED_AFTER = 200;
  private static final List<String> PARTIES = List.of("a", "b");

  private final String negotiation;
  private final KafkaProducer<String, byte[]> producer;
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<String, Token> last = new HashMap<>();
  private long number;

  private History(String negotiation, KafkaProducer<String, byte[]> producer) {
    this.negotiation = negotiation;
    this.producer = producer;
  }

  /**
   * Writes so many events of a negotiation.
   *
   * @return the last token of each service: who has them has all
   */
  static List<Token> write(String bootstrapServers, String negotiation, long events) {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
            new StringSerializer(),
            new ByteArraySerializer())) {
      return new History(negotiation, producer).write(events);
    }
  }

  private List<Token> write(long events) {
    add(
        new NegotiationConvened()
            .title("Bench")
            .parties(
                PARTIES.stream()
                    .map(p -> new Party().party(p).name(p).role(PartyRole.PRINCIPAL))
                    .toList()));
    for (String party : PARTIES) {
      add(
          new DelegationComposed()
              .party(party)
              .head(person(party.hashCode() % PEOPLE))
              .roster(Roster.PARTIAL));
    }
    for (int meeting = 0; meeting < MEETINGS; meeting++) {
      add(
          new MeetingScheduled()
              .meeting(meeting(meeting))
              .title("Session " + meeting)
              .kind(MeetingKind.SESSION)
              .format(Format.DIRECT)
              .start(day(meeting))
              .place(city(meeting)));
    }
    for (int person = 1; person < PEOPLE; person += 2) {
      add(
          new ConditionStated()
              .condition("condition-" + person)
              .person(person(person))
              .scope("talks")
              .kind(ConditionKind.ONLY_IF)
              .requires(new Requirement().person(person(person - 1)).scope("talks")));
    }
    while (number < events) {
      change();
    }
    producer.flush();
    return new ArrayList<>(last.values());
  }

  private void change() {
    int turn = (int) (number / 10);
    switch ((int) (number % 10)) {
      case 0, 1, 2 ->
          add(
              new AttendanceStated()
                  .person(person((int) (number % PEOPLE)))
                  .scope(turn % 3 == 0 ? "talks" : "meeting:meeting-" + turn % MEETINGS)
                  .status(turn % 2 == 0 ? AttendanceStatus.CONFIRMED : AttendanceStatus.DECLINED));
      case 3 -> add(new VenueChanged().meeting(meeting(turn)).place(city(turn)).reason(REASON));
      case 4 ->
          add(
              settled()
                  ? new VenueChanged().meeting(meeting(turn)).place(city(turn + 1)).reason(REASON)
                  : new MeetingRescheduled()
                      .meeting(meeting(turn))
                      .start(day(turn))
                      .reason(REASON));
      case 5 -> add(settled() ? announced(turn) : headReplaced(turn));
      default -> add(announced(turn));
    }
  }

  private boolean settled() {
    return number >= SETTLED_AFTER;
  }

  private static HeadReplaced headReplaced(int turn) {
    return new HeadReplaced()
        .party(PARTIES.get(turn % 2))
        .person(person(turn % PEOPLE))
        .previous(person((turn + PEOPLE - 2) % PEOPLE));
  }

  private AnnouncementPublished announced(int turn) {
    return new AnnouncementPublished()
        .announcement("announcement-" + number)
        .kind(AnnouncementKind.STATEMENT)
        .speaker(new Actor().id("person-" + number % PEOPLE))
        .onBehalfOf(new Actor().id(PARTIES.get(turn % 2)))
        .text("Statement " + number + " on a ceasefire and on what comes after it")
        .language("en")
        .topics(List.of("ceasefire"));
  }

  private static String meeting(int turn) {
    return "meeting-" + turn % MEETINGS;
  }

  private static Place city(int number) {
    return new Place().id("city-" + number % 5).kind(PlaceKind.CITY);
  }

  private void add(Event event) {
    number++;
    EventHeader header =
        new EventHeader()
            .id("")
            .negotiation(negotiation)
            .aggregate("")
            .decidedAt(BEGIN.plusMillis(number))
            .author("bench")
            .commandId("command-" + number)
            .causationId("command-" + number)
            .correlationId("command-" + number)
            .source(
                new Source()
                    .chain(List.of(new SourceLink().name("A report").role(SourceRole.PUBLISHER))));
    event.header(header);
    String aggregate = event.aggregate();
    long version = versions.merge(event.service() + "/" + aggregate, 1L, Long::sum);
    Token token = new Token(event.service(), negotiation, aggregate, version);
    header.aggregate(aggregate).version(version).id(token.toString());
    last.put(event.service(), token);
    var record =
        new ProducerRecord<>(Topics.events(event.service()), negotiation, Wire.encode(event));
    record
        .headers()
        .add(
            "ce_type",
            ("io.parley." + event.service() + "." + event.type()).getBytes(StandardCharsets.UTF_8));
    var _ = producer.send(record);
  }

  private static Person person(int number) {
    return new Person().id("person-" + number).name("Person " + number);
  }

  private static TemporalValue day(int number) {
    return new TemporalValue()
        .edtf("2025-%02d-%02d".formatted(1 + number / 28 % 12, 1 + number % 28));
  }
}
