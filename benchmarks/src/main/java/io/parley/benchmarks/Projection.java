package io.parley.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells when the read side shows all that was recorded: records one meeting more in every
 * negotiation, and reads each back after its token.
 */
final class Projection {
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final long APPLIED_WITHIN_SECONDS = 300;

  private final Commands commands;
  private final OverHttp http;
  private final String run;
  private int asked;

  Projection(Commands commands, OverHttp http, String run) {
    this.commands = commands;
    this.http = http;
    this.run = run;
  }

  /** Seconds until all is shown; nothing where there is no such view, or not within 5 min. */
  OptionalDouble secondsUntilApplied() throws IOException, InterruptedException {
    asked++;
    String meeting = "settle-" + run + "-" + asked;
    long begin = System.nanoTime();
    List<Future<Boolean>> reads = new ArrayList<>();
    boolean shown = true;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Commands.NEGOTIATIONS; i++) {
        String negotiation = Commands.negotiation(i);
        reads.add(threads.submit(() -> isShown(negotiation, meeting, begin)));
      }
      for (Future<Boolean> read : reads) {
        shown &= read.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the read side could not be asked", e.getCause());
    }
    return shown ? OptionalDouble.of((System.nanoTime() - begin) / 1e9) : OptionalDouble.empty();
  }

  private boolean isShown(String negotiation, String meeting, long begin) throws IOException {
    String body = http.record(Commands.meeting(negotiation, meeting)).body();
    Matcher token = TOKEN.matcher(body);
    if (!token.find()) {
      throw new IOException("no token in " + body);
    }
    String path = "/api/negotiations/" + negotiation + "/meetings/" + meeting;
    byte[] request = commands.get(path, token.group(1));
    long deadline = begin + TimeUnit.SECONDS.toNanos(APPLIED_WITHIN_SECONDS);
    int status = http.exchange(request).status();
    while (status == 503 && System.nanoTime() < deadline) {
      status = http.exchange(request).status();
    }
    return status == 200;
  }
}
