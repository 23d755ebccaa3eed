package io.parley.journal;

import io.parley.schemas.Command;
import io.parley.schemas.Event;

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
}
