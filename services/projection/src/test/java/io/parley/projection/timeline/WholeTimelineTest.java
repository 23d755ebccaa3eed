package io.parley.projection.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The check of whole timelines can say no, for every way in which one can be wrong. */
class WholeTimelineTest {
  private final List<Event> decided =
      new Story("n").tellRandomly(new Random(3), 30).all().stream().map(Story.Told::event).toList();

  @Test
  void findsNothingInAWholeOne() {
    assertThat(WholeTimeline.faults(timeline(decided), decided)).isEmpty();
  }

  @Test
  void findsALostEvent() {
    List<TimelineEntry> shorter = timeline(decided.subList(0, 29));
    assertThat(WholeTimeline.faults(shorter, decided)).anyMatch(f -> f.startsWith("missing: "));
  }

  @Test
  void findsAnEventTwice() {
    List<Event> twice = new ArrayList<>(decided);
    twice.add(decided.getLast());
    assertThat(WholeTimeline.faults(timeline(twice), decided)).anyMatch(f -> f.startsWith("twice"));
  }

  @Test
  void findsAnEntryCopied() {
    List<TimelineEntry> copied = new ArrayList<>(timeline(decided));
    copied.add(copied.getLast());
    assertThat(WholeTimeline.faults(copied, decided)).anyMatch(f -> f.startsWith("chain: "));
  }

  @Test
  void findsASequenceThatBeginsAgain() {
    List<TimelineEntry> torn = new ArrayList<>(timeline(decided.subList(0, 15)));
    torn.addAll(timeline(decided.subList(15, 30)));
    assertThat(WholeTimeline.faults(torn, decided)).anyMatch(f -> f.startsWith("chain: "));
  }

  @Test
  void findsAnEffectBeforeItsCause() {
    List<Event> backwards = new ArrayList<>(decided);
    Collections.reverse(backwards);
    assertThat(WholeTimeline.faults(timeline(backwards), decided))
        .anyMatch(f -> f.startsWith("cause: "))
        .anyMatch(f -> f.startsWith("version: "));
  }

  private static List<TimelineEntry> timeline(List<Event> events) {
    List<TimelineEntry> entries = new ArrayList<>();
    Head head = Head.START;
    for (Event event : events) {
      TimelineEntry entry =
          Chain.next(
              head,
              new Chain.Source(Chain.service(event), 0, entries.size()),
              Wire.encode(event),
              event,
              Story.DECIDED,
              new byte[Chain.SALT_BYTES]);
      entries.add(entry);
      head = Head.after(entry);
    }
    return entries;
  }
}
