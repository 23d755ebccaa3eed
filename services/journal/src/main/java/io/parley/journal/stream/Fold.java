package io.parley.journal.stream;

import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.journal.reading.LastUsed;
import io.parley.journal.reading.Token;
import io.parley.journal.stream.StateCodec.Versioned;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import io.parley.schemas.wire.RestrictedChain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The states of a service's own aggregates and the facts that it keeps of the others', in one
 * store: read to decide, changed by every event. One task has one, so a version that is read here
 * is the newest there is (ADR 1).
 */
final class Fold {
  /** Decoded states kept at hand; the store has them all. */
  private static final int CACHED = 20_000;

  private final Service service;
  private final StateCodec codec;
  private final KeyValueStore<String, byte[]> store;
  private final Due due;
  private final Map<String, Versioned> cache = new LastUsed<>(CACHED);

  private @Nullable Map<String, Versioned> staged;

  Fold(Service service, KeyValueStore<String, byte[]> store) {
    this.service = service;
    this.store = store;
    this.due = new Due(store);
    List<Class<?>> types = new ArrayList<>();
    service.aggregates().values().forEach(aggregate -> types.add(aggregate.state()));
    service.replicas().values().forEach(replicated -> types.add(replicated.fact()));
    this.codec = new StateCodec(types);
  }

  /** The version of an own aggregate; 0 where there is none. */
  long version(String negotiation, String aggregate) {
    return version(negotiation, service.name(), aggregate);
  }

  private long version(String negotiation, String of, String aggregate) {
    Versioned found = find(negotiation, of, aggregate);
    return found == null ? 0 : found.version();
  }

  /**
   * Folds in memory until {@link #unstage}: a write would open a transaction, and reading all
   * events may take longer than one may last.
   */
  void stage() {
    staged = new LinkedHashMap<>();
  }

  /** Writes what was folded since. */
  void unstage() {
    Map<String, Versioned> folded = Objects.requireNonNull(staged, "staged before");
    staged = null;
    // What was read before may be older than what was folded since.
    cache.clear();
    folded.forEach(this::put);
  }

  private void put(String key, Versioned now) {
    if (isRestricted(key)) {
      byte[] before = store.get(key);
      due.move(
          key, before == null ? null : dueAt(key, codec.read(type(key), before)), dueAt(key, now));
    }
    store.put(key, codec.write(type(key), now));
  }

  /** What falls due, and when. */
  Due due() {
    return due;
  }

  /** Looks up in a negotiation; fills {@code seen} with the tokens of what is found. */
  References references(String negotiation, Set<String> seen) {
    return new Lookup(negotiation, seen);
  }

  /**
   * The aggregate that decides a command: of the two under one id the restricted one, as long as it
   * alone is on record.
   */
  String deciding(Command command) {
    String negotiation = command.header().negotiation();
    String restricted = Token.RESTRICTED + command.aggregate();
    return service.aggregates().containsKey(kind(restricted))
            && version(negotiation, command.aggregate()) == 0
            && version(negotiation, restricted) > 0
        ? restricted
        : command.aggregate();
  }

  /**
   * Decides a command, and tells what the decision rested on.
   *
   * @param seen filled with the tokens of what was looked up
   */
  Decision decide(Command command, Set<String> seen) {
    References references = new Lookup(command.header().negotiation(), seen);
    return service
        .guard()
        .check(command, references)
        .orElseGet(() -> decideOwn(command, references));
  }

  private Decision decideOwn(Command command, References references) {
    String id = deciding(command);
    Service.Aggregate<?, ?, ?> aggregate = service.aggregates().get(kind(id));
    if (aggregate == null) {
      throw new IllegalArgumentException(
          service.name() + " has no aggregate for " + command.type());
    }
    Versioned known = find(command.header().negotiation(), service.name(), id);
    return Deciding.decide(aggregate, known, command, references);
  }

  /**
   * Decides that what fell due is public.
   *
   * @param seen filled with the tokens of what was looked up
   */
  Decision release(Due.Item item, Set<String> seen) {
    String kind = kind(item.aggregate());
    return Deciding.release(
        Objects.requireNonNull(service.aggregates().get(kind), kind),
        find(item.negotiation(), service.name(), item.aggregate()),
        new Lookup(item.negotiation(), seen));
  }

  private @Nullable Instant dueAt(String key, Versioned known) {
    Service.Aggregate<?, ?, ?> own = service.aggregates().get(kind(aggregate(key)));
    return own == null ? null : Deciding.dueAt(own, known);
  }

  /**
   * Takes an event into the fold. Repeats of what is folded already are passed over, so that
   * folding may start early.
   *
   * @param recordedMillis when it is recorded: the time of its Kafka record
   * @param framed its bytes as they are published
   * @return hash of a restricted item's event; empty for all others
   * @throws CorruptLogException where a version is missing, or the event is impossible in its state
   */
  String evolve(Event event, long recordedMillis, byte[] framed) {
    String key = key(event.header().negotiation(), event.service(), event.header().aggregate());
    Versioned known = find(key);
    long before = known == null ? 0 : known.version();
    long version = event.header().version();
    if (version <= before) {
      return "";
    }
    if (version != before + 1) {
      String id = event.header().id();
      throw new CorruptLogException(
          (Token.isRestricted(event.header().aggregate()) ? "a restricted event" : "event " + id)
              + " is version "
              + version
              + ", the one before is "
              + before);
    }
    String hash = isRestricted(key) ? hash(known, event, recordedMillis, framed) : "";
    Versioned now = new Versioned(version, hash, after(known, event));
    if (staged == null) {
      put(key, now);
      cache.put(key, now);
    } else {
      staged.put(key, now);
    }
    return hash;
  }

