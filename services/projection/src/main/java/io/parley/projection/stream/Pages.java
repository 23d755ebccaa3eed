package io.parley.projection.stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Older events, in pages that all who replay share, bounded in bytes. A page begins at a multiple
 * of {@value #RECORDS} or where the one before it had to end.
 */
final class Pages {
  private static final int RECORDS = 500;
  private static final int PAGE_BYTES = 512 << 10;

  private final Cache<Place, Page> pages;
  private final Runnable onLoad;

  private record Place(int partition, long from) {}

  /**
   * An empty cache.
   *
   * @param onLoad told of each page that is read from the broker
   */
  Pages(long mostBytes, Runnable onLoad) {
    this.onLoad = onLoad;
    pages =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((Place place, Page page) -> page.weight())
            .build();
  }

  /** Another log: what is kept is of one that is gone. */
  void clear() {
    pages.invalidateAll();
  }

  /**
   * The page that has this offset.
   *
   * @param end how far the log is known to go, beyond the offset
   */
  Page get(TimelineLogReader reader, int partition, long offset, long end) {
    long from = offset / RECORDS * RECORDS;
    long whole = from + RECORDS;
    while (true) {
      Place place = new Place(partition, from);
      long start = from;
      Page page = pages.get(place, any -> load(reader, partition, start, Math.min(whole, end)));
      if (page.next() <= offset && page.next() < whole && isShort(page)) {
        // Read when the log ended there: it goes on now.
        page =
            pages
                .asMap()
                .compute(
                    place,
                    (any, kept) ->
                        kept == null || kept.next() <= offset
                            ? load(reader, partition, start, Math.min(whole, end))
                            : kept);
      }
      if (page.next() > offset) {
        return page;
      }
      from = page.next();
    }
  }

  /** Whether it ended for want of records, and not of room. */
  private static boolean isShort(Page page) {
    long bytes = 0;
    for (StreamEvent event : page.events()) {
      bytes += event.bytes();
    }
    return bytes < PAGE_BYTES;
  }

  private Page load(TimelineLogReader reader, int partition, long from, long to) {
    onLoad.run();
    return reader.page(partition, from, to, PAGE_BYTES);
  }
}
