package io.parley.projection.stream;

import java.util.List;

/**
 * Some consecutive events of a partition.
 *
 * @param from offset at which it begins
 * @param next offset at which the next one begins; between two events there may be none
 */
record Page(int partition, long from, long next, List<StreamEvent> events) {
  /** What it takes in memory once all is encoded, about. */
  int weight() {
    int weight = StreamEvent.OVERHEAD_BYTES;
    for (StreamEvent event : events) {
      weight += event.weight();
    }
    return weight;
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
