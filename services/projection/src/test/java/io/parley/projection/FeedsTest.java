package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.feed.synd.SyndFeed;
import com.rometools.rome.io.SyndFeedInput;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.schedule.MeetingCancelled;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.Collectors;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.component.VEvent;
import org.jdom2.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

/** The calendar and the feed, as other people's parsers read them. */
class FeedsTest {
  private static final String ICS = "/schedule.ics";
  private static final String ATOM = "/announcements.atom";

  private static ConfigurableApplicationContext service;

  @BeforeAll
  static void start() {
    service = Story.service("feeds");
  }

  @AfterAll
  static void close() {
    service.close();
  }

  @Test
  void aDateOnlyMeetingIsAllDayInEveryZone() throws Exception {
    try (Story story = new Story(service, "all-day")) {
      story.settle(Facts.meeting("opening", "2025-05-15").zone(null));
      story.settle(
          Facts.meeting("long", "2025-05-15").end(Recorder.date("2025-05-17")).zone("Asia/Tokyo"));
      TimeZone own = TimeZone.getDefault();
      try {
        for (String zone : List.of("Pacific/Kiritimati", "America/Los_Angeles", "Asia/Beirut")) {
          TimeZone.setDefault(TimeZone.getTimeZone(zone));
          String text = Story.text(story.get(path(story, ICS)));
          assertThat(text).contains("DTSTART;VALUE=DATE:20250515");
          Map<String, VEvent> events = events(parsed(text));
          assertThat(start(events, "opening")).isEqualTo(LocalDate.of(2025, 5, 15));
          assertThat(end(events, "long")).isEqualTo(LocalDate.of(2025, 5, 18));
        }
      } finally {
        TimeZone.setDefault(own);
      }
    }
  }

  @Test
  void rule17_aRescheduledMeetingKeepsItsUidAndHasAHigherSequence() throws Exception {
    try (Story story = new Story(service, "moved")) {
      long first = story.settle(Facts.meeting("opening", "2025-05-15"));
      story.settle(Facts.rescheduled("opening", "2025-05-16"));
      VEvent before = event(events(parsed(story, "?asOf=" + first)), "opening.moved@parley");
      VEvent after = event(events(parsed(story, "")), "opening.moved@parley");
      assertThat(value(before, "SEQUENCE")).isEqualTo("0");
      assertThat(value(after, "SEQUENCE")).isEqualTo("1");
      assertThat(value(before, "DTSTART")).isEqualTo("20250515");
      assertThat(value(after, "DTSTART")).isEqualTo("20250516");
      assertThat(value(after, "STATUS")).isEqualTo("CONFIRMED");
      // When it was recorded, and not when it is asked for.
      assertThat(value(after, "DTSTAMP")).isEqualTo("20250514T080300Z");
      assertThat(value(after, "SUMMARY")).isEqualTo("Opening");
      assertThat(value(after, "LOCATION")).isEqualTo("Istanbul");
      assertThat(value(after, "DESCRIPTION")).contains("Before: 2025-05-15");
    }
  }

  @Test
  void aCancelledMeetingStaysAndAPostponedOneIsTentative() throws Exception {
    try (Story story = new Story(service, "cancelled")) {
      story.settle(Facts.meeting("off", "2025-05-15"));
      story.settle(new MeetingCancelled().meeting("off").reason("no agreement, \n; and , so on"));
      story.settle(Facts.meeting("late", "2025-05-15"));
      story.settle(Facts.postponed("late"));
      Calendar calendar = parsed(story, "");
      Map<String, VEvent> events = events(calendar);
      assertThat(value(event(events, "off.cancelled@parley"), "STATUS")).isEqualTo("CANCELLED");
      assertThat(value(event(events, "late.cancelled@parley"), "STATUS")).isEqualTo("TENTATIVE");
      assertThat(value(event(events, "late.cancelled@parley"), "DTSTART")).isEqualTo("20250515");
      assertThat(calendar.getProperty("REFRESH-INTERVAL").orElseThrow().getValue())
          .isEqualTo("PT15M");
      assertThat(calendar.validate().getEntries()).isEmpty();
    }
  }

