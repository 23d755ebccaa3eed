package io.parley.journal.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What falls due, in order: an index beside the states, in the same store, so that nobody looks
 * through all states for it. Its keys begin with a character that no negotiation's name has.
 */
final class Due {
  private static final String INDEX = "!";
  private static final String AFTER_INDEX = "\"";
  private static final int DIGITS = 15;
  private static final byte[] NOTHING = new byte[0];

  /** What one tick releases at most: all of it is one transaction. */
  private static final int AT_ONCE = 500;

  private final KeyValueStore<String, byte[]> store;

  Due(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** An aggregate that falls due. */
  record Item(String negotiation, String aggregate) {}

  /** An aggregate, by its key in the store, falls due at another time than before. */
  void move(String key, @Nullable Instant before, @Nullable Instant now) {
    if (before != null) {
      store.delete(index(millis(before), key));
    }
    if (now != null) {
      store.put(index(millis(now), key), NOTHING);
    }
  }

  /** When the next falls due, in milliseconds since the epoch. */
  OptionalLong next() {
    try (KeyValueIterator<String, byte[]> all = store.range(INDEX, AFTER_INDEX)) {
      return all.hasNext()
          ? OptionalLong.of(Long.parseLong(all.next().key.substring(1, 1 + DIGITS)))
          : OptionalLong.empty();
    }
  }

  /** What is due at a time, in milliseconds since the epoch, the oldest first; so many at most. */
  List<Item> at(long millis) {
    List<Item> items = new ArrayList<>();
    if (millis < 0) {
      return items;
    }
    try (KeyValueIterator<String, byte[]> due = store.range(INDEX, index(millis + 1, ""))) {
      while (due.hasNext() && items.size() < AT_ONCE) {
        String[] key = due.next().key.substring(1 + DIGITS + 1).split("/", 3);
        items.add(new Item(key[0], key[2]));
      }
    }
    return items;
  }

  private static String index(long millis, String key) {
    return INDEX + ("%0" + DIGITS + "d").formatted(millis) + "/" + key;
  }

  /** The first whole millisecond that is not before it: never early. */
  private static long millis(Instant instant) {
    return Math.max(0, instant.plus(Duration.ofNanos(999_999)).toEpochMilli());
  }
}
