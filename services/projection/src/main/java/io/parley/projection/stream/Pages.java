package io.parley.projection.stream;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Older events, in pages that all who replay share, bounded in bytes: those that nobody has asked
 * for the longest go first. A page begins at a multiple of {@value #RECORDS} or where the one
 * before it had to end.
 *
 * <p>Not a cache that keeps what is asked for often: a replay asks for each page once, a new page
 * would lose against those it has just been through, and would be read again and again.
 */
final class Pages {
  private static final int RECORDS = 250;
  private static final int PAGE_BYTES = 512 << 10;

  private final long mostBytes;
  private final Runnable onLoad;
  private final Map<Place, Slot> slots = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  private record Place(int partition, long from) {}

  /** Where a page is, or will be once it is read: by one, while others wait for it. */
  private static final class Slot {
    private @Nullable Page page;

    /** What it counts for; guarded by the whole. */
    private int weight;
  }

  /**
   * An empty cache.
   *
   * @param onLoad told of each page that is read from the broker
   */
  Pages(long mostBytes, Runnable onLoad) {
    this.mostBytes = mostBytes;
    this.onLoad = onLoad;
  }

  /** Another log: what is kept is of one that is gone. */
  synchronized void clear() {
    slots.clear();
    bytes = 0;
  }

  /** Where to look first for the page of an offset. */
  static long startOf(long offset) {
    return offset / RECORDS * RECORDS;
  }

  /** Whether a page was read when the log ended there: it may go on now. */
  static boolean isShort(Page page) {
    return page.next() < startOf(page.from()) + RECORDS && !page.isFull(PAGE_BYTES);
  }

  /**
   * The page that has this offset.
   *
   * @param start where a page begins, that of the offset or one before it
   * @param end how far the log is known to go, beyond the offset
   * @param mayBeWanted those that are to be encoded when the page is read
   */
  Page get(
      TimelineLogReader reader,
      int partition,
      long start,
      long offset,
      long end,
      Predicate<StreamEvent> mayBeWanted) {
    long from = start;
    while (true) {
      long whole = startOf(from) + RECORDS;
      Place place = new Place(partition, from);
      Slot slot = slot(place);
      Page page;
      synchronized (slot) {
        page = slot.page;
        if (page == null || (page.next() <= offset && isShort(page))) {
          onLoad.run();
          page = reader.page(partition, from, Math.min(whole, end), PAGE_BYTES);
          page.encode(mayBeWanted);
          slot.page = page;
          weigh(place, slot, page.weight());
        }
      }
      if (page.next() > offset) {
        return page;
      }
      from = page.next();
    }
  }

  private synchronized Slot slot(Place place) {
    return slots.computeIfAbsent(place, any -> new Slot());
  }

  private synchronized void weigh(Place place, Slot slot, int weight) {
    if (slots.get(place) != slot) {
      // It had to go while it was read.
      return;
    }
    bytes += weight - slot.weight;
    slot.weight = weight;
    Iterator<Slot> eldest = slots.values().iterator();
    while (bytes > mostBytes && eldest.hasNext()) {
      bytes -= eldest.next().weight;
      eldest.remove();
    }
  }
}
