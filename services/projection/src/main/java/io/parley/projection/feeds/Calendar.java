package io.parley.projection.feeds;

import biweekly.ICalVersion;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.text.ICalWriter;
import biweekly.property.DateEnd;
import biweekly.property.DateStart;
import biweekly.property.Status;
import biweekly.util.DateTimeComponents;
import biweekly.util.Duration;
import biweekly.util.ICalDate;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.shape.Located;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.temporal.Edtf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Meetings as an iCalendar (RFC 5545). */
final class Calendar {
  private static final int REFRESH_MINUTES = 15;

  private Calendar() {}

  /**
   * A meeting, its names put in.
   *
   * @param recorded when its last change was recorded
   */
  record Entry(Meeting meeting, Instant recorded) {}

  /**
   * When something starts or ends in a calendar: a day anywhere on Earth, or an instant.
   *
   * @param doubtful whether the source only says about when
   */
  private record When(@Nullable LocalDate day, @Nullable Instant instant, boolean doubtful) {
    /** Null where it names no day: a month or an interval, which no calendar can show. */
    static @Nullable When of(@Nullable Temporal value, @Nullable String placeZone) {
      if (value == null
          || !(Edtf.parse(value.edtf()) instanceof Edtf.Point point)
          || point.unit().compareTo(Edtf.Precision.DAY) > 0
          || point.to().isAfter(point.from().plusDays(1))) {
        return null;
      }
      boolean doubtful = point.doubt() != Edtf.Doubt.NONE;
      boolean placed = point.offset() != null || value.zone() != null || placeZone != null;
      // A clock time of no zone is as good as its date: as an instant it would be a guess, and as
      // a floating time another instant for every reader.
      return !point.dateOnly() && placed
          ? new When(null, instant(value, point), doubtful)
          : new When(point.from().toLocalDate(), null, doubtful);
    }

    private static Instant instant(Temporal value, Edtf.Point point) {
      return point.doubt() == Edtf.Doubt.NONE || value.latest() == null
          ? Objects.requireNonNull(value.earliest())
          // About then: in the middle of what it covers.
          : Objects.requireNonNull(value.earliest())
              .plus(
                  java.time.Duration.between(
                          Objects.requireNonNull(value.earliest()), value.latest())
                      .dividedBy(2));
    }
  }

  /** The calendar, in UTF-8; the same for the same entries. */
  static byte[] write(String negotiation, Heading heading, List<Entry> entries) {
    ICalendar calendar = new ICalendar();
    calendar.setProductId("-//Parley//Schedule//EN");
    calendar.setName(clean(heading.title()));
    calendar.addExperimentalProperty("X-WR-CALNAME", clean(heading.title()));
    calendar.setLastModified(Date.from(heading.updated()));
    calendar.setRefreshInterval(Duration.builder().minutes(REFRESH_MINUTES).build());
    entries.stream()
        .sorted(Comparator.comparing(entry -> entry.meeting().meeting()))
        .map(entry -> event(negotiation, entry))
        .filter(Objects::nonNull)
        .forEach(calendar::addEvent);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ICalWriter writer = new ICalWriter(bytes, ICalVersion.V2_0)) {
      writer.write(calendar);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Null for a meeting that has no start, or none that names a day: an entry must have a DTSTART
   * (RFC 5545, 3.6.1), and one that we made up would be taken for what the source says.
   */
  private static @Nullable VEvent event(String negotiation, Entry entry) {
    Meeting meeting = entry.meeting();
    When start = When.of(meeting.start(), meeting.zone());
    if (start == null) {
      return null;
    }
    VEvent event = new VEvent();
    event.setUid("%s.%s@parley".formatted(meeting.meeting(), negotiation));
    // Of the record and not of the clock: the same schedule is the same bytes.
    event.setDateTimeStamp(Date.from(entry.recorded()));
    event.setLastModified(Date.from(entry.recorded()));
    event.setSequence(Math.toIntExact(meeting.icalSequence()));
    event.setStatus(status(meeting, start));
    event.setSummary(clean(meeting.title()));
    event.setDescription(clean(description(meeting)));
    event.setLocation(
        clean(
            Stream.of(meeting.venue(), meeting.place())
                .flatMap(place -> Stream.iterate(place, Objects::nonNull, Located::within))
                .map(place -> Objects.requireNonNullElse(place.name(), place.id()))
                .distinct()
                .collect(Collectors.joining(", "))));
    setTimes(event, start, When.of(meeting.end(), meeting.zone()));
    return event;
  }

  private static void setTimes(VEvent event, When start, @Nullable When end) {
    if (start.day() != null) {
      event.setDateStart(new DateStart(date(start.day())));
      // The end of an all-day entry is the day after its last one.
      if (end != null && end.day() != null && !end.day().isBefore(start.day())) {
        event.setDateEnd(new DateEnd(date(end.day().plusDays(1))));
      }
    } else if (start.instant() != null) {
      event.setDateStart(Date.from(start.instant()));
      if (end != null && end.instant() != null && end.instant().isAfter(start.instant())) {
        event.setDateEnd(Date.from(end.instant()));
      }
    }
  }

  private static ICalDate date(LocalDate day) {
    return new ICalDate(
        new DateTimeComponents(day.getYear(), day.getMonthValue(), day.getDayOfMonth()), false);
  }

  private static Status status(Meeting meeting, When start) {
    return switch (meeting.status()) {
      case CANCELLED -> Status.cancelled();
      // It keeps the start that it had, and has no other yet (rule 17).
      case POSTPONED -> Status.tentative();
      case SCHEDULED -> start.doubtful() ? Status.tentative() : Status.confirmed();
      case OPEN, SUSPENDED, CONCLUDED -> Status.confirmed();
    };
  }

  private static String description(Meeting meeting) {
    List<String> lines = new ArrayList<>();
    lines.add(meeting.status().name());
    if (meeting.start() != null) {
      lines.add("Start as given: " + given(meeting.start()));
    }
    meeting.previousStarts().forEach(start -> lines.add("Before: " + given(start)));
    if (meeting.reason() != null) {
      lines.add(meeting.reason());
    }
    if (meeting.outcome() != null) {
      lines.add("Outcome: " + meeting.outcome().name());
    }
    return String.join("\n", lines);
  }

  private static String given(Temporal value) {
    return Stream.of(
            value.edtf(),
            value.dayPart() == null
                ? ""
                : value.dayPart().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            value.zone() == null ? "" : value.zone(),
            value.qualifier().name().toLowerCase(Locale.ROOT))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /** Without control characters, which iCalendar has none of (RFC 5545, 3.1). */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", " ");
  }
}
