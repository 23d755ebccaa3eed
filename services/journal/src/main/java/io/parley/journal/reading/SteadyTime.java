package io.parley.journal.reading;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Time;

/**
 * The time that Kafka Streams goes by: milliseconds since the epoch that never go back. Where the
 * clock of the host is set back, it goes on at the pace of {@link System#nanoTime}; where it is set
 * ahead, it follows. Streams commits and punctuates when its time has come by this clock: by the
 * host's own, everything would stand still for as long as that was set back (ADR 7). Nothing on
 * record is dated by it.
 */
public final class SteadyTime implements Time {
  private final LongSupplier wallMillis;
  private final LongSupplier nanos;
  private long lastMillis;
  private long lastNanos;

  /** Of this host. */
  public SteadyTime() {
    this(System::currentTimeMillis, System::nanoTime);
  }

  /**
   * Of other clocks.
   *
   * @param wallMillis milliseconds since the epoch, which may go back
   * @param nanos time that goes by, as {@link System#nanoTime} tells it
   */
  public SteadyTime(LongSupplier wallMillis, LongSupplier nanos) {
    this.wallMillis = wallMillis;
    this.nanos = nanos;
    this.lastMillis = wallMillis.getAsLong();
    this.lastNanos = nanos.getAsLong();
  }

  @Override
  public synchronized long milliseconds() {
    long now = nanos.getAsLong();
    long went = TimeUnit.NANOSECONDS.toMillis(now - lastNanos);
    long wall = wallMillis.getAsLong();
    if (wall > lastMillis + went) {
      lastMillis = wall;
      lastNanos = now;
    } else {
      // Whole milliseconds alone: the rest is counted next time.
      lastMillis += went;
      lastNanos += TimeUnit.MILLISECONDS.toNanos(went);
    }
    return lastMillis;
  }

  @Override
  public long nanoseconds() {
    return nanos.getAsLong();
  }

  @Override
  public void sleep(long millis) {
    Time.SYSTEM.sleep(millis);
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMillis)
      throws InterruptedException {
    synchronized (object) {
      while (!condition.get()) {
        long left = deadlineMillis - milliseconds();
        if (left <= 0) {
          throw new TimeoutException("the condition was not met in time");
        }
        object.wait(left);
      }
    }
  }
}
