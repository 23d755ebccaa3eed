package io.parley.projection.audit;

import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a thread writes, at the pace at which a client takes it: the thread waits in its write while
 * nothing is asked for. A client that goes away, or takes nothing for too long, makes it end.
 */
final class ExportBody {
  private static final Logger LOG = LoggerFactory.getLogger(ExportBody.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private ExportBody() {}

  /** The client of an export takes nothing. */
  static final class Stalled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stalled(Duration time) {
      super("the client has taken nothing for " + time.toMillis() + " ms", null, false, false);
    }
  }

  /**
   * What is written.
   *
   * @param writer writes all of it and returns
   * @param threads runs the writer on a thread that may wait
   * @param stop makes the writer end where it does not write just now
   * @param stalledAfter how long the client may take nothing
   * @param disconnect ends the connection at once: an error would else wait for what the client has
   *     not taken yet
   */
  static Flux<DataBuffer> of(
      Consumer<OutputStream> writer,
      Executor threads,
      Runnable stop,
      Duration stalledAfter,
      Runnable disconnect) {
    AtomicReference<@Nullable Chunks> chunks = new AtomicReference<>();
    AtomicReference<@Nullable Subscription> source = new AtomicReference<>();
    Flux<DataBuffer> pieces =
        Flux.from(
                DataBufferUtils.outputStreamPublisher(
                    out -> {
                      Chunks paced = new Chunks(out);
                      chunks.set(paced);
                      writer.accept(paced);
                    },
                    DefaultDataBufferFactory.sharedInstance,
                    threads,
                    Chunks.BYTES))
            .doOnSubscribe(source::set)
            .doOnCancel(stop);
    Mono<Long> stalled =
        Flux.interval(LOOK_EVERY)
            .onBackpressureDrop()
            .doOnNext(
                tick -> {
                  Chunks paced = chunks.get();
                  if (paced != null && paced.isStalled(stalledAfter)) {
                    LOG.warn("an export is ended: its client takes nothing");
                    // An error of the other one does not cancel what it ends.
                    Subscription subscription = source.get();
                    if (subscription != null) {
                      subscription.cancel();
                    }
                    stop.run();
                    throw new Stalled(stalledAfter);
                  }
                })
            // Whatever it emitted would end the pieces as if they were all.
            .ignoreElements();
    return pieces.takeUntilOther(stalled).doOnError(error -> disconnect.run());
  }
}
