package io.parley.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many subscribers on one thread. Counts messages, and of some connections takes the time from the
 * {@code @} and nineteen digits that a message holds: {@link System#nanoTime} of its sender.
 */
final class Swarm implements AutoCloseable {
  /** Of so many connections one is looked at closely. */
  private static final int SAMPLED = 20;

  private static final int DIGITS = 19;

  /** How a message begins; no line of chunked coding does. */
  private static final byte[] BEGIN = "\ndat".getBytes(StandardCharsets.US_ASCII);

  private final Selector selector;
  private final AtomicLong delivered = new AtomicLong();
  private final CountDownLatch open;
  private final Thread thread;
  private final List<SocketChannel> channels = new ArrayList<>();
  private volatile boolean ending;
  private volatile @Nullable IOException failure;
  private long[] nanos = new long[1 << 16];
  private int samples;

  /** What is known of a connection between two reads. */
  private static final class Reader {
    final boolean sampled;
    int matched;
    boolean opened;
    int digits = -1;
    long sent;

    Reader(boolean sampled) {
      this.sampled = sampled;
    }
  }

  /** Connects them all; returns once each has its header. */
  Swarm(int port, String path, int subscribers) throws IOException, InterruptedException {
    selector = Selector.open();
    open = new CountDownLatch(subscribers);
    thread = Thread.ofPlatform().name("swarm").start(this::run);
    byte[] request = Ground.get(path, "Accept: text/event-stream\r\n");
    for (int i = 0; i < subscribers; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channels.add(channel);
      ByteBuffer bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Reader(i % SAMPLED == 0));
      if (i % 100 == 99) {
        selector.wakeup();
      }
    }
    selector.wakeup();
    if (!open.await(2, TimeUnit.MINUTES)) {
      throw new IOException(open.getCount() + " of " + subscribers + " have no answer", failure);
    }
  }

  long delivered() throws IOException {
    IOException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return delivered.get();
  }

  /** Forgets the times taken so far. */
  synchronized void forget() {
    samples = 0;
  }

  /** The times taken, sorted, in nanoseconds. */
  synchronized long[] times() {
    long[] times = Arrays.copyOf(nanos, samples);
    Arrays.sort(times);
    return times;
  }

  private void run() {
    byte[] bytes = new byte[1 << 18];
    try {
      while (!ending) {
        selector.select(
            key -> {
              try {
                read((SocketChannel) key.channel(), (Reader) key.attachment(), bytes);
              } catch (IOException e) {
                failure = e;
                key.cancel();
              }
            },
            100);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void read(SocketChannel channel, Reader reader, byte[] array) throws IOException {
    int length = channel.read(ByteBuffer.wrap(array));
    if (length < 0) {
      throw new IOException("a stream ended");
    }
    if (!reader.opened) {
      reader.opened = true;
      open.countDown();
    }
    int messages = 0;
    int matched = reader.matched;
    for (int i = 0; i < length; i++) {
      byte next = array[i];
      if (next == BEGIN[matched]) {
        if (++matched == BEGIN.length) {
          matched = 0;
          messages++;
        }
      } else {
        matched = next == '\n' ? 1 : 0;
      }
      if (reader.sampled) {
        sample(reader, next);
      }
    }
    reader.matched = matched;
    if (messages > 0) {
      delivered.addAndGet(messages);
    }
  }

  private void sample(Reader reader, byte next) {
    if (next == '@') {
      reader.digits = 0;
      reader.sent = 0;
    } else if (reader.digits >= 0) {
      if (next < '0' || next > '9') {
        reader.digits = -1;
        return;
      }
      reader.sent = reader.sent * 10 + next - '0';
      if (++reader.digits == DIGITS) {
        reader.digits = -1;
        add(System.nanoTime() - reader.sent);
      }
    }
  }

  private synchronized void add(long time) {
    if (samples == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * samples);
    }
    nanos[samples++] = time;
  }

  /** A text that tells when it was sent. */
  static String stamp(long nanoTime) {
    return "@" + "%019d".formatted(nanoTime);
  }

  @Override
  public void close() throws IOException {
    ending = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
