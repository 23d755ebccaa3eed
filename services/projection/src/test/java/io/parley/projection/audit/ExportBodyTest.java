package io.parley.projection.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** How far an export runs ahead of a client that takes nothing, and how it ends. */
@Timeout(30)
class ExportBodyTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int FILE_BYTES = 8 << 20;

  private final AtomicLong written = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch disconnected = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Writes large files, as an export does, until it cannot. */
  private void write(OutputStream out) {
    try {
      byte[] file = new byte[FILE_BYTES];
      OutputStream counted =
          new OutputStream() {
            @Override
            public void write(int one) {
              throw new IllegalStateException("files are written as a whole");
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              out.write(bytes, from, length);
              written.addAndGet(length);
            }
          };
      for (int i = 0; i < 100; i++) {
        counted.write(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ended.countDown();
    }
  }

  private Flux<DataBuffer> body(Duration stalledAfter) {
    return ExportBody.of(
        this::write,
        task -> Thread.ofPlatform().daemon().start(task),
        stopped::countDown,
        stalledAfter,
        disconnected::countDown);
  }

  @Test
  void itWaitsForWhatTheClientAsksFor() throws Exception {
    int pieces = 10;
    CountDownLatch taken = new CountDownLatch(pieces);
    AtomicLong bytes = new AtomicLong();
    BaseSubscriber<DataBuffer> client =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            subscription.request(pieces);
          }

          @Override
          protected void hookOnNext(DataBuffer piece) {
            assertThat(piece.readableByteCount()).isLessThanOrEqualTo(Chunks.BYTES);
            bytes.addAndGet(piece.readableByteCount());
            taken.countDown();
          }
        };
    body(LONG).subscribe(client);
    taken.await();
    client.cancel();
    // It stood in the write of its first file all the while, and that write fails.
    ended.await();
    stopped.await();
    assertThat(written).hasValue(0);
    assertThat(bytes).hasValue((long) pieces * Chunks.BYTES);
  }

  @Test
  void aClientThatTakesNothingEndsIt() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    body(Duration.ofMillis(200))
        .subscribe(
            new BaseSubscriber<>() {
              @Override
              protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(1);
              }

              @Override
              protected void hookOnError(Throwable error) {
                assertThat(error).isInstanceOf(ExportBody.Stalled.class);
                failed.countDown();
              }
            });
    assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
    ended.await();
    stopped.await();
    disconnected.await();
  }

  @Test
  void allOfItComesWhereItIsTaken() {
    long bytes =
        body(LONG)
            .map(DataBuffer::readableByteCount)
            .reduce(0L, Long::sum)
            .blockOptional()
            .orElse(0L);
    assertThat(bytes).isEqualTo(100L * FILE_BYTES);
  }

  @Test
  void whatFailsWhileItIsWrittenIsAnErrorAndNoEnd() {
    Flux<DataBuffer> body =
        ExportBody.of(
            out -> {
              try {
                out.write(new byte[100_000]);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              throw new IllegalStateException("broken");
            },
            task -> Thread.ofPlatform().daemon().start(task),
            stopped::countDown,
            LONG,
            disconnected::countDown);
    assertThatThrownBy(body::blockLast).hasMessageContaining("broken");
    assertThat(disconnected.getCount()).isZero();
  }
}
