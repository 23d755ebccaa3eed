package io.parley.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From a command's 201 to the event in the hands of the last of many subscribers, on a desk as its
 * user starts it.
 */
final class EndToEnd {
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);
  private static final int SUBSCRIBERS = 1_000;
  private static final int A_SECOND = 10;

  private final Options options;
  private final Path scratch;

  EndToEnd(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the line; false where the desk did not start. */
  boolean run() throws IOException, InterruptedException {
    Path data = scratch.resolve("desk-of-streams");
    try (Launched desk = Launched.start("up", "--port", "0", "--data", data.toString())) {
      var ready = desk.await(line -> line.startsWith("ready "), READY_WITHIN);
      if (ready.isEmpty()) {
        System.err.println("parley: the desk did not start");
        return false;
      }
      URI root = URI.create(ready.get().text().substring("ready ".length()).strip());
      String bearer = Launched.output("token", "editor", "--data", data.toString());
      int subscribers = Math.min(SUBSCRIBERS, options.subscribers());
      String negotiation = Commands.negotiation(0);
      try (OverHttp http = new OverHttp(new Commands(root, bearer), "end-to-end");
          Swarm swarm =
              new Swarm(
                  root.getPort(), "/api/negotiations/" + negotiation + "/events", subscribers)) {
        var _ = http.record(Commands.convene(0));
        await(swarm, subscribers);
        int warm = options.warmUpSeconds() * A_SECOND;
        long[] nanos = new long[options.rounds() * options.seconds() * A_SECOND];
        for (int i = -warm; i < nanos.length; i++) {
          long next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1) / A_SECOND;
          long before = swarm.delivered();
          var _ = http.record(Commands.meeting(negotiation, "meeting-" + (i + warm)));
          long recorded = System.nanoTime();
          await(swarm, before + subscribers);
          if (i >= 0) {
            nanos[i] = System.nanoTime() - recorded;
          }
          LockSupport.parkNanos(next - System.nanoTime());
        }
        Arrays.sort(nanos);
        System.out.printf(
            """

            From a command's 201 to the event in the hands of the last of %,d subscribers, %d commands at %d a
            second, on ./parley up: p50 %.1f ms, p99 %.1f ms.
            """,
            subscribers,
            nanos.length,
            A_SECOND,
            nanos[nanos.length / 2] / 1e6,
            nanos[(int) (nanos.length * 0.99)] / 1e6);
      }
    }
    return true;
  }

  private static void await(Swarm swarm, long delivered) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (swarm.delivered() < delivered) {
      if (System.nanoTime() > deadline) {
        throw new IOException(delivered - swarm.delivered() + " messages did not come");
      }
      LockSupport.parkNanos(100_000);
    }
  }
}
