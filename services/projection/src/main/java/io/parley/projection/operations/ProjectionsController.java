package io.parley.projection.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.projector.Progress;
import io.parley.projection.projector.Rebuild;
import io.parley.projection.projector.Rebuilds;
import io.parley.projection.projector.Standing;
import io.parley.projection.projector.Standings;
import io.parley.projection.restricted.RestrictedProjector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** How far the projections are, whichever instance writes them. */
@RestController
public final class ProjectionsController {
  private final ProjectionProperties properties;
  private final Standings standings;
  private final Rebuilds rebuilds;
  private final Progress progress;
  private final RestrictedProjector restricted;

  ProjectionsController(
      ProjectionProperties properties,
      Standings standings,
      Rebuilds rebuilds,
      Progress progress,
      RestrictedProjector restricted) {
    this.properties = properties;
    this.standings = standings;
    this.rebuilds = rebuilds;
    this.progress = progress;
    this.restricted = restricted;
  }

  /** What a projection, or a partition of it, does. */
  public enum State {
    /** It applies what comes. */
    RUNNING,
    /** It is behind by more than one batch. */
    CATCHING_UP,
    /** It runs, and is built anew beside that (ADR 14). */
    REBUILDING,
    /** A view stands still in a negotiation; all else goes on (ADR 8). */
    HALTED,
    /** The database or the broker is away for this instance; it goes on by itself. */
    RETRYING,
    /** It stands before a faulty record, or does not move though there is something to apply. */
    STOPPED
  }

  /**
   * A partition of the timeline.
   *
   * @param position offset of the next record to apply
   * @param end offset of the end of the log
   * @param lag records between them
   */
  public record Partition(
      int partition, long position, long end, long lag, State state, @Nullable String reason) {}

  /**
   * A projection. Of the one of restricted things nothing is counted (rule 32).
   *
   * @param schema PostgreSQL schema of its tables, which names their version
   * @param lag records that are not applied, of all partitions
   * @param rate entries applied a second, over the last minute; null while that is not known
   * @param rebuild how far the rebuild beside it is; null where there is none
   * @param haltedViews in how many negotiations each view stands still
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Projection(
      String name,
      String schema,
      State state,
      @Nullable String reason,
      @Nullable Long lag,
      @Nullable Double rate,
      @Nullable Long halted,
      @Nullable Map<String, Long> haltedViews,
      Rebuild.@Nullable State rebuild,
      @Nullable List<Partition> partitions) {}

  /** The projections. */
  public record Projections(List<Projection> items) {}

  /** Each projection: where it is, where its log ends, and what it does. */
  @GetMapping("/api/operations/projections")
  public Mono<ResponseEntity<Projections>> projections(ServerWebExchange exchange) {
    Operator.check(exchange);
    return Mono.zip(Operator.blocking(standings::look), rebuilding(), restricted.isStopped())
        .onErrorMap(Operator::away)
        .map(
            all ->
                Operator.ok(
                    new Projections(
                        List.of(
                            records(all.getT1(), all.getT2().orElse(null)),
                            restricted(all.getT3())))));
  }

  private Mono<Optional<Rebuild.State>> rebuilding() {
    return rebuilds
        .current()
        .map(Rebuild::state)
        .filter(Rebuild.State::isActive)
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty());
  }

  private Projection records(Standing standing, Rebuild.@Nullable State rebuild) {
    List<Partition> partitions = new ArrayList<>();
    Map<Integer, Progress.Partition> own = progress.partitions();
    standing
        .places()
        .forEach(
            (partition, place) ->
                partitions.add(partition(partition, place, standing, own.get(partition))));
    State state =
        Stream.of(State.STOPPED, State.RETRYING, State.CATCHING_UP)
            .filter(each -> partitions.stream().anyMatch(one -> one.state() == each))
            .findFirst()
            .orElse(State.RUNNING);
    long halted = standing.halted().values().stream().mapToLong(Long::longValue).sum();
    boolean moves = state == State.RUNNING || state == State.CATCHING_UP;
    String reason =
        partitions.stream().map(Partition::reason).filter(r -> r != null).findFirst().orElse(null);
    if (halted > 0 && moves) {
      state = State.HALTED;
      reason = halted + " views stand still, each in a negotiation: see dead-letters";
    } else if (rebuild != null && state == State.RUNNING) {
      state = State.REBUILDING;
    }
    return new Projection(
        "records",
        properties.schema(),
        state,
        reason,
        standing.lag(),
        standing.rate(),
        halted,
        standing.halted(),
        rebuild,
        partitions);
  }

  private Partition partition(
      int partition, Standing.Place place, Standing standing, Progress.@Nullable Partition own) {
    State state = State.RUNNING;
    String reason = null;
    if (standing.stopped().containsKey(partition)) {
      state = State.STOPPED;
      reason = standing.stopped().get(partition);
    } else if (own != null && own.state() == Progress.State.RETRYING) {
      state = State.RETRYING;
      reason = own.reason();
    } else if (standing.stalled().containsKey(partition)) {
      state = State.STOPPED;
      reason = standing.stalled().get(partition);
    } else if (place.lag() > properties.batchEvents()) {
      state = State.CATCHING_UP;
    }
    return new Partition(partition, place.position(), place.end(), place.lag(), state, reason);
  }

  private Projection restricted(boolean faulty) {
    return new Projection(
        "restricted",
        properties.schema(),
        faulty ? State.STOPPED : State.RUNNING,
        faulty ? "an event cannot be applied; it is tried again by itself" : null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
