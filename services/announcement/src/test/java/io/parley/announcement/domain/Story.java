package io.parley.announcement.domain;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.FilterKeys;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Given events, when a command is decided, then these events or this refusal: the service as the
 * journal runs it, in memory. Own events are folded into states, the other services' into facts;
 * both go through JSON as they do in the journal's store.
 */
final class Story implements References {
  static final String NEGOTIATION = "istanbul-2025";

  /** The broker's clock. */
  static final Instant NOW = Instant.parse("2025-05-15T09:00:00Z");

  private static final String RESTRICTED = "restricted-";

  /** Headers are the journal's: every event here has this one, so that they compare by fields. */
  private static final EventHeader HEADER = new EventHeader().negotiation(NEGOTIATION);

  private final Service service;
  private final JsonMapper json;
  private final Map<String, Object> states = new HashMap<>();
  private final Map<String, Object> facts = new HashMap<>();
  private Decision decision = Decision.unchanged();

  Story(Service service) {
    this.service = service;
    JsonMapper.Builder builder = JsonMapper.builder();
    service.aggregates().values().forEach(a -> builder.addMixIn(a.state(), Named.class));
    builder.addMixIn(SpecificRecordBase.class, Fields.class);
    this.json = builder.build();
  }

  /** What happened before. */
  Story given(Event... events) {
    return given("", events);
  }

  /** What happened before on the restricted record. */
  Story givenRestricted(Event... events) {
    return given(RESTRICTED, events);
  }

  private Story given(String record, Event... events) {
    for (Event event : events) {
      if (event.header() == null) {
        event.header(HEADER);
      }
      String id = record + event.aggregate();
      Service.Aggregate<?, ?, ?> own = service.aggregates().get(kind(id));
      if (own != null && own.events().isInstance(event)) {
        states.put(id, evolve(own, id, event));
      } else {
        facts.put(id, learn(requireNonNull(service.replicas().get(kind(id))), id, event));
      }
    }
    return this;
  }

  /** The command to decide, in this negotiation unless it says otherwise. */
  Story when(Command command) {
    if (command.header() == null) {
      command.header(new CommandHeader().negotiation(NEGOTIATION).receivedAt(NOW));
    }
    decision =
        service
            .guard()
            .check(command, this)
            .orElseGet(
                () ->
                    decide(
                        requireNonNull(service.aggregates().get(kind(deciding(command)))),
                        command));
    return this;
  }

  /** The restricted record decides as long as it alone is begun, as in the journal. */
  private String deciding(Command command) {
    String open = command.aggregate();
    return states.containsKey(RESTRICTED + open) && !states.containsKey(open)
        ? RESTRICTED + open
        : open;
  }

  /** What is under restriction falls due. */
  Story whenDue(String aggregate) {
    String id = RESTRICTED + aggregate;
    decision = release(requireNonNull(service.aggregates().get(kind(id))), id);
    return this;
  }

  private <S, C extends Command, E extends Event> Decision release(
      Service.Aggregate<S, C, E> aggregate, String id) {
    S state = find(id, aggregate.state()).orElseThrow();
    return ((Decider.Restricted<S, C, E>) aggregate.decider()).release(state, this);
  }

  /** Whether a party's own role may record this. */
  boolean isOwn(Command command, String party) {
    command.header(new CommandHeader().negotiation(NEGOTIATION).receivedAt(NOW));
    return service.own().test(command, party, this);
  }

  /** Records what was decided, so that the next command is decided after it. */
  Story recorded() {
    givenRestricted(all().restricted().toArray(Event[]::new));
    return given(accepted().toArray(Event[]::new));
  }

  /** What was decided, of whatever kind. */
  Decision decision() {
    return decision;
  }

  /** Accepted with exactly these events. */
  Story then(Event... expected) {
    Stream.concat(accepted().stream(), Stream.of(expected)).forEach(event -> event.header(HEADER));
    keyed(accepted(), Arrays.asList(expected));
    assertThat(accepted()).isEqualTo(Arrays.asList(expected));
    assertThat(all().restricted()).isEmpty();
    return this;
  }

  /** Accepted with exactly these events, all on the restricted record. */
  Story thenRestricted(Event... expected) {
    Stream.concat(all().restricted().stream(), Stream.of(expected))
        .forEach(event -> event.header(HEADER));
    keyed(all().restricted(), Arrays.asList(expected));
    assertThat(all().restricted()).isEqualTo(Arrays.asList(expected));
    assertThat(accepted()).isEmpty();
    return this;
  }

