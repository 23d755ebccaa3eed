package io.parley.desk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The stream in a terminal. Comes back by itself, with the last cursor that it was given. */
final class Watch {
  static final String USAGE =
      """
      usage: ./parley watch [NAME=VALUE…] [--json true] [--url URL] [--token TOKEN] [--data DIR]

      Prints each event as it is recorded, a line each, until Ctrl-C. NAME is negotiation, service,
      type, party, person, kind, topic or language: several values of one are OR, several names AND.
      since=beginning, an instant or a cursor begins earlier than now. Comes back by itself where the
      connection is lost. --json true prints what came (CloudEvents).
      """;

  private static final Duration WAIT = Duration.ofSeconds(2);

  /** Every stream has a block at least every few minutes; ours every 15 s. */
  private static final Duration SILENT_FOR = Duration.ofSeconds(60);

  private final Origin origin;
  private final String path;
  private final boolean json;
  private final PrintStream out;
  private Optional<String> cursor = Optional.empty();
  private Duration wait = WAIT;
  private boolean connected;

  Watch(Origin origin, String path, boolean json, PrintStream out) {
    this.origin = origin;
    this.path = path;
    this.json = json;
    this.out = out;
  }

  static void run(List<String> given) throws CommandFailed {
    Set<String> options = new HashSet<>(Told.FILTERS);
    options.addAll(Set.of("url", "token", "data", "json"));
    Arguments arguments = Arguments.parse(given, options);
    String path = "/api/events" + Told.query(arguments, arguments.rest(), Told.FILTERS);
    boolean json = arguments.option("json").map(Boolean::parseBoolean).orElse(false);
    new Watch(Origin.of(arguments, "reader"), path, json, System.out).follow();
  }

  /** Prints events until the thread is interrupted. */
  void follow() throws CommandFailed {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        connect();
      } catch (IOException e) {
        if (!connected) {
          throw new CommandFailed(
              CommandFailed.NOT_REACHABLE, "nothing answers at " + origin.url(), e);
        }
        System.err.println("parley: the connection is lost, coming back");
      }
      pause();
    }
  }

  private void connect() throws IOException, CommandFailed {
    HttpResponse<InputStream> response = origin.open(path, "text/event-stream", cursor);
    try (InputStream body = response.body()) {
      if (response.statusCode() == 429 || response.statusCode() == 503) {
        wait =
            Duration.ofSeconds(
                response.headers().firstValueAsLong("Retry-After").orElse(WAIT.toSeconds()));
        connected = true;
        return;
      }
      if (response.statusCode() != 200) {
        String said = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        throw new CommandFailed(
            CommandFailed.SAID_NO, new Origin.Answer(response.statusCode(), said).problem());
      }
      connected = true;
      wait = WAIT;
      read(body);
    }
  }

  private void read(InputStream body) throws IOException {
    AtomicLong heard = new AtomicLong(System.nanoTime());
    try (ScheduledExecutorService watching =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      var _ =
          watching.scheduleWithFixedDelay(() -> closeIfSilent(body, heard), 5, 5, TimeUnit.SECONDS);
      String event = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard.set(System.nanoTime());
        if (line.isEmpty()) {
          tell(event, data);
          event = "";
          data = "";
        } else if (line.startsWith("id: ")) {
          cursor = Optional.of(line.substring(4));
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.startsWith("retry: ")) {
          wait = Duration.ofMillis(Long.parseLong(line.substring(7)));
        }
      }
    }
  }

  private static void closeIfSilent(InputStream body, AtomicLong heard) {
    if (System.nanoTime() - heard.get() > SILENT_FOR.toNanos()) {
      try {
        body.close();
      } catch (IOException e) {
        System.err.println("parley: " + e.getMessage());
      }
    }
  }

  private void tell(String event, String data) {
    if (data.isEmpty()) {
      return;
    }
    if (event.equals("reset")) {
      System.err.println(
          "parley: the stream begins anew: "
              + Origin.JSON.readTree(data).path("detail").asString(""));
    } else {
      out.println(json ? data : Told.line(data));
      out.flush();
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
