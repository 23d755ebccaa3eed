package io.parley.journal.stream;

import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.journal.Service;
import io.parley.journal.reading.Token;
import io.parley.journal.stream.StateCodec.Versioned;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
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
  private final Map<String, Versioned> cache =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Versioned> eldest) {
          return size() > CACHED;
        }
      };

  private @Nullable Map<String, Versioned> staged;

  Fold(Service service, KeyValueStore<String, byte[]> store) {
    this.service = service;
    this.store = store;
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
    folded.forEach((key, state) -> store.put(key, codec.write(type(key), state)));
  }

  /** True where everything that the tokens name is known here. */
  boolean knows(List<String> tokens) {
    return tokens.stream()
        .map(Token::parse)
        .allMatch(
            token ->
                version(token.negotiation(), token.service(), token.aggregate())
                    >= token.version());
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
    Service.Aggregate<?, ?, ?> aggregate = service.aggregates().get(kind(command.aggregate()));
    if (aggregate == null) {
      throw new IllegalArgumentException(
          service.name() + " has no aggregate " + command.aggregate());
    }
    return decide(aggregate, command, references);
  }

  private <S, C extends Command, E extends Event> Decision decide(
      Service.Aggregate<S, C, E> aggregate, Command command, References references) {
    Versioned known = find(command.header().negotiation(), service.name(), command.aggregate());
    Object value = known == null ? null : known.value();
    S state = value == null ? aggregate.decider().initial() : aggregate.state().cast(value);
    return aggregate.decider().decide(state, aggregate.commands().cast(command), references);
  }

  /**
   * Takes an event into the fold. Repeats of what is folded already are passed over, so that
   * folding may start early.
   *
   * @throws CorruptLogException where a version is missing, or the event is impossible in its state
   */
  void evolve(Event event) {
    String key = key(event.header().negotiation(), event.service(), event.header().aggregate());
    Versioned known = find(key);
    long before = known == null ? 0 : known.version();
    long version = event.header().version();
    if (version <= before) {
      return;
    }
    if (version != before + 1) {
      throw new CorruptLogException(
          "event "
              + event.header().id()
              + " is version "
              + version
              + ", the one before is "
              + before);
    }
    Versioned now = new Versioned(version, after(known, event));
    if (staged == null) {
      store.put(key, codec.write(type(key), now));
      cache.put(key, now);
    } else {
      staged.put(key, now);
    }
  }

  /**
   * Tries what {@link #evolve} would do with an event that is not recorded yet.
   *
   * @return bytes that its aggregate would take in the store
   * @throws CorruptLogException where it is impossible in its state
   */
  int rehearse(Event event) {
    String key = key(event.header().negotiation(), event.service(), event.aggregate());
    return codec.write(type(key), new Versioned(0, after(find(key), event))).length;
  }

  private @Nullable Object after(@Nullable Versioned known, Event event) {
    return evolve(kind(event.aggregate()), known == null ? null : known.value(), event);
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
      throw new CorruptLogException(
          "event " + event.header().id() + " is impossible in state " + state, e);
    }
  }

  private static <F, E extends Event> Object evolve(
      Service.Replicated<F, E> replicated, @Nullable Object value, Event event) {
    Optional<F> fact = Optional.ofNullable(value).map(replicated.fact()::cast);
    return replicated.replica().evolve(fact, replicated.events().cast(event));
  }

  private @Nullable Versioned find(String negotiation, String of, String aggregate) {
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
    String kind = kind(key.substring(key.lastIndexOf('/') + 1));
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
