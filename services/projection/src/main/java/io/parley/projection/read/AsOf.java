package io.parley.projection.read;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A moment on the recorded axis, as it is asked for. Inclusive. */
public sealed interface AsOf {
  /** The timeline up to this instant. */
  record AtInstant(Instant instant) implements AsOf {}

  /** The timeline up to this sequence number, under one negotiation. */
  record AtSequence(long sequence) implements AsOf {}

  /**
   * Reads an RFC 3339 instant or a sequence number.
   *
   * @throws IllegalArgumentException where it is neither
   */
  static AsOf parse(String text) {
    if (text.matches("[0-9]{1,18}")) {
      return new AtSequence(Long.parseLong(text));
    }
    try {
      // A plus sign that was not escaped arrives as a blank.
      String instant = text.replace(' ', '+');
      if (!instant.matches("[0-9]{4}-.*")) {
        throw new DateTimeException(
            "RFC 3339 has years of four digits; more overflow milliseconds");
      }
      return new AtInstant(OffsetDateTime.parse(instant).toInstant());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "neither an RFC 3339 instant (2025-05-14T12:00:00Z) nor a sequence number", e);
    }
  }
}
