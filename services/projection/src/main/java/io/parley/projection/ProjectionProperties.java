package io.parley.projection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the read models.
 *
 * @param schema PostgreSQL schema of the tables, named after their version: another version fills
 *     one of its own beside it (architecture 6); letters, digits and underscores
 * @param batchEvents events applied in one transaction at most, 1 to 5,000
 * @param cachedItems current items of each view kept in memory, 0 to 1,000,000; one of them takes
 *     about 1 KiB
 * @param waitAtMost how long a read waits for its {@code Parley-After} tokens, 0 s to 30 s
 * @param queryWithin how long a read waits for what it asks PostgreSQL, 1 s to 300 s
 * @param stalledAfter a partition whose position has not moved for so long, though there is
 *     something to apply, is down, 1 s to 600 s
 * @param project whether this instance writes the read models too, or only reads them
 * @param settle whether this instance settles the timeline too, or only reads it
 * @param createTables whether the tables that are missing are made; not where the service's role
 *     may define nothing: then the setup made them
 */
@ConfigurationProperties("parley.projection")
public record ProjectionProperties(
    @DefaultValue("projection_v5") String schema,
    @DefaultValue("1000") int batchEvents,
    @DefaultValue("20000") int cachedItems,
    @DefaultValue("5s") Duration waitAtMost,
    @DefaultValue("20s") Duration queryWithin,
    @DefaultValue("30s") Duration stalledAfter,
    @DefaultValue("true") boolean project,
    @DefaultValue("true") boolean settle,
    @DefaultValue("true") boolean createTables) {

  /** Refuses what is out of range. */
  public ProjectionProperties {
    require(schema.matches("[a-z][a-z0-9_]{0,40}"), "schema", schema);
    require(batchEvents >= 1 && batchEvents <= 5_000, "batch-events", batchEvents);
    require(cachedItems >= 0 && cachedItems <= 1_000_000, "cached-items", cachedItems);
    require(
        !waitAtMost.isNegative() && waitAtMost.compareTo(Duration.ofSeconds(30)) <= 0,
        "wait-at-most",
        waitAtMost);
    require(
        queryWithin.toMillis() >= 1_000 && queryWithin.toMillis() <= 300_000,
        "query-within",
        queryWithin);
    require(
        stalledAfter.toMillis() >= 1_000 && stalledAfter.toMillis() <= 600_000,
        "stalled-after",
        stalledAfter);
  }

  private static void require(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException("parley.projection." + name + " cannot be " + value);
    }
  }
}
