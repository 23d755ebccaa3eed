package io.parley.journal.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.journal.gateway.Endings;
import io.parley.journal.gateway.Endings.Ending;
import io.parley.journal.reading.Problem;
import io.parley.journal.spring.JournalMetrics.Watched;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JournalMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Endings endings = new Endings();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean late = new AtomicBoolean();

  @BeforeEach
  void watch() {
    for (String service : new String[] {"schedule", "delegation"}) {
      Endings counted = service.equals("schedule") ? endings : new Endings();
      JournalMetrics.bind(
          registry, service, new Watched(counted, pending::get, running::get, late::get));
    }
  }

  @Test
  void countsAnOutcomeOnceUnderItsServiceAndKind() {
    endings.count(open(OutcomeKind.REFUSED), null);
    endings.count(open(OutcomeKind.REFUSED), null);
    endings.count(open(OutcomeKind.FORBIDDEN), null);
    assertThat(commands("schedule", Ending.REFUSED)).isEqualTo(2);
    assertThat(commands("schedule", Ending.FORBIDDEN)).isEqualTo(1);
    assertThat(commands("delegation", Ending.REFUSED)).isZero();
    assertThat(all("schedule")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(value = OutcomeKind.class, mode = EnumSource.Mode.EXCLUDE, names = "ACCEPTED")
  void countsEveryKindThatIsNotAccepted(OutcomeKind kind) {
    endings.count(open(kind), null);
    assertThat(all("schedule")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(OutcomeKind.class)
  void rule32_countsNothingOfWhatIsRestricted(OutcomeKind kind) {
    endings.count(open(kind).aggregate("restricted-announcement:secret"), null);
    assertThat(all("schedule")).isZero();
  }

  /** It would tell, less the open events, how much is restricted. */
  @Test
  void rule32_countsNothingThatIsAccepted() {
    endings.count(open(OutcomeKind.ACCEPTED), null);
    assertThat(all("schedule")).isZero();
  }

  @Test
  void tellsWhatWasNotSentFromWhatHasNoAnswer() {
    Problem full = Problem.unavailable("QUEUE_FULL", "full", Duration.ofSeconds(1));
    endings.count(null, full);
    endings.count(null, new CompletionException(full));
    endings.count(null, new CompletionException(new TimeoutException()));
    assertThat(commands("schedule", Ending.NOT_SENT)).isEqualTo(2);
    assertThat(commands("schedule", Ending.NO_ANSWER)).isEqualTo(1);
  }

  @Test
  void showsWhatIsNow() {
    assertThat(gauge("parley.commands.pending")).isZero();
    assertThat(gauge("parley.streams.up")).isZero();
    assertThat(gauge("parley.releases.late")).isZero();
    pending.set(7);
    running.set(true);
    late.set(true);
    assertThat(gauge("parley.commands.pending")).isEqualTo(7);
    assertThat(gauge("parley.streams.up")).isEqualTo(1);
    assertThat(gauge("parley.releases.late")).isEqualTo(1);
  }

  @Test
  void hasNoLabelButServiceAndOutcome() {
    assertThat(registry.getMeters())
        .isNotEmpty()
        .extracting(Meter::getId)
        .flatExtracting(Meter.Id::getTags)
        .extracting(Tag::getKey)
        .containsOnly("service", "outcome");
  }

  private static CommandOutcome open(OutcomeKind kind) {
    return new CommandOutcome().kind(kind).aggregate("announcement:a");
  }

  private double commands(String service, Ending ending) {
    return registry
        .get("parley.commands")
        .tag("service", service)
        .tag("outcome", ending.name().toLowerCase(Locale.ROOT))
        .functionCounter()
        .count();
  }

  private double all(String service) {
    return registry.get("parley.commands").tag("service", service).functionCounters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private double gauge(String name) {
    return registry.get(name).tag("service", "schedule").gauge().value();
  }
}
