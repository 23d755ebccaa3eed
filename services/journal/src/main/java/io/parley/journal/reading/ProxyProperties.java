package io.parley.journal.reading;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What stands between a service and its clients.
 *
 * @param trusted proxies of ours that every request comes through, 0 to 10. The address and the
 *     scheme that the outermost of them saw are the client's; what stands before these in {@code
 *     X-Forwarded-For} and {@code X-Forwarded-Proto} anybody may have written
 */
@ConfigurationProperties("parley.proxies")
public record ProxyProperties(@DefaultValue("0") int trusted) {
  /** Refuses what is out of range. */
  public ProxyProperties {
    if (trusted < 0 || trusted > 10) {
      throw new IllegalArgumentException("parley.proxies.trusted cannot be " + trusted);
    }
  }
}
