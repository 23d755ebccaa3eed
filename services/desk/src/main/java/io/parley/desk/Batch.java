package io.parley.desk;

import io.parley.schemas.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Commands of one file for one service that are sent together, and their results. */
final class Batch {
  private final String service;
  private final List<Entry> entries = new ArrayList<>();
  private int bytes;

  Batch(String service) {
    this.service = service;
  }

  String service() {
    return service;
  }

  int size() {
    return entries.size();
  }

  int bytes() {
    return bytes;
  }

  void add(int line, ObjectNode command) {
    String json = command.toString();
    bytes += json.length() + 1;
    entries.add(new Entry(line, command.path("negotiation").asString(""), json));
  }

  /** A key that stays the same as long as what it is made of does. */
  static String key(String of) {
    byte[] digest = Sha256.begin().digest(of.getBytes(StandardCharsets.UTF_8));
    return "load-" + HexFormat.of().formatHex(digest, 0, 16);
  }

  private record Entry(int line, String negotiation, String json) {}

  /**
   * How one command ended.
   *
   * @param line its line in the file
   * @param negotiation that it names
   * @param status HTTP status of the one command
   * @param said what the problem says, empty where there is none
   * @param token names what was recorded
   */
  record Result(int line, String negotiation, int status, String said, @Nullable String token) {}

  /**
   * Sends batches, and again what was not decided: each command has a key, so none counts twice.
   */
  static final class Sender {
    private static final Set<Integer> AGAIN = Set.of(429, 503, 504);
    private static final int TRIES = 6;
    private static final int PAUSE_MILLIS = 500;

    private final Origin origin;

    Sender(Origin origin) {
      this.origin = origin;
    }

    List<Result> send(Batch batch) throws CommandFailed {
      List<Result> results = new ArrayList<>();
      List<Entry> remaining = batch.entries;
      for (int tries = 1; ; tries++) {
        List<Result> round = once(batch.service, remaining);
        int settled = tries == TRIES ? round.size() : firstToSendAgain(round);
        results.addAll(round.subList(0, settled));
        remaining = remaining.subList(settled, remaining.size());
        if (remaining.isEmpty()) {
          return results;
        }
        pause(tries * PAUSE_MILLIS);
      }
    }

    /** Those after it go again too: they may rest on it. */
    private static int firstToSendAgain(List<Result> round) {
      for (int i = 0; i < round.size(); i++) {
        if (AGAIN.contains(round.get(i).status())) {
          return i;
        }
      }
      return round.size();
    }

    private List<Result> once(String service, List<Entry> entries) throws CommandFailed {
      StringBuilder body = new StringBuilder();
      entries.forEach(entry -> body.append(entry.json()).append('\n'));
      Origin.Answer answer = origin.postLines("/api/" + service + "/commands", body.toString());
      List<Result> results = new ArrayList<>();
      if (answer.status() != 200) {
        if (!AGAIN.contains(answer.status())) {
          // No line was looked at: the same would be said of each.
          throw new CommandFailed(CommandFailed.SAID_NO, answer.problem());
        }
        entries.forEach(entry -> results.add(result(entry, answer)));
        return results;
      }
      List<String> lines = answer.body().lines().filter(line -> !line.isBlank()).toList();
      for (int i = 0; i < entries.size(); i++) {
        String line = i < lines.size() ? lines.get(i) : "{\"status\":503,\"code\":\"NO_ANSWER\"}";
        JsonNode json = new Origin.Answer(0, line).json();
        results.add(result(entries.get(i), new Origin.Answer(json.path("status").asInt(0), line)));
      }
      return results;
    }

    private static Result result(Entry entry, Origin.Answer answer) {
      boolean recorded = answer.status() == 200 || answer.status() == 201;
      return new Result(
          entry.line(),
          entry.negotiation(),
          answer.status(),
          recorded ? "" : answer.problem(),
          Optional.of(answer.json().path("token").asString(""))
              .filter(token -> !token.isEmpty())
              .orElse(null));
    }

    private static void pause(int millis) throws CommandFailed {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed(CommandFailed.SAID_NO, "interrupted", e);
      }
    }
  }
}
