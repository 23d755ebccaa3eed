package io.parley.journal;

import io.parley.schemas.Command;
import io.parley.schemas.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One kind of aggregate: its states, what it decides, how it changes. Pure: no clock, no random, no
 * I/O; the time, the ids and the author come in with the command.
 *
 * @param <S> sealed interface of the states, as records of plain Java values
 * @param <C> sealed interface of its commands
 * @param <E> sealed interface of its events
 */
public interface Decider<S, C extends Command, E extends Event> {
  /** The state before the first event. */
  S initial();

  /** Decides a command in a state. */
  Decision decide(S state, C command, References references);

  /**
   * The state after an event.
   *
   * @throws IllegalStateException where the event is impossible in this state: the log is damaged,
   *     the task stops
   */
  S evolve(S state, E event);

  /**
   * Decides on an aggregate while it is restricted (ADR 7). Its first event comes from the decider
   * of the open aggregate ({@link Decision#restrict}); from then on every command to that id is
   * decided here, until {@link Decision#release} begins the open aggregate.
   */
  interface Restricted<S, C extends Command, E extends Event> extends Decider<S, C, E> {
    /** The party whose it is, which may know of it; null: only who may know of all. */
    @Nullable String issuer(S state);

    /** When it becomes public by itself; null: never. */
    @Nullable Instant dueAt(S state);

    /** What is recorded once it is due by the broker's clock: headers say on whose behalf. */
    Decision release(S state, References references);
  }
}
