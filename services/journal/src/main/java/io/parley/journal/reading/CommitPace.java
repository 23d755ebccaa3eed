package io.parley.journal.reading;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * When a stream client commits: at once what comes alone, because somebody waits for it; soon what
 * comes close behind, so that one commit has all of it; seldom while much does, because a commit
 * costs about the same for one record as for a thousand (ADR 5).
 *
 * <p>One for each client: its tasks share a thread, and commit together.
 */
public final class CommitPace {
  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration SELDOM = Duration.ofMillis(100);

  /** Records of one early commit from which on there is a load. */
  private static final int LOAD_BEGINS = 10;

  /** Records of one late commit below which there is none any more. */
  private static final int LOAD_ENDS = 50;

  private int taken;
  private boolean loaded;
  private long committedMillis;

  /** The part of one task, which asks for commits in its name. */
  public Task of(ProcessorContext<?, ?> context) {
    return new Task(context);
  }

  /** Whether nothing was committed just now, so that whoever follows closely loses little by it. */
  private boolean isAlone(long nowMillis) {
    if (loaded || nowMillis < committedMillis + SOON.toMillis()) {
      return false;
    }
    committedMillis = nowMillis;
    taken = 0;
    return true;
  }

  private boolean isDue(long nowMillis) {
    if (loaded && nowMillis < committedMillis + SELDOM.toMillis()) {
      return false;
    }
    loaded = taken >= (loaded ? LOAD_ENDS : LOAD_BEGINS);
    taken = 0;
    committedMillis = nowMillis;
    return true;
  }

  /** A task of the client. */
  public final class Task {
    private final ProcessorContext<?, ?> context;
    private @Nullable Cancellable tick;

    private Task(ProcessorContext<?, ?> context) {
      this.context = context;
    }

    /** Counts a record whose outcome somebody waits for, and sees to it that it is committed. */
    public void took() {
      taken++;
      if (tick != null) {
        return;
      }
      if (isAlone(context.currentSystemTimeMs())) {
        context.commit();
      } else {
        // No tick without a record: each one makes its task commit, whether it has to or not.
        tick = context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, this::look);
      }
    }

    private void look(long nowMillis) {
      if (tick != null && isDue(nowMillis)) {
        context.commit();
        tick.cancel();
        tick = null;
      }
    }
  }
}
