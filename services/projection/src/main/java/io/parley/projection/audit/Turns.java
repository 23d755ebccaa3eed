package io.parley.projection.audit;

import io.parley.journal.reading.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/**
 * How many audits read the whole log at once: each takes a thread, consumers and a good deal of the
 * machine.
 */
@Component
final class Turns {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final Semaphore free;
  private final int atOnce;

  Turns(AuditProperties properties) {
    this.atOnce = properties.atOnce();
    this.free = new Semaphore(atOnce);
  }

  /** A turn; who has it gives it back once, and again changes nothing. */
  @FunctionalInterface
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a turn.
   *
   * @throws Problem 429 where all are taken
   */
  Turn take() {
    if (!free.tryAcquire()) {
      throw Problem.tooMany(
          "TOO_MANY_AUDITS",
          "%d exports and verifications run here already (parley.audit.at-once)".formatted(atOnce),
          RETRY_AFTER);
    }
    AtomicBoolean taken = new AtomicBoolean(true);
    return () -> {
      if (taken.getAndSet(false)) {
        free.release();
      }
    };
  }
}
