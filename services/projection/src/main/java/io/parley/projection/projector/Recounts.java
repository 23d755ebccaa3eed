package io.parley.projection.projector;

import io.parley.projection.ProjectionProperties;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes a {@link Recount} for each negotiation that is to be verified. */
@Component
public final class Recounts {
  /** It runs beside the projector, which keeps items of its own. */
  private static final int MOST_CACHED_ITEMS = 1_000;

  private final Database database;
  private final List<View<?>> views;
  private final Log log;
  private final Skips skips;
  private final int cachedItems;

  Recounts(
      Database database,
      List<View<?>> views,
      Log log,
      Skips skips,
      ProjectionProperties properties) {
    this.database = database;
    this.views = views;
    this.log = log;
    this.skips = skips;
    this.cachedItems = Math.min(properties.cachedItems(), MOST_CACHED_ITEMS);
  }

  /**
   * One that has folded nothing yet.
   *
   * @param pace how it goes about it
   */
  public Recount of(String negotiation, Pace pace) {
    return new Recount(database, views, log, skips, cachedItems, negotiation, pace);
  }
}
