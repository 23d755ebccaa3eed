package io.parley.projection.log;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that another thread does while who wants it is busy with something else: one at a
 * time, so that what it works with is never in two hands. For one thread.
 *
 * @param <T> what comes of it
 */
public final class Ahead<T> {
  private @Nullable CompletableFuture<T> work;

  /** Whether a work was begun whose end nobody waited for. */
  public boolean isBegun() {
    return work != null;
  }

  /** Begins a work; the one before must have been waited for. */
  public void begin(Supplier<T> next) {
    if (work != null) {
      throw new IllegalStateException("one is under way");
    }
    // One of its own: it may wait for the broker or the database.
    work = CompletableFuture.supplyAsync(next, Thread::startVirtualThread);
  }

  /**
   * What came of the work that was begun; waits for it.
   *
   * @throws RuntimeException what it threw
   */
  public T end() {
    CompletableFuture<T> begun = work;
    if (begun == null) {
      throw new IllegalStateException("none is under way");
    }
    work = null;
    try {
      return begun.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Waits for a work that was begun, if any, however it ends. */
  public void drop() {
    CompletableFuture<T> begun = work;
    work = null;
    if (begun != null) {
      begun.handle((done, failed) -> failed == null).join();
    }
  }
}
