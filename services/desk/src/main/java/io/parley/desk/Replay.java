package io.parley.desk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The history of a negotiation in a terminal, as it was recorded. */
final class Replay {
  static final String USAGE =
      """
      usage: ./parley replay NEGOTIATION [NAME=VALUE…] [--since …] [--until …] [--speed …] [--json true]
                             [--board true] [--url URL] [--token TOKEN] [--data DIR]

      Prints what was recorded, a line each, and ends. --since (beginning unless said otherwise) and
      --until (now unless said otherwise) are instants such as 2025-05-14T12:00:00Z. --speed 60 keeps
      the gaps between events, divided by 60. NAME is service, type, party, person, kind, topic or
      language. --json true prints what came (CloudEvents); --board true the board as of each event.
      """;

  private static final Set<String> OPTIONS =
      Set.of(
          "service",
          "type",
          "party",
          "person",
          "kind",
          "topic",
          "language",
          "since",
          "until",
          "speed");

  private Replay() {}

  static void run(List<String> given) throws CommandFailed {
    Set<String> options = new HashSet<>(OPTIONS);
    options.addAll(Set.of("url", "token", "data", "json", "board"));
    Arguments arguments = Arguments.parse(given, options);
    if (arguments.rest().isEmpty() || arguments.rest().getFirst().contains("=")) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "which negotiation?");
    }
    String negotiation = arguments.rest().getFirst();
    List<String> words = arguments.rest().subList(1, arguments.rest().size());
    String query = Told.query(arguments, words, OPTIONS);
    if (!query.contains("since=")) {
      query += (query.isEmpty() ? "?" : "&") + "since=beginning";
    }
    boolean json = arguments.option("json").map(Boolean::parseBoolean).orElse(false);
    Origin origin = Origin.of(arguments, "reader");
    String path = "/api/negotiations/" + Origin.encoded(negotiation) + "/events" + query;
    boolean boards = arguments.option("board").map(Boolean::parseBoolean).orElse(false);
    Shown shown = json ? System.out::println : event -> System.out.println(Told.line(event));
    if (boards) {
      Shown line = shown;
      Origin auditor = Origin.of(arguments, "auditor");
      shown =
          event -> {
            line.show(event);
            String sequence =
                String.valueOf(Origin.JSON.readTree(event).path("sequence").asLong(0));
            new Board(origin, auditor, negotiation, sequence, new String[0]).print(System.out);
          };
    }
    if (print(origin, path, shown) == 0) {
      throw new CommandFailed(
          CommandFailed.SAID_NO, "nothing of this is recorded of " + negotiation);
    }
  }

  /** How an event is shown. */
  @FunctionalInterface
  interface Shown {
    void show(String event) throws CommandFailed;
  }

  /** Prints a bounded replay; returns how many events it had. */
  static int print(Origin origin, String path, Shown shown) throws CommandFailed {
    HttpResponse<InputStream> response;
    try {
      response = origin.open(path, "application/x-ndjson", Optional.empty());
    } catch (IOException e) {
      throw new CommandFailed(CommandFailed.NOT_REACHABLE, "nothing answers at " + origin.url(), e);
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() != 200) {
        String said = String.join("", lines.lines().toList());
        throw new CommandFailed(
            CommandFailed.SAID_NO, new Origin.Answer(response.statusCode(), said).problem());
      }
      int events = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        shown.show(line);
        events++;
      }
      return events;
    } catch (IOException e) {
      throw new CommandFailed(CommandFailed.SAID_NO, "the replay was cut off", e);
    }
  }
}