  /** Accepted with the end of the restricted record and the beginning of the open one. */
  Story thenReleased(Event restricted, Event open) {
    Stream.of(all().restricted(), accepted(), List.of(restricted, open))
        .flatMap(List::stream)
        .forEach(event -> event.header(HEADER));
    assertThat(all().restricted()).containsExactly(restricted);
    assertThat(accepted()).containsExactly(open);
    return this;
  }

  /** Accepted with one event, which carries these keys. */
  Story thenKeys(FilterKeys expected) {
    assertThat(accepted()).singleElement().extracting(Story::keys).isEqualTo(expected);
    return this;
  }

  /**
   * What filters match in an event by the keys that it carries; null where it has no such field.
   */
  static @Nullable FilterKeys keys(Event event) {
    SpecificRecordBase record = (SpecificRecordBase) event;
    return record.getSchema().getField("keys") == null ? null : (FilterKeys) record.get("keys");
  }

  /** Keys are told by the tests of rule 22: any other expects the event without them. */
  private static void keyed(List<Event> decided, List<Event> expected) {
    for (int i = 0; i < Math.min(decided.size(), expected.size()); i++) {
      FilterKeys keys = keys(decided.get(i));
      if (keys != null && new FilterKeys().equals(keys(expected.get(i)))) {
        ((SpecificRecordBase) expected.get(i)).put("keys", keys);
      }
    }
  }

  /** Accepted, changing nothing. */
  Story thenUnchanged() {
    return then();
  }

  /** Refused by a rule; the detail names these. */
  Story thenRejected(String code, int rule, String... named) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Rejected.class,
            r -> {
              assertThat(r.code()).isEqualTo(code);
              assertThat(r.rule()).isEqualTo(rule);
              assertThat(named).allSatisfy(name -> assertThat(r.detail()).contains(name));
            });
    return this;
  }

  /** Refused for something that does not exist; the detail names these. */
  Story thenUnknown(String code, String... named) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Unknown.class,
            u -> {
              assertThat(u.code()).isEqualTo(code);
              assertThat(named).allSatisfy(name -> assertThat(u.detail()).contains(name));
            });
    return this;
  }

  @Override
  public <T> Optional<T> find(String aggregate, Class<T> type) {
    return Optional.ofNullable(states.getOrDefault(aggregate, facts.get(aggregate)))
        .map(type::cast);
  }

  private List<Event> accepted() {
    return all().events();
  }

  private Decision.Accepted all() {
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    return (Decision.Accepted) decision;
  }

  private <S, C extends Command, E extends Event> Decision decide(
      Service.Aggregate<S, C, E> aggregate, Command command) {
    S state = find(deciding(command), aggregate.state()).orElseGet(aggregate.decider()::initial);
    return aggregate.decider().decide(state, aggregate.commands().cast(command), this);
  }

  private <S, C extends Command, E extends Event> S evolve(
      Service.Aggregate<S, C, E> aggregate, String id, Event event) {
    S state = find(id, aggregate.state()).orElseGet(aggregate.decider()::initial);
    return stored(
        aggregate.state(), aggregate.decider().evolve(state, aggregate.events().cast(event)));
  }

  private <F, E extends Event> F learn(Service.Replicated<F, E> replica, String id, Event event) {
    return stored(
        replica.fact(),
        replica.replica().evolve(find(id, replica.fact()), replica.events().cast(event)));
  }

  private <T> T stored(Class<T> type, T value) {
    T read = json.readValue(json.writerFor(type).writeValueAsBytes(value), type);
    assertThat(read).isEqualTo(value);
    return read;
  }

  /** As the journal's store tells the states of an aggregate apart. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
  private interface Named {}

  /** As the journal's store keeps events that a state holds. */
  @JsonAutoDetect(
      fieldVisibility = JsonAutoDetect.Visibility.ANY,
      getterVisibility = JsonAutoDetect.Visibility.NONE,
      isGetterVisibility = JsonAutoDetect.Visibility.NONE,
      setterVisibility = JsonAutoDetect.Visibility.NONE)
  private interface Fields {}

  private static String kind(String aggregate) {
    return aggregate.substring(0, aggregate.indexOf(':'));
  }
}
