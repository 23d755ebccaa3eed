package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Problem;
import io.parley.schemas.Command;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.schedule.AddParty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpStatus;

/**
 * Senders that never rest: what has a key is sent until its outcome is known, what has none is sent
 * once. Some commands are refused, some expect a version.
 */
final class Load implements AutoCloseable {
  private static final int SENDERS = 12;
  private static final int NEGOTIATIONS = 5;

  private final World world;
  private final Queue<Command> sent = new ConcurrentLinkedQueue<>();
  private final Map<String, CommandOutcome> answers = new ConcurrentHashMap<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> senders = new ArrayList<>();
  private final Object oneMore = new Object();
  private volatile boolean enough;

  private Load(World world) {
    this.world = world;
  }

  static Load on(World world) {
    Load load = new Load(world);
    for (int i = 0; i < SENDERS; i++) {
      int sender = i;
      load.senders.add(
          load.threads.submit(
              () -> {
                load.run(sender);
                return null;
              }));
    }
    return load;
  }

  /** Waits until so many more commands have their answer. */
  void awaitMore(int answers) throws InterruptedException {
    int wanted = answered.get() + answers;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    synchronized (oneMore) {
      while (answered.get() < wanted) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        assertThat(left).as("time for %s more answers", wanted - answered.get()).isPositive();
        oneMore.wait(left);
      }
    }
  }

  /** Sends nothing new, and waits for the outcome of all that was sent with a key. */
  void end() throws Exception {
    enough = true;
    for (Future<?> sender : senders) {
      sender.get(90, TimeUnit.SECONDS);
    }
  }

  List<Command> sent() {
    return List.copyOf(sent);
  }

  Map<String, CommandOutcome> answers() {
    return answers;
  }

  private void run(int sender) throws Exception {
    for (int i = 0; !enough; i++) {
      String negotiation = "load-" + (sender + i) % NEGOTIATIONS;
      String party = i % 10 == 9 ? Tally.REFUSED : "p-" + sender + "-" + i;
      boolean keyed = i % 3 != 0;
      AddParty command =
          keyed
              ? Commands.keyed(negotiation, party, "key-" + sender + "-" + i)
              : Commands.add(negotiation, party);
      if (i % 7 == 6) {
        // Mostly another has this version by then.
        command.header().expectedVersion((long) i);
      }
      sent.add(command);
      boolean known = send(command);
      while (keyed && !known) {
        known = send(command);
      }
    }
  }

  private boolean send(Command command) throws Exception {
    try {
      answers.put(Commands.idOf(command), world.send(command));
      answered.incrementAndGet();
      synchronized (oneMore) {
        oneMore.notifyAll();
      }
      return true;
    } catch (ExecutionException e) {
      assertThat(e)
          .cause()
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> assertThat(problem.status()).isEqualTo(HttpStatus.GATEWAY_TIMEOUT));
      return false;
    }
  }

  @Override
  public void close() {
    enough = true;
    threads.shutdownNow();
  }
}
