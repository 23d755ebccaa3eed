package io.parley.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Ours: several NDJSON streams at once, each over its share of the negotiations. Lines are sent for
 * a time, as fast as the service takes them; the clock stops at the last result, and every result
 * is looked at.
 */
final class Import {
  private static final int CHUNK_BYTES = 32 << 10;
  private static final int LINES_AT_MOST = 2_000_000;

  /** Lines of a stream without a result: else the system's buffers take in megabytes of them. */
  private static final int LINES_AHEAD = 4_000;

  private final Commands commands;
  private final String run;
  private final int streams;

  Import(Commands commands, String run, int streams) {
    this.commands = commands;
    this.run = run;
    this.streams = streams;
  }

  Result run(int seconds) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(seconds);
    List<Future<Tally>> running = new ArrayList<>();
    Tally all = new Tally();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < streams; i++) {
        int stream = i;
        running.add(threads.submit(() -> stream(stream, end)));
      }
      for (Future<Tally> one : running) {
        all.add(one.get());
      }
    } catch (ExecutionException e) {
      throw new IOException("a stream broke off", e.getCause());
    }
    return new Result(
        all.recorded, all.refused, all.firstRefusal, (System.nanoTime() - begin) / 1e9);
  }

  private Tally stream(int stream, long end) throws Exception {
    try (Connection connection = new Connection(commands.root());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Semaphore ahead = new Semaphore(LINES_AHEAD);
      Future<Long> sent = threads.submit(() -> write(connection, stream, end, ahead));
      Tally tally = new Tally();
      int status;
      try {
        status = read(connection, tally, ahead);
      } catch (IOException e) {
        sent.cancel(true);
        throw e;
      }
      if (status != 200) {
        sent.cancel(true);
        throw new IOException("the stream was answered by " + status + ": " + tally.firstRefusal);
      }
      long lines = sent.get();
      if (tally.recorded + tally.refused != lines) {
        throw new IOException(
            "%d lines sent, %d results".formatted(lines, tally.recorded + tally.refused));
      }
      return tally;
    }
  }

  /** Counts the results and returns the status of the whole. */
  private static int read(Connection connection, Tally tally, Semaphore ahead) throws IOException {
    int status = connection.readHead();
    StringBuilder line = new StringBuilder(512);
    for (int next = connection.readBody(); next >= 0; next = connection.readBody()) {
      if (next == '\n') {
        tally.count(line.toString());
        ahead.release();
        line.setLength(0);
      } else {
        line.append((char) next);
      }
    }
    return status;
  }

  private long write(Connection connection, int stream, long end, Semaphore ahead)
      throws IOException, InterruptedException {
    byte[] head = commands.postLines();
    connection.write(head, head.length);
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_BYTES * 2);
    long lines = 0;
    // Stream s of k takes every k-th number, and with it every k-th negotiation or all of them.
    while (System.nanoTime() < end && lines < LINES_AT_MOST / streams) {
      chunk.reset();
      while (chunk.size() < CHUNK_BYTES) {
        String command = Commands.stay(run, lines * streams + stream);
        chunk.writeBytes((command + "\n").getBytes(StandardCharsets.UTF_8));
        lines++;
        ahead.acquire();
      }
      byte[] size = (Integer.toHexString(chunk.size()) + "\r\n").getBytes(StandardCharsets.UTF_8);
      chunk.writeBytes(new byte[] {'\r', '\n'});
      connection.write(size, size.length);
      connection.write(chunk.toByteArray(), chunk.size());
    }
    byte[] last = "0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    connection.write(last, last.length);
    return lines;
  }

  /**
   * Of one import.
   *
   * @param recorded commands answered by 201
   * @param refused commands answered by anything else
   * @param firstRefusal the first such answer, or nothing
   * @param seconds from the first byte sent to the last result read
   */
  record Result(long recorded, long refused, String firstRefusal, double seconds) {}

  private static final class Tally {
    private long recorded;
    private long refused;
    private String firstRefusal = "";

    void count(String result) {
      if (result.contains("\"status\":201,")) {
        recorded++;
      } else {
        refused++;
        firstRefusal = firstRefusal.isEmpty() ? result : firstRefusal;
      }
    }

    void add(Tally other) {
      recorded += other.recorded;
      refused += other.refused;
      firstRefusal = firstRefusal.isEmpty() ? other.firstRefusal : firstRefusal;
    }
  }
}
