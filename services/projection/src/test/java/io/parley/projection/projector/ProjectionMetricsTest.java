package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.projection.schedule.MeetingView;
import io.parley.projection.schedule.RoundView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectionMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Progress progress = new Progress();

  @BeforeEach
  void bind() {
    new ProjectionMetrics(progress, List.of(new RoundView(), new MeetingView())).bindTo(registry);
    progress.running(0, 100, 3L);
    progress.running(1, 50, 4L);
  }

  @Test
  void sumsOverThePartitions() {
    assertThat(gauge("position")).isEqualTo(150);
    assertThat(gauge("lag")).isEqualTo(7);
    assertThat(gauge("up")).isEqualTo(1);
    assertThat(partitions("running")).isEqualTo(2);
  }

  @Test
  void doesNotLookWellWhereAPartitionStopped() {
    progress.stopped(1, 50, "a faulty event");
    assertThat(gauge("up")).isZero();
    assertThat(gauge("lag")).isNaN();
    assertThat(partitions("running")).isEqualTo(1);
    assertThat(partitions("stopped")).isEqualTo(1);
  }

  @Test
  void doesNotLookWellWhereTheDatabaseIsAway() {
    progress.retrying(List.of(0), "no connection");
    assertThat(gauge("up")).isZero();
    assertThat(partitions("retrying")).isEqualTo(1);
    progress.running(0, 100, 3L);
    assertThat(gauge("up")).isEqualTo(1);
    progress.failed("nothing runs");
    assertThat(gauge("up")).isZero();
    assertThat(gauge("lag")).isNaN();
  }

  @Test
  void countsPerViewInHowManyNegotiationsItStandsStill() {
    progress.halted(new HaltedTable.Overview(Map.of("meetings", 2L), List.of()));
    assertThat(halted("meetings")).isEqualTo(2);
    assertThat(halted("rounds")).isZero();
    assertThat(gauge("up")).isZero();
    // The partitions go on.
    assertThat(partitions("running")).isEqualTo(2);
    assertThat(gauge("lag")).isEqualTo(7);
    progress.halted(HaltedTable.Overview.NONE);
    assertThat(halted("meetings")).isZero();
    assertThat(gauge("up")).isEqualTo(1);
  }

  @Test
  void forgetsWhatAnotherInstanceTookOver() {
    progress.revoked(List.of(0));
    assertThat(gauge("position")).isEqualTo(50);
    assertThat(gauge("lag")).isEqualTo(4);
  }

  private double gauge(String name) {
    return registry.get("parley.projection." + name).gauge().value();
  }

  private double halted(String view) {
    return registry.get("parley.projection.halted").tag("view", view).gauge().value();
  }

  private double partitions(String state) {
    return registry.get("parley.projection.partitions").tag("state", state).gauge().value();
  }
}
