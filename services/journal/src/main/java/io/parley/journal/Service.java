package io.parley.journal;

import io.parley.journal.reading.Token;
import io.parley.schemas.Command;
import io.parley.schemas.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A write service, as the journal runs it.
 *
 * @param name its name in topics, paths and tokens
 * @param foldVersion version of its fold; raised with every change to an {@code evolve}, so that a
 *     store of a new name is folded from the events
 * @param commands schemas of its commands
 * @param guard asked before a decider: what every command of the service needs
 * @param own what a party may record itself; an editor may record anything
 * @param aggregates its own aggregates, by kind; a restricted kind begins with {@link
 *     Token#RESTRICTED}
 * @param paths where the read side shows an aggregate, by kind: {@code {n}} and {@code {id}} stand
 *     for its ids
 * @param replicas what it keeps of the other services, by kind of aggregate
 */
public record Service(
    String name,
    int foldVersion,
    List<Schema> commands,
    Guard guard,
    Own own,
    Map<String, Aggregate<?, ?, ?>> aggregates,
    Map<String, String> paths,
    Map<String, Replicated<?, ?>> replicas) {

  /** What every command of a service needs, whatever its aggregate. */
  @FunctionalInterface
  public interface Guard {
    /** A refusal, or empty where the decider may decide. */
    Optional<Decision> check(Command command, References references);
  }

  /** What a party may record itself. */
  @FunctionalInterface
  public interface Own {
    /** Whether a command is about what is this party's own. */
    boolean test(Command command, String party, References references);
  }

  /** Whether it has aggregates that are restricted, and so a log of them. */
  public boolean restricts() {
    return aggregates.keySet().stream().anyMatch(kind -> kind.startsWith(Token.RESTRICTED));
  }

  /**
   * A kind of aggregate and its decider.
   *
   * @param state class of its states, sealed
   */
  public record Aggregate<S, C extends Command, E extends Event>(
      Class<S> state, Class<C> commands, Class<E> events, Decider<S, C, E> decider) {}

  /**
   * A kind of another service's aggregate and its replica.
   *
   * @param service the service whose events say so
   * @param fact class of the facts
   */
  public record Replicated<F, E extends Event>(
      String service, Class<F> fact, Class<E> events, Replica<F, E> replica) {}

  /** Begins the description of a service. */
  public static Builder named(String name, int foldVersion, List<Schema> commands) {
    return new Builder(name, foldVersion, commands);
  }

  /** Puts a {@link Service} together. */
  public static final class Builder {
    private final String name;
    private final int foldVersion;
    private final List<Schema> commands;
    private final Map<String, Aggregate<?, ?, ?>> aggregates = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, Replicated<?, ?>> replicas = new LinkedHashMap<>();
    private Guard guard = (command, references) -> Optional.empty();
    private Own own = (command, party, references) -> false;

    private Builder(String name, int foldVersion, List<Schema> commands) {
      this.name = name;
      this.foldVersion = foldVersion;
      this.commands = commands;
    }

    /** What every command needs. */
    public Builder guard(Guard check) {
      this.guard = check;
      return this;
    }

    /** What a party may record itself; nothing where this is not said. */
    public Builder own(Own check) {
      this.own = check;
      return this;
    }

    /**
     * Says that aggregates of a kind, which was added, can be restricted: what decides on one while
     * it is.
     */
    public <S, C extends Command, E extends Event> Builder restricted(
        String kind,
        Class<S> state,
        Class<C> commands,
        Class<E> events,
        Decider.Restricted<S, C, E> decider) {
      String path = Objects.requireNonNull(paths.get(kind), kind);
      return aggregate(Token.RESTRICTED + kind, state, commands, events, decider, path);
    }

    /** Adds a kind of aggregate, and the path at which the read side shows one. */
    public <S, C extends Command, E extends Event> Builder aggregate(
        String kind,
        Class<S> state,
        Class<C> commands,
        Class<E> events,
        Decider<S, C, E> decider,
        String path) {
      aggregates.put(kind, new Aggregate<>(state, commands, events, decider));
      paths.put(kind, path);
      return this;
    }

    /** Keeps facts of another service's kind of aggregate. */
    public <F, E extends Event> Builder replica(
        String kind, String service, Class<F> fact, Class<E> events, Replica<F, E> replica) {
      replicas.put(kind, new Replicated<>(service, fact, events, replica));
      return this;
    }

    /** The service. */
    public Service build() {
      return new Service(
          name,
          foldVersion,
          commands,
          guard,
          own,
          Map.copyOf(aggregates),
          Map.copyOf(paths),
          Map.copyOf(replicas));
    }
  }
}
