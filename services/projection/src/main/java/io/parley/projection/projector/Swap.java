package io.parley.projection.projector;

import io.parley.projection.projector.Rebuild.State;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Puts a build in the place of the live tables, by renaming their schemas in one transaction (ADR
 * 14), and takes away what is left. What defines something is done by functions of the database,
 * since the service's role may define nothing (ADR 17).
 */
final class Swap {
  private static final Logger LOG = LoggerFactory.getLogger(Swap.class);

  private final Database live;
  private final Database next;
  private final String old;
  private final Rebuilds rebuilds;

  Swap(Database live, Rebuilds rebuilds) {
    this.live = live;
    this.next = rebuilds.next();
    this.old = live.schema() + "_old";
    this.rebuilds = rebuilds;
  }

  /** How an attempt ended. */
  enum Ended {
    SWAPPED,
    /** The live tables are ahead, or are read just now: catch up and try again. */
    NOT_YET,
    /** It is to go on no more. */
    ENDED
  }

  /**
   * Swaps, where the build has all that the live tables have.
   *
   * @param touched negotiations that are to be compared once more, with nothing moving
   * @param comparison compares them; null: differences are accepted
   * @throws Differs where one is found
   */
  Ended attempt(String id, Collection<String> touched, @Nullable Comparison comparison) {
    Ended[] ended = {Ended.NOT_YET};
    try {
      live.transaction(
              connection ->
                  // Whoever waits for these waits no longer than this.
                  live.script(
                          connection,
                          "set local lock_timeout = '500ms'; select"
                              + " pg_advisory_xact_lock(hashtext('parley "
                              + live.schema()
                              + "'))")
                      .then(rebuilds.hold(connection, id))
                      .flatMap(
                          held -> {
                            ended[0] = held ? Ended.NOT_YET : Ended.ENDED;
                            return held ? isAhead(connection) : Mono.just(false);
                          })
                      .flatMap(
                          ahead ->
                              ahead
                                  ? compare(connection, touched, comparison)
                                      .then(rename(connection))
                                      .then(rebuilds.end(connection, id, State.SWAPPED))
                                      .thenReturn(true)
                                  : Mono.just(false))
                      .doOnNext(
                          done -> {
                            if (done) {
                              ended[0] = Ended.SWAPPED;
                            }
                          }))
          .block();
    } catch (R2dbcException e) {
      // 55P03: a lock is not to be had in time; 40P01: a deadlock, which this side gives way in.
      if (!List.of("55P03", "40P01").contains(String.valueOf(e.getSqlState()))) {
        throw e;
      }
      LOG.info("the tables are in use just now: {}", e.getMessage());
      return Ended.NOT_YET;
    }
    return ended[0];
  }

  /** Nobody moves a position from here on; readers are not held up. */
  private Mono<Boolean> isAhead(Connection connection) {
    return live.script(
            connection,
            "lock table %1$s.positions, %2$s.positions, %1$s.retries in exclusive mode"
                .formatted(live.schema(), next.schema()))
        .then(
            live.query(
                    connection,
                    "select count(*) = 0 from {schema}.positions o left join "
                        + next.schema()
                        + ".positions n on n.partition = o.partition"
                        + " where o.position > coalesce(n.position, 0)",
                    row -> row.get(0, Boolean.class),
                    List.of())
                .single());
  }

  private static Mono<Void> compare(
      Connection connection, Collection<String> touched, @Nullable Comparison comparison) {
    if (comparison == null) {
      return Mono.empty();
    }
    Set<String> unequal = new HashSet<>();
    return comparison
        .on(connection, touched, unequal)
        .switchIfEmpty(Mono.defer(() -> comparison.lacking(connection, touched)))
        .flatMap(difference -> Mono.error(new Differs(difference)));
  }

  private Mono<Void> rename(Connection connection) {
    return live.script(
        connection, "select parley.%1$s_swap(); notify %1$s".formatted(live.schema()));
  }

  /** Rows are not what they were. */
  static final class Differs extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Differs(String difference) {
      super(difference, null, false, false);
    }

    String difference() {
      return Objects.requireNonNull(getMessage());
    }
  }

  /** Whether the tables that are built are of this rebuild. */
  boolean isBegun(String id) {
    return Boolean.TRUE.equals(
        live.query(
                "select count(*) > 0 from pg_namespace where nspname = $1"
                    + " and obj_description(oid, 'pg_namespace') = $2",
                row -> row.get(0, Boolean.class),
                List.of(next.schema(), comment(id)))
            .blockLast());
  }

  /** Makes the tables that are built, and notes that they are of this rebuild. */
  void begin(String id) {
    run("select parley.%s_begin('%s')".formatted(live.schema(), comment(id)));
  }

  private static String comment(String id) {
    return "rebuild " + id;
  }

  /** Whether anything of a rebuild is left that is none of one on its way. */
  boolean isLeft(boolean active) {
    return Boolean.TRUE.equals(
        live.query(
                "select count(*) > 0 from pg_namespace where nspname = $1 or nspname = $2",
                row -> row.get(0, Boolean.class),
                List.of(old, active ? old : next.schema()))
            .blockLast());
  }

  /** Takes away what was built; false where that is still read. */
  boolean dropNext() {
    return drop(next.schema());
  }

  /** Takes away what was live before; false where that is still read. */
  boolean dropOld() {
    return drop(old);
  }

  /** What still reads them is not held up: this gives way, and is tried again. */
  private boolean drop(String schema) {
    try {
      run(
          "set local lock_timeout = '200ms'; select parley.%s_drop('%s')"
              .formatted(live.schema(), schema));
      return true;
    } catch (R2dbcException e) {
      LOG.info("{} is still read, it is dropped later: {}", schema, e.getMessage());
      return false;
    }
  }

  private void run(String script) {
    live.transaction(connection -> live.script(connection, script).thenReturn(true)).block();
  }
}
