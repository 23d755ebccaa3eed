package io.parley.journal.stream;

/**
 * The log says something that cannot be: a version is missing, or an event is impossible in its
 * state. The task stops.
 */
public final class CorruptLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptLogException(String message) {
    super(message);
  }

  CorruptLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
