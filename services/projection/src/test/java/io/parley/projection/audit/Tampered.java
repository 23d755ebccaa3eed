package io.parley.projection.audit;

import io.parley.projection.audit.Verification.Finding;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.springframework.context.ConfigurableApplicationContext;

/** Verifies a timeline that is not the service's own. */
public final class Tampered {
  private Tampered() {}

  /** What a verification found; {@code what} is empty where that is nothing. */
  public record Found(String what, long sequence, String all) {}

  /** Verifies a negotiation against this topic. */
  public static Found verify(
      ConfigurableApplicationContext service, String negotiation, String timelineTopic) {
    return verify(service, negotiation, timelineTopic, sequence -> {});
  }

  /** The same; it waits for who is told of its progress. */
  public static Found verify(
      ConfigurableApplicationContext service,
      String negotiation,
      String timelineTopic,
      LongConsumer progress) {
    try (Verifier.Opened opened =
        service.getBean(Verifier.class).open(negotiation, timelineTopic, () -> false)) {
      Finding finding = opened.verify(Set.of(), Map.of(), progress);
      Difference first = finding.first();
      return first == null
          ? new Found("", finding.length(), finding.toString())
          : new Found(first.what(), first.sequence(), first.toString());
    }
  }
}
