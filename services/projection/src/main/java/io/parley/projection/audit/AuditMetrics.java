package io.parley.projection.audit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * How verifications of this instance ended. Of which negotiation is in the audit trail and no
 * label.
 */
@Component
final class AuditMetrics implements MeterBinder {
  private final Map<Verdict, LongAdder> verdicts =
      Stream.of(Verdict.values())
          .collect(Collectors.toUnmodifiableMap(Function.identity(), each -> new LongAdder()));

  /** How a verification ended. */
  enum Verdict {
    VERIFIED,
    DIFFERS,
    /** Without a verdict: something was away. */
    FAILED
  }

  void ended(Verdict verdict) {
    LongAdder count = verdicts.get(verdict);
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    verdicts.forEach(
        (verdict, count) ->
            FunctionCounter.builder("parley.audit.verifications", count, LongAdder::sum)
                .description("verifications that ended, by how")
                .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
                .register(registry));
  }
}
