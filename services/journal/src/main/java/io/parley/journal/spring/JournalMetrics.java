package io.parley.journal.spring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.parley.journal.gateway.Endings;
import io.parley.journal.gateway.Endings.Ending;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/**
 * What each write service of the process tells of itself. The only labels are the service and the
 * outcome, both fixed sets: a negotiation or a command's type as a label would tell of what is
 * restricted, and grow without bound. What is accepted is not counted, nor lines read: the open
 * record subtracted, they would tell how much is restricted, or how much was released (ADR 7).
 */
@Component
final class JournalMetrics implements MeterBinder {
  private final Journals journals;

  JournalMetrics(Journals journals) {
    this.journals = journals;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Journal journal : journals.all()) {
      bind(
          registry,
          journal.service().name(),
          new Watched(
              journal.gateway().endings(),
              journal.gateway()::pending,
              journal.streams()::isRunning,
              journal.streams()::isReleaseLate));
    }
  }

  /** What is watched of one service. */
  record Watched(
      Endings endings, IntSupplier pending, BooleanSupplier running, BooleanSupplier late) {}

  static void bind(MeterRegistry registry, String service, Watched watched) {
    for (Ending ending : Ending.values()) {
      FunctionCounter.builder("parley.commands", watched.endings, endings -> endings.ended(ending))
          .description("commands that were not accepted; one that came again counts again")
          .tag("service", service)
          .tag("outcome", ending.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("parley.commands.pending", watched.pending::getAsInt)
        .description("commands, and questions for outcomes, that wait for their answer")
        .tag("service", service)
        .register(registry);
    Gauge.builder("parley.streams.up", () -> watched.running.getAsBoolean() ? 1 : 0)
        .description("1 while commands are decided here")
        .tag("service", service)
        .register(registry);
    Gauge.builder("parley.releases.late", () -> watched.late.getAsBoolean() ? 1 : 0)
        .description("1 where something is not public a minute after it should have been")
        .tag("service", service)
        .register(registry);
  }
}
