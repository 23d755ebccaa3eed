package io.parley.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The load of {@link StreamsBench}, in a process of its own: subscribers, and whoever sends them
 * something. Says {@code open}, waits for a line on standard input, measures, and prints deliveries
 * a second, p50 and p99 in milliseconds.
 */
final class SwarmProcess {
  private static final int LATENCY_DELIVERIES_A_SECOND = 25_000;

  /** Messages on their way at once at saturation. */
  private static final int WINDOW = 8;

  private SwarmProcess() {}

  /** Sends a message to all subscribers. */
  private interface Publisher extends AutoCloseable {
    void publish(String stamp) throws IOException;

    @Override
    void close() throws IOException;
  }

  /**
   * Runs.
   *
   * @param arguments port, path, subscribers, seconds, and where to publish: {@code
   *     kafka=BOOTSTRAP} or {@code socket=PORT}
   */
  public static void main(String[] arguments) throws Exception {
    int subscribers = Integer.parseInt(arguments[2]);
    int seconds = Integer.parseInt(arguments[3]);
    try (Swarm swarm = new Swarm(Integer.parseInt(arguments[0]), arguments[1], subscribers);
        Publisher publisher = publisher(arguments[4])) {
      System.out.println("open");
      System.out.flush();
      while (System.in.read() != '\n') {
        // Until the heap is measured.
      }
      saturate(swarm, publisher, subscribers, Math.max(1, seconds / 2));
      double deliveries = saturate(swarm, publisher, subscribers, seconds);
      long[] times = pace(swarm, publisher, subscribers, seconds);
      System.out.printf(
          Locale.ROOT,
          "%.0f %.2f %.2f%n",
          deliveries,
          times[times.length / 2] / 1e6,
          times[(int) (times.length * 0.99)] / 1e6);
      System.out.flush();
    }
  }

  /** As much as is taken: closed loop, a few messages ahead. */
  private static double saturate(Swarm swarm, Publisher publisher, int subscribers, int seconds)
      throws IOException {
    long before = swarm.delivered();
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    long published = 0;
    while (System.nanoTime() < end) {
      if (swarm.delivered() - before >= (published - WINDOW) * subscribers) {
        publisher.publish(Swarm.stamp(System.nanoTime()));
        published++;
      } else {
        LockSupport.parkNanos(50_000);
      }
    }
    double rate = (swarm.delivered() - before) / ((System.nanoTime() - begin) / 1e9);
    await(swarm, before + published * subscribers);
    return rate;
  }

  /** A fixed rate: open loop, timed from when a message should have been sent. */
  private static long[] pace(Swarm swarm, Publisher publisher, int subscribers, int seconds)
      throws IOException {
    swarm.forget();
    long before = swarm.delivered();
    long between = TimeUnit.SECONDS.toNanos(1) * subscribers / LATENCY_DELIVERIES_A_SECOND;
    long begin = System.nanoTime();
    long count = Math.max(4, TimeUnit.SECONDS.toNanos(seconds) / between);
    for (long i = 0; i < count; i++) {
      long due = begin + i * between;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      publisher.publish(Swarm.stamp(due));
    }
    await(swarm, before + count * subscribers);
    return swarm.times();
  }

  private static void await(Swarm swarm, long delivered) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (swarm.delivered() < delivered) {
      if (System.nanoTime() > deadline) {
        throw new IOException(delivered - swarm.delivered() + " messages did not come");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Publisher publisher(String where) throws IOException {
    String address = where.substring(where.indexOf('=') + 1);
    if (where.startsWith("kafka=")) {
      Announced announced = new Announced(address);
      return new Publisher() {
        @Override
        public void publish(String stamp) {
          announced.write(StreamsBench.NEGOTIATION, stamp);
        }

        @Override
        public void close() {
          announced.close();
        }
      };
    }
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
    socket.setTcpNoDelay(true);
    OutputStream out = socket.getOutputStream();
    return new Publisher() {
      @Override
      public void publish(String stamp) throws IOException {
        out.write((stamp + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    };
  }
}
