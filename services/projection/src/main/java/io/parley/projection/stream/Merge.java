package io.parley.projection.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The older events of a subscription, those of all partitions, the earliest settled first. */
final class Merge {
  private final Pages pages;
  private final Subscription subscription;
  private final Position at;
  private final @Nullable Page[] page;
  private final int[] index;

  /** Where the page begins that each partition is in, or will be next. */
  private final long[] start;

  /** Begins at a position, of which it takes a copy. */
  Merge(Pages pages, Subscription subscription, Position from) {
    this.pages = pages;
    this.subscription = subscription;
    this.at = from.copy();
    this.page = new Page[at.partitions()];
    this.index = new int[at.partitions()];
    this.start = new long[at.partitions()];
    for (int partition = 0; partition < start.length; partition++) {
      start[partition] = Pages.startOf(at.of(partition));
    }
  }

  /** What has been passed. To be copied by whoever keeps it. */
  Position at() {
    return at;
  }

  /** The next event before the target; null where all is read. It stays next until it is passed. */
  @Nullable StreamEvent next(TimelineLogReader reader, Position target) {
    StreamEvent earliest = null;
    for (int partition = 0; partition < at.partitions(); partition++) {
      if (subscription.type().scope().has(partition)) {
        StreamEvent head = head(reader, partition, target.of(partition));
        if (head != null
            && (earliest == null || head.recordedMillis() < earliest.recordedMillis())) {
          earliest = head;
        }
      }
    }
    return earliest;
  }

  void pass(StreamEvent event) {
    at.pass(event);
    index[event.partition()]++;
  }

  /** Lets go of the pages; the places where they begin are kept. */
  void rest() {
    Arrays.fill(page, null);
  }

  private @Nullable StreamEvent head(TimelineLogReader reader, int partition, long target) {
    while (at.of(partition) < target) {
      Page current = page[partition];
      if (current == null) {
        current =
            pages.get(
                reader,
                partition,
                start[partition],
                at.of(partition),
                target,
                subscription::mayWant);
        page[partition] = current;
        start[partition] = current.from();
        index[partition] = current.indexOf(at.of(partition));
      }
      if (index[partition] < current.events().size()) {
        StreamEvent head = current.events().get(index[partition]);
        if (head.offset() < target) {
          return head;
        }
        at.put(partition, target);
      } else {
        at.put(partition, Math.min(current.next(), target));
        page[partition] = null;
        start[partition] = Pages.isShort(current) ? current.from() : current.next();
      }
    }
    return null;
  }
}
