package io.parley.projection.projector;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.parley.projection.projector.Progress.Partition;
import io.parley.projection.projector.Progress.State;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * How far the projection of this instance is, over all its partitions: health and operations tell
 * them apart, a thousand partitions as labels would not pay.
 */
@Component
final class ProjectionMetrics implements MeterBinder {
  private final Progress progress;
  private final List<String> views;

  ProjectionMetrics(Progress progress, List<View<?>> views) {
    this.progress = progress;
    this.views = views.stream().map(View::table).toList();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("parley.projection.position", progress, ProjectionMetrics::position)
        .description("sum of the positions of this instance's partitions; its rate is records/s")
        .register(registry);
    Gauge.builder("parley.projection.lag", progress, ProjectionMetrics::lag)
        .description("records of this instance's partitions not applied; NaN where not known")
        .register(registry);
    Gauge.builder("parley.projection.up", progress, ProjectionMetrics::up)
        .description("1 while every partition of this instance is applied by every view")
        .register(registry);
    for (State state : State.values()) {
      Gauge.builder("parley.projection.partitions", progress, each -> count(each, state))
          .description("partitions of this instance by what the projection does with them")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    for (String view : views) {
      Gauge.builder("parley.projection.halted", progress, each -> halted(each, view))
          .description("negotiations of this instance's partitions in which a view stands still")
          .tag("view", view)
          .register(registry);
    }
  }

  private static double halted(Progress progress, String view) {
    return progress.haltedViews().getOrDefault(view, 0L);
  }

  private static double position(Progress progress) {
    return progress.partitions().values().stream().mapToLong(Partition::position).sum();
  }

  /** Not 0 where it is not known: a projection that stands still would look as if it kept up. */
  private static double lag(Progress progress) {
    if (progress.failure() != null) {
      return Double.NaN;
    }
    double sum = 0;
    for (Partition partition : progress.partitions().values()) {
      Long lag = partition.lag();
      if (lag == null) {
        return Double.NaN;
      }
      sum += lag;
    }
    return sum;
  }

  private static double up(Progress progress) {
    return progress.runs() && progress.haltedViews().isEmpty() ? 1 : 0;
  }

  private static double count(Progress progress, State state) {
    return progress.partitions().values().stream().filter(each -> each.state() == state).count();
  }
}
