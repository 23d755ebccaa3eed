package io.parley.journal;

import java.util.Optional;

/**
 * What a decider may look up in its negotiation besides the state that it decides on: other
 * aggregates of its own service as they are now, and a replica of the other services' facts as far
 * as it is known here. Everything that is looked up is noted in the header of the events that come
 * of it, so that no reader sees an effect before its cause.
 */
public interface References {
  /**
   * Looks an aggregate up by its id, {@code KIND:ID}.
   *
   * @param type the state of an own aggregate, or the fact that the service's {@link Replica} keeps
   *     of another's
   * @return empty where it does not exist, or is not known here yet
   */
  <T> Optional<T> find(String aggregate, Class<T> type);
}
