package io.parley.projection.stream;

import io.parley.journal.reading.Topics;
import io.parley.projection.read.Question;
import io.parley.projection.stream.Subscription.Format;
import io.parley.schemas.announcement.Announcement;
import io.parley.schemas.delegation.Delegation;
import io.parley.schemas.schedule.Schedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a stream says.
 *
 * @param since where to begin; null: now
 * @param until where a bounded replay ends; null: now
 * @param speed how much faster than it was recorded; 0: as fast as possible
 */
record Ask(
    Filter filter,
    boolean named,
    Format format,
    @Nullable Since since,
    @Nullable Instant until,
    double speed) {
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]{1,35}");
  private static final Pattern SPEED = Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,3})?");
  private static final double LEAST_SPEED = 0.01;
  private static final double MOST_SPEED = 1_000_000;
  private static final String TYPE_PREFIX = "io.parley.";

  private static final List<Schema> EVENTS =
      Stream.of(Schedule.EVENT_SCHEMAS, Delegation.EVENT_SCHEMAS, Announcement.EVENT_SCHEMAS)
          .flatMap(List::stream)
          .toList();
  private static final List<String> TYPES = EVENTS.stream().map(Schema::getName).sorted().toList();
  private static final List<String> KINDS =
      EVENTS.stream()
          .map(EventKeys::kinds)
          .filter(kinds -> kinds != null)
          .flatMap(kinds -> kinds.getEnumSymbols().stream())
          .filter(word -> !word.equals("UNRECOGNIZED"))
          .distinct()
          .sorted()
          .toList();

  /** Where a stream begins. */
  sealed interface Since {
    /** With the first event there is. */
    record Beginning() implements Since {}

    /** After what somebody has received. */
    record After(Cursor cursor) implements Since {}

    /** With the first event that was settled then or later. */
    record From(Instant instant) implements Since {}
  }

  /**
   * Reads a request; what is wrong with it is noted in the question.
   *
   * @param negotiation that of the path, if it names one
   * @param lastEventId the header of that name: it says more than the address that a client was
   *     given at first
   */
  static Ask of(
      Question question,
      StreamProperties limits,
      Format format,
      @Nullable String negotiation,
      @Nullable String lastEventId) {
    Filter filter = filter(question, negotiation);
    if (filter.values() > limits.filterValues()) {
      question.fault("filters", filter.values() + " values, at most " + limits.filterValues());
    }
    Since since = question.parsed("since", Ask::since);
    Since last = question.parsed("lastEventId", Ask::cursor);
    if (lastEventId != null && !lastEventId.isEmpty()) {
      try {
        last = cursor(lastEventId);
      } catch (IllegalArgumentException e) {
        question.fault("Last-Event-ID", String.valueOf(e.getMessage()));
      }
    }
    Instant until = question.parsed("until", Ask::instant);
    if (until != null && format == Format.SSE) {
      question.fault("until", "only a bounded replay ends: ask for application/x-ndjson");
    }
    if (last == null && since instanceof Since.From) {
      question.asks("since");
    }
    if (until != null) {
      question.asks("until");
    }
    Boolean named = question.parsed("named", Ask::truth);
    Double speed = question.parsed("speed", Ask::speed);
    return new Ask(
        filter,
        named != null && named,
        format,
        last == null ? since : last,
        until,
        speed == null ? 0 : speed);
  }

  private static Filter filter(Question question, @Nullable String negotiation) {
    Set<String> types = new HashSet<>();
    for (String type : question.texts("type")) {
      String name = type.startsWith(TYPE_PREFIX) ? type.substring(type.lastIndexOf('.') + 1) : type;
      if (TYPES.contains(name)) {
        types.add(name);
      } else {
        question.fault("type", "there is no such event: " + shown(type));
      }
    }
    return new Filter(
        negotiation == null ? matching(question, "negotiation", SLUG) : Set.of(negotiation),
        Set.copyOf(question.words("service", Topics.SERVICES)),
        types,
        matching(question, "party", SLUG),
        matching(question, "person", SLUG),
        Set.copyOf(question.words("kind", KINDS)),
        matching(question, "topic", SLUG),
        matching(question, "language", LANGUAGE));
  }

  private static Set<String> matching(Question question, String name, Pattern shape) {
    Set<String> values = new HashSet<>();
    for (String value : question.texts(name)) {
      if (shape.matcher(value).matches()) {
        values.add(value);
      } else {
        question.fault(name, "'" + shown(value) + "' cannot be one");
      }
    }
    return values;
  }

  private static Since since(String text) {
    if (text.equals("beginning")) {
      return new Since.Beginning();
    }
    try {
      return new Since.From(instant(text));
    } catch (IllegalArgumentException e) {
      return cursor(text);
    }
  }

  private static Since cursor(String text) {
    return new Since.After(Cursor.parse(text));
  }

  private static Instant instant(String text) {
    // A plus sign that was not escaped arrives as a blank.
    String instant = text.replace(' ', '+');
    try {
      if (instant.matches("[0-9]{4}-.*")) {
        return OffsetDateTime.parse(instant).toInstant();
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not an RFC 3339 instant (2025-05-14T12:00:00Z)", e);
    }
    throw new IllegalArgumentException("not an RFC 3339 instant (2025-05-14T12:00:00Z)");
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static Double speed(String text) {
    double speed = SPEED.matcher(text).matches() ? Double.parseDouble(text) : 0;
    if (speed < LEAST_SPEED || speed > MOST_SPEED) {
      throw new IllegalArgumentException("not a number from 0.01 to 1000000");
    }
    return speed;
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
