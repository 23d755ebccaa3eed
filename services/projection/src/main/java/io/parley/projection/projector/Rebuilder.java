package io.parley.projection.projector;

import io.parley.journal.reading.ParleyProperties;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.projector.Rebuild.State;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Builds the read models anew beside the live ones where an operator asks for it, and puts them in
 * their place (ADR 14). One instance at a time does; where it dies, another goes on with what it
 * wrote. One thread.
 */
@Component
public final class Rebuilder implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuilder.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration SHORTLY = Duration.ofMillis(20);

  /** Most negotiations that are compared while nobody may write. */
  private static final int MOST_TOUCHED = 100;

  /** A difference is one only where it is there still when this was looked at again so often. */
  private static final int SEEN_AGAIN = 3;

  private final Database live;
  private final Rebuilds rebuilds;
  private final Swap swap;
  private final Build.Parts parts;
  private final Witness witness;
  private final boolean projects;
  private volatile CountDownLatch ending = new CountDownLatch(0);
  private @Nullable Thread thread;

  /** Who is told, for ever, before a build takes the place of the live tables. */
  public interface Witness {
    /** Fails where it cannot be told: then nothing is swapped. */
    void swapping(Rebuild rebuild);
  }

  Rebuilder(
      Database live,
      Store store,
      Rebuilds rebuilds,
      List<View<?>> views,
      Log log,
      Skips skips,
      Clients clients,
      ParleyProperties parley,
      ProjectionProperties properties,
      Witness witness) {
    this.live = live;
    this.rebuilds = rebuilds;
    this.swap = new Swap(live, rebuilds);
    this.parts =
        new Build.Parts(
            live,
            store,
            List.copyOf(views),
            log,
            skips,
            clients,
            properties.batchEvents(),
            properties.cachedItems(),
            parley.kafka().partitions());
    this.witness = witness;
    this.projects = properties.project();
  }

  @Override
  public boolean isAutoStartup() {
    return projects;
  }

  @Override
  public synchronized void start() {
    ending = new CountDownLatch(1);
    thread = Thread.ofPlatform().name("rebuilder").start(this::run);
  }

  @Override
  public synchronized void stop() {
    ending.countDown();
    Thread ran = thread;
    thread = null;
    if (ran != null) {
      try {
        ran.join(Duration.ofSeconds(20));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return thread != null;
  }

  private boolean ending() {
    return ending.getCount() == 0;
  }

  private void pause(Duration time) {
    try {
      ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!ending()) {
      try {
        turn();
      } catch (RuntimeException e) {
        // The tables may not be there yet, or the database or the broker be away.
        LOG.debug("a rebuild cannot go on just now", e);
      }
      pause(LOOK_EVERY);
    }
  }

  /** Looks whether there is anything to do, and does it. */
  private void turn() {
    Rebuild rebuild = rebuilds.current().block();
    boolean active = rebuild != null && rebuild.state().isActive();
    if (!active && !swap.isLeft(false)) {
      return;
    }
    try (SessionLock lock = SessionLock.tryTake(live, "parley rebuild " + live.schema())) {
      if (lock == null) {
        return;
      }
      // Again: whoever had the lock may have ended it.
      rebuild = rebuilds.current().block();
      if (rebuild == null || !rebuild.state().isActive()) {
        cleared();
        return;
      }
      try {
        build(rebuild, lock);
      } catch (RuntimeException e) {
        if (!ending()) {
          LOG.warn("a rebuild cannot go on just now, it will be tried again", e);
          tell(rebuild, rebuild.state(), "tried again: " + Halt.reason(e), null, 0);
        }
        throw e;
      }
    }
  }

  private void cleared() {
    boolean all = swap.dropNext() && swap.dropOld();
    LOG.debug("what was left is gone: {}", all);
  }

  private void build(Rebuild rebuild, SessionLock lock) {
    if (!swap.dropOld()) {
      return;
    }
    if (!swap.isBegun(rebuild.id())) {
      if (!swap.dropNext()) {
        return;
      }
      swap.begin(rebuild.id());
    }
    LOG.info("rebuild {}: the tables are filled", rebuild.id());
    try (Build build = new Build(parts, rebuilds.next())) {
      new Course(rebuild, lock, build).go();
    }
  }

  private boolean tell(
      Rebuild rebuild, State state, @Nullable String reason, @Nullable Double rate, long compared) {
    return Boolean.TRUE.equals(rebuilds.tell(rebuild.id(), state, reason, rate, compared).block());
  }

  /** One build, as far as this instance brings it. */
  private final class Course {
    private final Rebuild rebuild;
    private final SessionLock lock;
    private final Build build;
    private final Comparison comparison;
    private State state = State.BUILDING;
    private @Nullable String reason;
    private long toldAt;
    private boolean over;

    /** Compared as a whole: from then on only what is touched. */
    private boolean compared;

    private boolean differs;
    private boolean witnessed;
    private int seenAgain;

    Course(Rebuild rebuild, SessionLock lock, Build build) {
      this.rebuild = rebuild;
      this.lock = lock;
      this.build = build;
      this.comparison = new Comparison(live, rebuilds.next(), parts.views(), parts.log());
    }

    void go() {
      while (goesOn()) {
        build.step();
        String hopeless = build.hopeless();
        if (hopeless != null) {
          fail(hopeless);
        } else if (build.isGivingWay()) {
          pause(SHORTLY);
        } else if (build.behind() == 0) {
          caughtUp();
        } else if (state == State.BUILDING && build.behind() <= parts.batchEvents()) {
          now(State.CATCHING_UP);
        } else if (state == State.COMPARING) {
          now(State.CATCHING_UP);
        }
      }
      if (over) {
        cleared();
      }
    }

    /** Tells how it is, now and then, and hears whether it is to go on. */
    private boolean goesOn() {
      if (!over && System.nanoTime() - toldAt > LOOK_EVERY.toNanos()) {
        lock.check();
        tellNow();
      }
      return !over && !ending();
    }

    private void now(State next) {
      if (state != next) {
        state = next;
        tellNow();
      }
    }

    private void tellNow() {
      toldAt = System.nanoTime();
      over |= !tell(rebuild, state, reason, build.rate(), comparison.compared());
    }

    private void fail(String why) {
      LOG.error("rebuild {} fails: {}", rebuild.id(), why);
      rebuilds.fail(rebuild.id(), why).block();
      over = true;
    }

    /** It has what the live tables had a moment ago. */
    private void caughtUp() {
      build.lookAgain();
      if (build.behind() > 0) {
        return;
      }
      build.mend();
      if (!differs && !compare()) {
        return;
      }
      if (build.touched().size() <= MOST_TOUCHED || differs) {
        swap();
      }
    }

    /** Whether all is compared, or was accepted as it is. */
    private boolean compare() {
      now(State.COMPARING);
      Set<String> unequal = new HashSet<>();
      Optional<String> difference;
      if (compared && build.touched().size() <= MOST_TOUCHED) {
        return true;
      }
      Set<String> taken = build.untouch();
      if (compared) {
        difference = comparison.some(taken, unequal);
      } else {
        difference = comparison.all(unequal, this::goesOn);
        if (!goesOn()) {
          return false;
        }
      }
      if (difference.isPresent()) {
        // A view may just be tried again in the live tables: seen once is not yet a difference.
        build.touched().addAll(taken);
        return different(difference.get());
      }
      compared = true;
      seenAgain = 0;
      build.touched().addAll(unequal);
      return true;
    }

    private boolean different(String difference) {
      if (++seenAgain < SEEN_AGAIN && !rebuild.acceptDifferences()) {
        pause(LOOK_EVERY);
        return false;
      }
      LOG.warn("rebuild {}: {}", rebuild.id(), difference);
      rebuilds.differs(rebuild.id(), difference).block();
      if (!rebuild.acceptDifferences()) {
        fail("the rows are not those of the live tables, which stay: " + difference);
        return false;
      }
      differs = true;
      return true;
    }

    private void swap() {
      if (!witnessed) {
        try {
          witness.swapping(rebuild);
          witnessed = true;
          reason = null;
        } catch (RuntimeException e) {
          LOG.warn("nothing is swapped before the audit trail says so", e);
          reason = "the audit trail cannot be written: " + Halt.reason(e);
          pause(LOOK_EVERY);
          return;
        }
      }
      try {
        Swap.Ended ended = swap.attempt(rebuild.id(), build.touched(), differs ? null : comparison);
        if (ended != Swap.Ended.NOT_YET) {
          LOG.info("rebuild {}: {}", rebuild.id(), ended);
          live.build(parts.liveStore().build());
          over = true;
        }
      } catch (Swap.Differs e) {
        different(e.difference());
      }
    }
  }
}
