package io.parley.journal;

import io.parley.schemas.Event;
import java.util.Optional;

/**
 * What a service keeps of another's events, to check references against: a small fact for each
 * aggregate.
 *
 * @param <F> type of the facts, a record of plain Java values
 * @param <E> the other service's events
 */
public interface Replica<F, E extends Event> {
  /** The fact after an event of the other service. */
  F evolve(Optional<F> fact, E event);
}
