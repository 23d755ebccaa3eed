package io.parley.projection.operations;

import io.parley.journal.reading.Problem;
import io.parley.projection.projector.Rebuild;
import io.parley.projection.projector.Rebuilds;
import io.parley.projection.projector.Standing;
import io.parley.projection.projector.Standings;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The rebuild of the open read models, beside the live ones (ADR 14). */
@RestController
public final class RebuildController {
  private static final String PATH = "/api/operations/projections/records/rebuild";
  private static final Duration WAIT_AT_MOST = Duration.ofSeconds(5);
  private static final Duration ASK_EVERY = Duration.ofMillis(50);

  private final Rebuilds rebuilds;
  private final Standings standings;
  private final Trail trail;

  RebuildController(Rebuilds rebuilds, Standings standings, Trail trail) {
    this.rebuilds = rebuilds;
    this.standings = standings;
    this.trail = trail;
  }

  /**
   * A partition.
   *
   * @param position offset of the next record that the build applies
   * @param of offset of the end of the log
   */
  public record Partition(int partition, long position, long of) {}

  /**
   * A rebuild.
   *
   * @param startedBy who asked for it
   * @param reason why it failed, or why it waits
   * @param firstDifference first row that is not as it was, of whatever table
   * @param position records of which it has the rows, by offsets; null once it has ended
   * @param of where the log ends, likewise
   * @param rate entries a second, over the last minute
   * @param compared negotiations whose rows were compared
   */
  public record Progress(
      String id,
      Rebuild.State state,
      String startedBy,
      boolean acceptDifferences,
      Instant started,
      @Nullable Instant ended,
      @Nullable String reason,
      @Nullable String firstDifference,
      @Nullable Long position,
      @Nullable Long of,
      @Nullable Double rate,
      long compared,
      List<Partition> partitions) {}

  /**
   * Begins one. With `acceptDifferences=true` it is swapped in although its rows are not those of
   * the live ones, as where a view was mended.
   */
  @PostMapping(PATH)
  public Mono<ResponseEntity<Progress>> start(ServerWebExchange exchange) {
    Operator.check(exchange, "acceptDifferences");
    boolean accept = Operator.flag(exchange, "acceptDifferences");
    return rebuilds
        .current()
        .filter(last -> last.state().isActive())
        .flatMap(last -> Mono.<Rebuild>error(running()))
        .switchIfEmpty(
            Trail.act(exchange, Act.REBUILD_STARTED)
                .flatMap(
                    act -> {
                      String subject = act.subject();
                      return trail.written(act.detail("records")).thenReturn(subject);
                    })
                .flatMap(subject -> rebuilds.start(subject, accept))
                .switchIfEmpty(Mono.error(RebuildController::running)))
        .flatMap(this::progress)
        .onErrorMap(Operator::away)
        .map(
            progress ->
                Operator.answer(HttpStatus.ACCEPTED).location(URI.create(PATH)).body(progress));
  }

  /** How the last one is, or ended. */
  @GetMapping(PATH)
  public Mono<ResponseEntity<Progress>> last(ServerWebExchange exchange) {
    Operator.check(exchange);
    return rebuilds
        .current()
        .switchIfEmpty(Mono.error(RebuildController::none))
        .flatMap(this::progress)
        .onErrorMap(Operator::away)
        .map(Operator::ok);
  }

  /** Ends the one that is on its way, and takes away what it built: 202 while that goes on. */
  @DeleteMapping(PATH)
  public Mono<ResponseEntity<Progress>> cancel(ServerWebExchange exchange) {
    Operator.check(exchange);
    return rebuilds
        .current()
        .switchIfEmpty(Mono.error(RebuildController::none))
        .flatMap(
            last ->
                last.state().isActive()
                    ? Trail.act(exchange, Act.REBUILD_CANCELLED)
                        .flatMap(act -> trail.written(act.detail("rebuild " + last.id())))
                        .then(rebuilds.cancel(last.id()))
                    : Mono.just(false))
        .flatMap(ended -> ended ? cleared() : Mono.error(RebuildController::ended))
        .onErrorMap(Operator::away);
  }

  private Mono<ResponseEntity<Progress>> cleared() {
    return Flux.defer(rebuilds::isLeft)
        .repeatWhen(times -> times.delayElements(ASK_EVERY))
        .takeUntil(left -> !left)
        .take(WAIT_AT_MOST)
        .last(true)
        .flatMap(
            left ->
                rebuilds
                    .current()
                    .flatMap(this::progress)
                    .map(
                        progress ->
                            Operator.answer(left ? HttpStatus.ACCEPTED : HttpStatus.OK)
                                .body(progress)));
  }

  private Mono<Progress> progress(Rebuild rebuild) {
    if (!rebuild.state().isActive()) {
      return Mono.just(progress(rebuild, Map.of(), Map.of()));
    }
    return rebuilds
        .positions()
        .zipWith(Operator.blocking(standings::look).map(Standing::places))
        .map(both -> progress(rebuild, both.getT1(), both.getT2()));
  }

  private static Progress progress(
      Rebuild rebuild, Map<Integer, Long> positions, Map<Integer, Standing.Place> places) {
    List<Partition> partitions =
        new TreeMap<>(places)
            .entrySet().stream()
                .map(
                    each ->
                        new Partition(
                            each.getKey(),
                            positions.getOrDefault(each.getKey(), 0L),
                            each.getValue().end()))
                .toList();
    boolean active = rebuild.state().isActive();
    return new Progress(
        rebuild.id(),
        rebuild.state(),
        rebuild.subject(),
        rebuild.acceptDifferences(),
        rebuild.started(),
        rebuild.ended(),
        rebuild.reason(),
        rebuild.firstDifference(),
        active ? (Long) partitions.stream().mapToLong(Partition::position).sum() : null,
        active ? (Long) partitions.stream().mapToLong(Partition::of).sum() : null,
        rebuild.rate(),
        rebuild.compared(),
        partitions);
  }

  private static Problem running() {
    return Operator.conflict("REBUILD_RUNNING", "a rebuild is on its way: see " + PATH);
  }

  private static Problem none() {
    return Problem.notFound("REBUILD_NOT_FOUND", "nothing was ever rebuilt here");
  }

  private static Problem ended() {
    return Operator.conflict("REBUILD_ENDED", "no rebuild is on its way: the last one has ended");
  }
}
