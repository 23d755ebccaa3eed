package io.parley.projection.stream;

import io.parley.journal.reading.ParleyProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads older events for those who ask: a few threads, each with a consumer of its own. Work comes
 * in short pieces, in turn, so that one long replay keeps nobody waiting for long.
 */
@Component
final class History implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private final ParleyProperties.Kafka kafka;
  private final StreamProperties properties;
  private final BlockingQueue<Job<?>> jobs = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Set<TimelineLogReader> readers = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;

  /** A piece of work, and who is told of its end. */
  private record Job<T>(
      Function<TimelineLogReader, T> work, Consumer<T> done, Consumer<RuntimeException> failed) {
    void run(TimelineLogReader reader) {
      T result;
      try {
        result = work.apply(reader);
      } catch (RuntimeException e) {
        failed.accept(e);
        throw e;
      }
      done.accept(result);
    }
  }

  History(ParleyProperties parley, StreamProperties properties) {
    this.kafka = parley.kafka();
    this.properties = properties;
  }

  /** Does a piece of work when its turn comes, and tells of its end on one of its own threads. */
  <T> void submit(
      Function<TimelineLogReader, T> work, Consumer<T> done, Consumer<RuntimeException> failed) {
    jobs.add(new Job<>(work, done, failed));
  }

  private void run() {
    while (!ending) {
      try (TimelineLogReader reader = new TimelineLogReader(kafka.brokers(), kafka.partitions())) {
        readers.add(reader);
        try {
          while (!ending) {
            jobs.take().run(reader);
          }
        } finally {
          readers.remove(reader);
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
      }
    }
  }

  @Override
  public synchronized void start() {
    ending = false;
    for (int i = 0; i < properties.historyThreads(); i++) {
      threads.add(Thread.ofPlatform().name("stream-history-" + i).start(this::run));
    }
  }

  /** Not by interrupting: a consumer that is interrupted cannot be closed in good order. */
  @Override
  public synchronized void stop() {
    ending = true;
    readers.forEach(TimelineLogReader::wakeup);
    threads.forEach(each -> submit(reader -> "", nothing -> {}, failure -> {}));
    try {
      for (Thread each : threads) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.clear();
    jobs.clear();
  }

  @Override
  public synchronized boolean isRunning() {
    return !threads.isEmpty();
  }
}
