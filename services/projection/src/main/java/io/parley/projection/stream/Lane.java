package io.parley.projection.stream;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads older events with a consumer of its own, one piece of work after another.
 * What it has fetched ahead is of use to who comes back to it.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final Supplier<TimelineLogReader> readers;
  private final BlockingQueue<Job<?>> jobs = new LinkedBlockingQueue<>();
  private final AtomicInteger load = new AtomicInteger();
  private final Thread thread;
  private volatile @Nullable TimelineLogReader reading;
  private volatile boolean ending;

  /** A piece of work, and who is told of its end. */
  private record Job<T>(
      Function<TimelineLogReader, T> work, Consumer<T> done, Consumer<RuntimeException> failed) {}

  /** Starts its thread. */
  Lane(String name, Supplier<TimelineLogReader> readers) {
    this.readers = readers;
    this.thread = Thread.ofPlatform().name(name).start(this::run);
  }

  /** Pieces of work that wait or are under way. */
  int load() {
    return load.get();
  }

  /** Does a piece of work when its turn comes, and tells of its end on its own thread. */
  <T> void submit(
      Function<TimelineLogReader, T> work, Consumer<T> done, Consumer<RuntimeException> failed) {
    load.incrementAndGet();
    jobs.add(new Job<>(work, done, failed));
  }

  private void run() {
    while (!ending) {
      try (TimelineLogReader reader = readers.get()) {
        reading = reader;
        while (!ending) {
          perform(jobs.take(), reader);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (WakeupException e) {
        LOG.debug("woken to end");
      } catch (KafkaException e) {
        LOG.warn("older events could not be read; a new consumer tries again", e);
      } catch (RuntimeException e) {
        LOG.warn("a piece of work failed, and whoever waits for it was told", e);
      } finally {
        reading = null;
      }
    }
  }

  private <T> void perform(Job<T> job, TimelineLogReader reader) {
    T result;
    try {
      result = job.work().apply(reader);
    } catch (RuntimeException e) {
      load.decrementAndGet();
      job.failed().accept(e);
      throw e;
    }
    // First: whoever is told may come back at once, and is to find this lane free.
    load.decrementAndGet();
    job.done().accept(result);
  }

  /** Not by interrupting: a consumer that is interrupted cannot be closed in good order. */
  void end() {
    ending = true;
    TimelineLogReader reader = reading;
    if (reader != null) {
      reader.wakeup();
    }
    submit(any -> "", nothing -> {}, failure -> {});
  }

  /** Waits until it has ended. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }
}
