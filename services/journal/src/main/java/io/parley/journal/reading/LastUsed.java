package io.parley.journal.reading;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map of so many entries at most: where there would be more, the one goes that was used, or put,
 * the longest ago. For what can be had again. For one thread.
 */
public final class LastUsed<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private static final float LOAD = 0.75f;

  private final int most;

  /** One that is empty. */
  public LastUsed(int most) {
    super(16, LOAD, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
