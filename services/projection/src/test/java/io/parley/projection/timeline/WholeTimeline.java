package io.parley.projection.timeline;

import io.parley.schemas.Event;
import io.parley.schemas.TimelineEntry;
import io.parley.schemas.wire.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What must hold of a timeline, whatever happened to the stage; says what does not. */
final class WholeTimeline {
  private WholeTimeline() {}

  /**
   * Checks a timeline against the events that were decided.
   *
   * @param entries those of all negotiations, each one's in the order of its partition
   */
  static List<String> faults(List<TimelineEntry> entries, Collection<Event> decided) {
    List<String> faults = new ArrayList<>();
    Map<String, Head> heads = new HashMap<>();
    Set<String> tokens = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (TimelineEntry entry : entries) {
      Head head = heads.getOrDefault(entry.negotiation(), Head.START);
      Chain.verify(head, entry).ifPresent(fault -> faults.add("chain: " + fault));
      heads.put(entry.negotiation(), Head.after(entry));
      byte[] framed = new byte[entry.event().remaining()];
      entry.event().duplicate().get(framed);
      Event event = (Event) Wire.decode(framed);
      for (String seen : event.header().seen()) {
        if (!tokens.contains(seen)) {
          faults.add("cause: " + event.header().id() + " precedes " + seen);
        }
      }
      String aggregate =
          entry.service() + "/" + entry.negotiation() + "/" + entry.aggregate() + "@";
      if (entry.version() > 1 && !tokens.contains(aggregate + (entry.version() - 1))) {
        faults.add("version: " + event.header().id() + " comes early");
      }
      tokens.add(aggregate + entry.version());
      if (!ids.add(event.header().id())) {
        faults.add("twice: " + event.header().id());
      }
    }
    Set<String> expected = new TreeSet<>();
    decided.forEach(event -> expected.add(event.header().id()));
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(ids);
    ids.removeAll(expected);
    missing.forEach(id -> faults.add("missing: " + id));
    ids.forEach(id -> faults.add("unknown: " + id));
    return faults;
  }
}
