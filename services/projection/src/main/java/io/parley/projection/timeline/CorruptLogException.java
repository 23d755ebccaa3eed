package io.parley.projection.timeline;

import org.jspecify.annotations.Nullable;

/**
 * An event that cannot stand where it stands in its log. No retry helps: the stage stops, and its
 * health says why.
 */
public final class CorruptLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptLogException(String message) {
    super(message);
  }

  CorruptLogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
