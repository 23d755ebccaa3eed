package io.parley.projection.stream;

import org.jspecify.annotations.Nullable;

/**
 * A stream that was asked for and granted.
 *
 * @param type what it is sent
 * @param format how
 * @param at where it begins; null: now
 * @param end where it ends; null: never
 * @param notBefore events that were settled earlier are left out, milliseconds since 1970
 * @param notAfter events that were settled later are left out, milliseconds since 1970
 * @param speed how much faster than it was recorded history is sent; 0: as fast as possible
 * @param reset what is told first, where the cursor that was given leads nowhere
 * @param ticket its place among all connections
 */
record Subscription(
    FilterClass type,
    Format format,
    @Nullable Position at,
    @Nullable Position end,
    long notBefore,
    long notAfter,
    double speed,
    @Nullable Reset reset,
    Limits.Ticket ticket) {

  /** How messages are written. */
  enum Format {
    SSE,
    NDJSON
  }

  /**
   * That a cursor leads nowhere: never in silence.
   *
   * @param reason stable code
   * @param from where the stream goes on: {@code now} or {@code beginning}
   */
  record Reset(String reason, String detail, String from) {}

  /** Whether it may want it, as far as can be told without decoding it. */
  boolean mayWant(StreamEvent event) {
    return speed == 0
        && event.recordedMillis() >= notBefore
        && event.recordedMillis() <= notAfter
        && type.mayMatch(event);
  }

  boolean wants(StreamEvent event) {
    return event.recordedMillis() >= notBefore
        && event.recordedMillis() <= notAfter
        && type.matches(event);
  }
}
