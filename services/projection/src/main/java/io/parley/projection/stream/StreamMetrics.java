package io.parley.projection.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** What the streams of this instance tell of themselves; labels are of a few known values. */
@Component
final class StreamMetrics implements MeterBinder {
  private final LongAdder events = new LongAdder();
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder pages = new LongAdder();
  private final LongAdder open = new LongAdder();
  private final LongAdder classes = new LongAdder();
  private final Map<Ending, LongAdder> endings = new EnumMap<>(Ending.class);
  private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);

  /** Why a stream was refused. */
  enum Refusal {
    CONNECTIONS,
    ADDRESS,
    CLASSES,
    BUDGET
  }

  StreamMetrics() {
    for (Ending each : Ending.values()) {
      endings.put(each, new LongAdder());
    }
    for (Refusal each : Refusal.values()) {
      refusals.put(each, new LongAdder());
    }
  }

  void published(int number) {
    events.add(number);
  }

  void delivered(long number) {
    deliveries.add(number);
  }

  void loadedPage() {
    pages.increment();
  }

  void opened() {
    open.increment();
  }

  void ended(Ending ending) {
    open.decrement();
    count(endings, ending);
  }

  void classes(int more) {
    classes.add(more);
  }

  void refused(Refusal refusal) {
    count(refusals, refusal);
  }

  long ended(Ending ending, long otherwise) {
    LongAdder count = endings.get(ending);
    return count == null ? otherwise : count.sum();
  }

  private static <E> void count(Map<E, LongAdder> counts, E which) {
    LongAdder count = counts.get(which);
    if (count != null) {
      count.increment();
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("parley.stream.connections", open, LongAdder::sum)
        .description("streams that are open on this instance")
        .register(registry);
    Gauge.builder("parley.stream.classes", classes, LongAdder::sum)
        .description("different sets of filters that somebody has")
        .register(registry);
    counter(registry, "parley.stream.events", events, "events published to subscribers");
    counter(registry, "parley.stream.deliveries", deliveries, "events sent, live");
    counter(registry, "parley.stream.pages", pages, "pages of older events read from the broker");
    endings.forEach(
        (ending, count) ->
            FunctionCounter.builder("parley.stream.ended", count, LongAdder::sum)
                .description("streams that ended, and why")
                .tag("reason", ending.name().toLowerCase(Locale.ROOT))
                .register(registry));
    refusals.forEach(
        (refusal, count) ->
            FunctionCounter.builder("parley.stream.refused", count, LongAdder::sum)
                .description("streams that were refused, and why")
                .tag("reason", refusal.name().toLowerCase(Locale.ROOT))
                .register(registry));
  }

  private static void counter(
      MeterRegistry registry, String name, LongAdder count, String description) {
    FunctionCounter.builder(name, count, LongAdder::sum)
        .description(description)
        .register(registry);
  }
}
