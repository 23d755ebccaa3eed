package io.parley.projection.stream;

import java.util.List;
import java.util.function.Predicate;

/**
 * Some consecutive events of a partition.
 *
 * @param from offset at which it begins
 * @param next offset at which the next one begins; between two events there may be none
 */
record Page(int partition, long from, long next, List<StreamEvent> events) {
  /** Encodes those that may be wanted, on all processors: what is left to be done is to copy. */
  void encode(Predicate<StreamEvent> mayBeWanted) {
    events.parallelStream().filter(mayBeWanted).forEach(StreamEvent::content);
  }

  /** What it takes in memory once all is encoded, about. */
  int weight() {
    int weight = StreamEvent.OVERHEAD_BYTES;
    for (StreamEvent event : events) {
      weight += event.weight();
    }
    return weight;
  }

  /** Whether it ended for want of room, and not of records. */
  boolean isFull(int mostBytes) {
    long bytes = 0;
    for (StreamEvent event : events) {
      bytes += event.bytes();
    }
    return bytes >= mostBytes;
  }

  /** Where the first event is that has this offset or a later one. */
  int indexOf(long offset) {
    int low = 0;
    int high = events.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (events.get(middle).offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
