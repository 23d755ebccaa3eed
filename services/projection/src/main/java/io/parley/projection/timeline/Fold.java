package io.parley.projection.timeline;

import io.parley.schemas.TimelineEntry;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What the stage's stores hold, folded in memory from a timeline's partition. */
final class Fold {
  private final Map<String, Head> heads = new HashMap<>();
  private final Map<String, Long> longs = new HashMap<>();
  private long position;

  /** Adds the entry at an offset of the partition. */
  void add(long offset, TimelineEntry entry) {
    Head head = heads.getOrDefault(entry.negotiation(), Head.START);
    Chain.verify(head, entry)
        .ifPresent(
            difference -> {
              throw new CorruptLogException(
                  "timeline of " + entry.negotiation() + ", offset " + offset + ": " + difference);
            });
    heads.put(entry.negotiation(), Head.after(entry));
    longs.put(
        Settled.aggregateKey(entry.service(), entry.negotiation(), entry.aggregate()),
        entry.version());
    longs.put(Settled.sourceKey(entry.service(), entry.negotiation()), entry.sourceOffset());
    position = offset + 1;
  }

  /** Offset from which on nothing is folded yet. */
  long position() {
    return position;
  }

  Map<String, Head> heads() {
    return Collections.unmodifiableMap(heads);
  }

  /** Versions and source offsets, under the keys of {@link Settled}. */
  Map<String, Long> longs() {
    return Collections.unmodifiableMap(longs);
  }

  long sourceOffset(String service, String negotiation) {
    return longs.getOrDefault(Settled.sourceKey(service, negotiation), -1L);
  }
}
