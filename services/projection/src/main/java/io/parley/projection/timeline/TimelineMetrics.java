package io.parley.projection.timeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the stage tells of itself: whether it settles, how far behind it is, what waits. */
final class TimelineMetrics implements MeterBinder {
  private final Supplier<TimelineStatus> status;
  private final LongSupplier lagRecords;

  TimelineMetrics(Supplier<TimelineStatus> status, LongSupplier lagRecords) {
    this.status = status;
    this.lagRecords = lagRecords;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    // The same name and label as the write services': one alert covers every stream client.
    Gauge.builder("parley.streams.up", () -> status.get().running() ? 1 : 0)
        .description("1 while the stage settles events, or would if some came")
        .tag("service", "timeline")
        .register(registry);
    Gauge.builder("parley.timeline.lag", lagRecords::getAsLong)
        .description("events in the sources that are not fetched yet")
        .register(registry);
    Gauge.builder("parley.timeline.parked", this::parked)
        .description("events that wait for their causes")
        .register(registry);
    Gauge.builder("parley.timeline.held", () -> status.get().held().size())
        .description("partitions of sources read no further, since too many events are parked")
        .register(registry);
  }

  private int parked() {
    return status.get().parked().values().stream().mapToInt(Integer::intValue).sum();
  }
}