  @Test
  void whatNamesNoDayIsLeftOutAndAClockTimeIsAnInstantOnlyWithAZone() throws Exception {
    try (Story story = new Story(service, "times")) {
      story.settle(Facts.meeting("undated", null));
      story.settle(Facts.meeting("month", "2025-05"));
      story.settle(Facts.meeting("some-day", "2025-05-XX"));
      story.settle(Facts.meeting("interval", "2025-05-15/2025-05-16"));
      story.settle(Facts.meeting("set", "[2025-05-15,2025-05-16]"));
      story.settle(Facts.meeting("about", "2025-05-15~"));
      story.settle(Facts.meeting("offset", "2025-05-15T13:00:00+03:00"));
      story.settle(Facts.meeting("zoned", "2025-05-15T13:00:00").zone("Europe/Istanbul"));
      story.settle(Facts.meeting("nowhere", "2025-05-15T13:00:00").zone(null));
      TemporalValue own = Recorder.date("2025-05-15T13:00:00");
      own.zone("Europe/Kyiv");
      story.settle(Facts.meeting("own", null).start(own).zone(null));
      Map<String, VEvent> events = events(parsed(story, ""));
      assertThat(
              events.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          each -> each.getKey().replace(".times@parley", ""),
                          each -> value(each.getValue(), "DTSTART"))))
          .isEqualTo(
              Map.of(
                  "about", "20250515",
                  "offset", "20250515T100000Z",
                  "zoned", "20250515T100000Z",
                  "nowhere", "20250515",
                  "own", "20250515T100000Z"));
      assertThat(value(event(events, "about.times@parley"), "STATUS")).isEqualTo("TENTATIVE");
    }
  }

  @Test
  void calendarAndFeedHaveValidatorsAndMoments() {
    try (Story story = new Story(service, "validated")) {
      story.settle(Facts.meeting("opening", "2025-05-15"));
      long first = story.settle(Facts.announced("a", "x", "First"));
      for (String feed : List.of(ICS, ATOM)) {
        EntityExchangeResult<byte[]> answer = story.get(path(story, feed));
        String tag = String.valueOf(answer.getResponseHeaders().getETag());
        assertThat(answer.getStatus().value()).isEqualTo(200);
        assertThat(story.get(path(story, feed), "If-None-Match", tag).getStatus().value())
            .isEqualTo(304);
        assertThat(String.valueOf(answer.getResponseHeaders().getContentType()))
            .startsWith(feed.equals(ICS) ? "text/calendar" : "application/atom+xml");
        String then = Story.text(answer);
        story.settle(Facts.corrected("a", "Second", feed.equals(ICS) ? 1 : 2));
        story.settle(Facts.rescheduled("opening", feed.equals(ICS) ? "2025-05-16" : "2025-05-17"));
        assertThat(story.get(path(story, feed), "If-None-Match", tag).getStatus().value())
            .isEqualTo(200);
        long asOf = feed.equals(ICS) ? first : first + 2;
        assertThat(Story.text(story.get(path(story, feed) + "?asOf=" + asOf))).isEqualTo(then);
      }
      assertThat(story.get(path(story, ICS) + "?asOf=0").getStatus().value()).isEqualTo(404);
      assertThat(story.get(path(story, ATOM) + "?limit=0").getStatus().value()).isEqualTo(400);
      assertThat(story.get(path(story, ICS), "Accept", "text/calendar").getStatus().value())
          .isEqualTo(200);
    }
  }

  @Test
  void rule22_theFeedHasATombstoneForWhatWasRetracted() throws Exception {
    try (Story story = new Story(service, "entombed")) {
      story.settle(Facts.announced("stays", "x", "Stays <&> \u0001 \uD83D\uDE00"));
      story.settle(Facts.announced("goes", "x", "Goes"));
      List<SyndEntry> before = feed(story, "").getEntries();
      assertThat(before).hasSize(2);
      String uri = before.getFirst().getUri();
      story.settle(Facts.corrected("stays", "Stays on", 1));
      story.settle(Facts.retracted("goes"));
      SyndFeed feed = feed(story, "");
      assertThat(feed.getTitle()).isEqualTo("Talks");
      assertThat(feed.getEntries()).hasSize(1);
      SyndEntry entry = feed.getEntries().getFirst();
      assertThat(entry.getContents().getFirst().getValue()).isEqualTo("Stays on");
      assertThat(entry.getUri()).isEqualTo(before.getLast().getUri());
      assertThat(entry.getAuthor()).isEqualTo("x");
      assertThat(entry.getUpdatedDate().toInstant()).isEqualTo(Recorder.recordedAt(4));
      assertThat(entry.getPublishedDate().toInstant()).isEqualTo(Recorder.recordedAt(2));
      assertThat(feed.getForeignMarkup()).hasSize(1);
      Element tombstone = feed.getForeignMarkup().getFirst();
      assertThat(tombstone.getName()).isEqualTo("deleted-entry");
      assertThat(tombstone.getNamespaceURI()).isEqualTo("http://purl.org/atompub/tombstones/1.0");
      assertThat(tombstone.getAttributeValue("ref")).isEqualTo(uri);
      assertThat(tombstone.getAttributeValue("when")).isEqualTo("2025-05-14T08:05:00Z");
      assertThat(Story.text(story.get(path(story, ATOM)))).doesNotContain("Goes");
      // It came back.
      story.settle(Facts.reinstated("goes"));
      assertThat(feed(story, "").getEntries().getFirst().getUri()).isEqualTo(uri);
    }
  }

  @Test
  void theFeedIsPagedWhatChangedLastFirst() throws Exception {
    try (Story story = new Story(service, "pages")) {
      for (int i = 0; i < 5; i++) {
        story.settle(Facts.announced("a-" + i, "x", "Text " + i));
      }
      story.settle(Facts.corrected("a-1", "Right", 1));
      SyndFeed page = feed(story, "?limit=2");
      assertThat(page.getEntries().stream().map(e -> e.getContents().getFirst().getValue()))
          .containsExactly("Right", "Text 4");
      String next =
          page.getLinks().stream()
              .filter(link -> link.getRel().equals("next"))
              .findFirst()
              .orElseThrow()
              .getHref();
      SyndFeed second = feed(story, next.substring(next.indexOf('?')));
      assertThat(second.getEntries().stream().map(e -> e.getContents().getFirst().getValue()))
          .containsExactly("Text 3", "Text 2");
    }
  }

  private static String path(Story story, String feed) {
    return "/api/negotiations/" + story.negotiation() + feed;
  }

  private static SyndFeed feed(Story story, String query) throws Exception {
    byte[] body = story.get(path(story, ATOM) + query).getResponseBodyContent();
    assertThat(body).isNotNull();
    return new SyndFeedInput()
        .build(new InputStreamReader(new ByteArrayInputStream(body), StandardCharsets.UTF_8));
  }

  private static Calendar parsed(Story story, String query) throws Exception {
    return parsed(Story.text(story.get(path(story, ICS) + query)));
  }

  private static Calendar parsed(String text) throws Exception {
    return new CalendarBuilder()
        .build(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Map<String, VEvent> events(Calendar calendar) {
    return calendar.<VEvent>getComponents(Component.VEVENT).stream()
        .collect(Collectors.toMap(event -> value(event, "UID"), event -> event));
  }

  private static String value(VEvent event, String property) {
    return event.getProperty(property).orElseThrow().getValue();
  }

  private static VEvent event(Map<String, VEvent> events, String uid) {
    return Objects.requireNonNull(events.get(uid), uid);
  }

  private static Object start(Map<String, VEvent> events, String meeting) {
    return event(events, meeting + ".all-day@parley").getDateTimeStart().orElseThrow().getDate();
  }

  private static Object end(Map<String, VEvent> events, String meeting) {
    return event(events, meeting + ".all-day@parley").getDateTimeEnd().orElseThrow().getDate();
  }
}
