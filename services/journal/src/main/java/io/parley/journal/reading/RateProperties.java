package io.parley.journal.reading;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often one client may ask. More are 429 with the time to wait; a client that has spent nothing
 * for a window has all of it again.
 *
 * @param window time in which a spent budget is whole again, 1 s to 3,600 s
 * @param commandsBySubject requests that record, of one subject, in a window, 0 to 100,000,000; 0:
 *     any number. A stream of commands is one request: it goes at the pace of its answers
 * @param commandsByAddress the same of one address, 0 to 100,000,000; of IPv6 its first 64 bits are
 *     the address
 * @param readsBySubject all other requests, of one subject, 0 to 100,000,000
 * @param readsByAddress the same of one address, 0 to 100,000,000
 * @param clients subjects and addresses that are remembered, 1,000 to 10,000,000; each takes about
 *     200 bytes
 */
@ConfigurationProperties("parley.rates")
public record RateProperties(
    @DefaultValue("10s") Duration window,
    @DefaultValue("50000") int commandsBySubject,
    @DefaultValue("50000") int commandsByAddress,
    @DefaultValue("50000") int readsBySubject,
    @DefaultValue("50000") int readsByAddress,
    @DefaultValue("100000") int clients) {

  private static final int REQUESTS_AT_MOST = 100_000_000;

  /** Refuses what is out of range. */
  public RateProperties {
    require(window.toMillis() >= 1_000 && window.toMillis() <= 3_600_000, "window", window);
    requireBudget(commandsBySubject, "commands-by-subject");
    requireBudget(commandsByAddress, "commands-by-address");
    requireBudget(readsBySubject, "reads-by-subject");
    requireBudget(readsByAddress, "reads-by-address");
    require(clients >= 1_000 && clients <= 10_000_000, "clients", clients);
  }

  private static void requireBudget(int requests, String name) {
    require(requests >= 0 && requests <= REQUESTS_AT_MOST, name, requests);
  }

  private static void require(boolean inRange, String name, Object value) {
    if (!inRange) {
      throw new IllegalArgumentException("parley.rates." + name + " cannot be " + value);
    }
  }
}
