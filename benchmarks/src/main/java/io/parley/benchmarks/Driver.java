package io.parley.benchmarks;

import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Puts the same load on every subject. */
final class Driver {
  private final AtomicLong numbers = new AtomicLong();

  /** The first thing that went wrong, for the report. */
  private final AtomicReference<Exception> fault = new AtomicReference<>();

  private final AtomicLong faults = new AtomicLong();

  /**
   * Latency at a fixed schedule (open loop): the time counts from when a command should have been
   * sent, so that a stall shows in all the commands that it delayed.
   */
  Latency latency(Subject subject, int aSecond, int seconds) {
    int count = aSecond * seconds;
    long[] nanos = new long[count];
    long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long due = begin + TimeUnit.SECONDS.toNanos(1) * i / aSecond;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        int place = i;
        threads.execute(
            () -> {
              send(subject);
              nanos[place] = System.nanoTime() - due;
            });
      }
    }
    Arrays.sort(nanos);
    return new Latency(percentile(nanos, 50), percentile(nanos, 99));
  }

  /** Commands a second with so many in flight (closed loop), counted between start and end. */
  double throughput(Subject subject, int inFlight, int seconds) {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < inFlight; i++) {
        threads.execute(
            () -> {
              while (System.nanoTime() < end) {
                if (send(subject) && System.nanoTime() < end) {
                  done.incrementAndGet();
                }
              }
            });
      }
    }
    return (double) done.get() / seconds;
  }

  /** How many commands had no good answer. */
  long faults() {
    return faults.get();
  }

  /** What the first of them said. */
  String firstFault() {
    return String.valueOf(fault.get());
  }

  private boolean send(Subject subject) {
    try {
      subject.send(numbers.incrementAndGet());
      return true;
    } catch (Exception e) {
      fault.compareAndSet(null, e);
      faults.incrementAndGet();
      // A subject that is down must not be hammered.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      return false;
    }
  }

  private static double percentile(long[] sorted, int percent) {
    int rank = (int) Math.ceil(sorted.length * percent / 100.0);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }

  /**
   * Of one measurement.
   *
   * @param p50Millis half of the commands took at most this
   * @param p99Millis of a hundred commands, one took longer
   */
  record Latency(double p50Millis, double p99Millis) {}
}
