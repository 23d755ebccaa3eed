package io.parley.projection.audit;

import io.parley.projection.projector.Pace;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of audits.
 *
 * @param atOnce exports and verifications of this instance at once, 1 to 100; more are 429
 * @param settleWithin how long an event may take from its service's topic to the timeline and the
 *     read models before a verification says that it is not there, 1 s to 60 s
 * @param share percent of the time in which a verification works, 1 to 100, above 50 on all
 *     processors; the rest is the readers'
 * @param stalledAfter time in which the client of an export must take some bytes, or is
 *     disconnected, 1 s to 600 s
 * @param spoolDirectory where exports are kept until they are handed out, without a name
 * @param spooledBytes bytes of one export there, 1,048,576 to 1,099,511,627,776; a larger one is
 *     507
 */
@ConfigurationProperties("parley.audit")
public record AuditProperties(
    @DefaultValue("2") int atOnce,
    @DefaultValue("10s") Duration settleWithin,
    @DefaultValue("50") int share,
    @DefaultValue("60s") Duration stalledAfter,
    @DefaultValue(".data/exports") Path spoolDirectory,
    @DefaultValue("17179869184") long spooledBytes) {

  /** Refuses what is out of range. */
  public AuditProperties {
    require(atOnce >= 1 && atOnce <= 100, "at-once", atOnce);
    require(
        settleWithin.toMillis() >= 1_000 && settleWithin.toMillis() <= 60_000,
        "settle-within",
        settleWithin);
    require(
        stalledAfter.toMillis() >= 1_000 && stalledAfter.toMillis() <= 600_000,
        "stalled-after",
        stalledAfter);
    require(spooledBytes >= 1 << 20 && spooledBytes <= 1L << 40, "spooled-bytes", spooledBytes);
    require(share >= 1 && share <= 100, "share", share);
  }

  /** How a verification goes about it. */
  Pace pace() {
    return share > 50 ? Pace.FAST : Pace.BESIDE;
  }

  private static void require(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException("parley.audit." + name + " cannot be " + value);
    }
  }
}