  private static String hash(
      @Nullable Versioned known, Event event, long recordedMillis, byte[] framed) {
    String before = known == null ? RestrictedChain.START : known.hash();
    return RestrictedChain.next(before, recordedMillis, event.type(), framed);
  }

  /**
   * Tries what {@link #evolve} would do with an event that is not recorded yet.
   *
   * @return bytes that its aggregate would take in the store
   * @throws CorruptLogException where it is impossible in its state
   */
  int rehearse(Event event) {
    String key = key(event.header().negotiation(), event.service(), event.header().aggregate());
    return codec.write(type(key), new Versioned(0, "", after(find(key), event))).length;
  }

  private @Nullable Object after(@Nullable Versioned known, Event event) {
    return evolve(kind(event.header().aggregate()), known == null ? null : known.value(), event);
  }

  /** Of a kind that no decision here rests on, the version alone is kept: tokens may name it. */
  private @Nullable Object evolve(String kind, @Nullable Object value, Event event) {
    Service.Aggregate<?, ?, ?> own = service.aggregates().get(kind);
    if (own != null) {
      return evolve(own, value, event);
    }
    Service.Replicated<?, ?> replicated = service.replicas().get(kind);
    return replicated == null ? null : evolve(replicated, value, event);
  }

  private static <S, C extends Command, E extends Event> Object evolve(
      Service.Aggregate<S, C, E> aggregate, @Nullable Object value, Event event) {
    S state = value == null ? aggregate.decider().initial() : aggregate.state().cast(value);
    try {
      return aggregate.decider().evolve(state, aggregate.events().cast(event));
    } catch (RuntimeException e) {
      if (Token.isRestricted(event.header().aggregate())) {
        // The log of this process is not restricted, and the cause's message may be anything.
        throw new CorruptLogException("a restricted " + event.type() + " is impossible");
      }
      throw new CorruptLogException(
          "event " + event.header().id() + " is impossible in state " + state, e);
    }
  }

  private static <F, E extends Event> Object evolve(
      Service.Replicated<F, E> replicated, @Nullable Object value, Event event) {
    Optional<F> fact = Optional.ofNullable(value).map(replicated.fact()::cast);
    return replicated.replica().evolve(fact, replicated.events().cast(event));
  }

  /** What is known of an aggregate of a service; null where nothing is. */
  @Nullable Versioned find(String negotiation, String of, String aggregate) {
    return find(key(negotiation, of, aggregate));
  }

  private @Nullable Versioned find(String key) {
    if (staged != null && staged.containsKey(key)) {
      return staged.get(key);
    }
    Versioned cached = cache.get(key);
    if (cached != null) {
      return cached;
    }
    byte[] bytes = store.get(key);
    if (bytes == null) {
      return null;
    }
    Versioned read = codec.read(type(key), bytes);
    cache.put(key, read);
    return read;
  }

  /** Class of what stands under a key; null where the version alone does. */
  private @Nullable Class<?> type(String key) {
    String kind = kind(aggregate(key));
    Service.Aggregate<?, ?, ?> own = service.aggregates().get(kind);
    if (own != null) {
      return own.state();
    }
    Service.Replicated<?, ?> replicated = service.replicas().get(kind);
    return replicated == null ? null : replicated.fact();
  }

  /**
   * Like a token: an aggregate is known under the name of its service, so a token cannot mistake
   * one for another.
   */
  private static String key(String negotiation, String of, String aggregate) {
    return negotiation + "/" + of + "/" + aggregate;
  }

  private static String aggregate(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private static boolean isRestricted(String key) {
    return Token.isRestricted(aggregate(key));
  }

  private static String kind(String aggregate) {
    int colon = aggregate.indexOf(':');
    return colon < 0 ? aggregate : aggregate.substring(0, colon);
  }

  private final class Lookup implements References {
    private final String negotiation;
    private final Set<String> seen;

    Lookup(String negotiation, Set<String> seen) {
      this.negotiation = negotiation;
      this.seen = seen;
    }

    @Override
    public <T> Optional<T> find(String aggregate, Class<T> type) {
      if (Token.isRestricted(aggregate)) {
        // What may be public must not rest on it, nor name it: readers would wait for ever.
        return Optional.empty();
      }
      Service.Replicated<?, ?> replicated = service.replicas().get(kind(aggregate));
      String from = replicated == null ? service.name() : replicated.service();
      Versioned found = Fold.this.find(negotiation, from, aggregate);
      if (found == null || found.value() == null) {
        return Optional.empty();
      }
      seen.add(new Token(from, negotiation, aggregate, found.version()).toString());
      return Optional.of(type.cast(found.value()));
    }
  }

  /** A place to note what a decision looks up. */
  static Set<String> nothingSeen() {
    return new LinkedHashSet<>();
  }
}
