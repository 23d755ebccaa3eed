package io.parley.desk;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends files of commands, one JSON object a line, each with the {@code service} that it is for.
 *
 * <p>Lines that follow one another and go to one service are sent together, as one NDJSON stream of
 * a bounded size. Each waits for what the other services have recorded before it ({@code after}),
 * so that a line may refer to any earlier one. Each has a key that depends on its file, its place
 * and its content only, so that loading a file again changes nothing.
 */
final class Load {
  static final String USAGE =
      """
      usage: ./parley load FILE… [--url URL] [--token TOKEN] [--data DIR]

      Sends commands, one JSON object a line, each with its "service" (schedule, delegation or
      announcement). Names the lines that were refused. Without --url (or PARLEY_URL) it finds the
      instance on the data directory; without --token (or PARLEY_TOKEN) that directory's key makes one.
      """;

  /**
   * What the kind of an aggregate begins with that not everybody may know of. The other services
   * never learn of it (rule 32), so that nothing sent to them may wait for it.
   */
  private static final String RESTRICTED = "/restricted-";

  private static final Set<String> SERVICES = Set.of("schedule", "delegation", "announcement");
  private static final int LINES_AT_MOST = 500;
  private static final int BYTES_AT_MOST = 4 << 20;

  private final Batch.Sender sender;
  private final Progress progress;

  /** Newest token of each service, by negotiation. */
  private final Map<String, Map<String, String>> tokens = new LinkedHashMap<>();

  private int accepted;
  private int unchanged;
  private int refused;

  Load(Origin origin, Progress progress) {
    this.sender = new Batch.Sender(origin);
    this.progress = progress;
  }

  static void run(List<String> given) throws CommandFailed {
    Arguments arguments = Arguments.parse(given, Set.of("url", "token", "data"));
    List<Path> files = arguments.rest().stream().map(Path::of).toList();
    if (files.isEmpty()) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "which files?");
    }
    Load load = new Load(Origin.of(arguments, "editor"), Progress.over(files));
    load.files(files);
    if (load.refused > 0) {
      throw new CommandFailed(CommandFailed.SAID_NO, load.refused + " refused");
    }
  }

  /** Loads files in order and prints the summary. */
  void files(List<Path> files) throws CommandFailed {
    for (Path file : files) {
      if (!Files.isReadable(file)) {
        throw new CommandFailed(CommandFailed.BAD_USAGE, "cannot read " + file);
      }
    }
    try {
      for (Path file : files) {
        file(file);
      }
    } finally {
      progress.end();
      System.out.printf(
          "%d commands: %d accepted, %d unchanged, %d refused%n",
          accepted + unchanged + refused, accepted, unchanged, refused);
    }
  }

  int refused() {
    return refused;
  }

  /** Newest tokens of one negotiation: what a reader waits for to see all that is public of it. */
  String[] tokens(String negotiation) {
    return tokens.getOrDefault(negotiation, Map.of()).values().toArray(String[]::new);
  }

  private void file(Path file) throws CommandFailed {
    Batch batch = new Batch("");
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        progress.read(line);
        if (line.isBlank()) {
          continue;
        }
        ObjectNode command = parse(file, number, line);
        if (command == null) {
          continue;
        }
        String service = command.remove("service").asString();
        if (!batch.service().equals(service)
            || batch.size() == LINES_AT_MOST
            || batch.bytes() >= BYTES_AT_MOST) {
          send(file, batch);
          batch = new Batch(service);
        }
        waitForOthers(service, command);
        if (!command.has("key")) {
          command.put("key", Batch.key(file.getFileName() + "\n" + number + "\n" + line));
        }
        batch.add(number, command);
      }
    } catch (IOException e) {
      throw new CommandFailed(
          CommandFailed.SAID_NO, "cannot read %s after line %d".formatted(file, number), e);
    }
    send(file, batch);
  }

  private @Nullable ObjectNode parse(Path file, int number, String line) {
    try {
      JsonNode node = Origin.JSON.readTree(line);
      if (node instanceof ObjectNode command) {
        if (SERVICES.contains(command.path("service").asString(""))) {
          return command;
        }
        refuse(file, number, "service is one of schedule, delegation, announcement");
      } else {
        refuse(file, number, "not a JSON object");
      }
    } catch (JacksonException e) {
      refuse(file, number, "not JSON: " + e.getOriginalMessage());
    }
    return null;
  }

  private void waitForOthers(String service, ObjectNode command) {
    Map<String, String> known = tokens.get(command.path("negotiation").asString(""));
    if (known == null) {
      return;
    }
    List<String> others = new ArrayList<>();
    known.forEach(
        (other, token) -> {
          if (!other.equals(service)) {
            others.add(token);
          }
        });
    if (!others.isEmpty()) {
      ArrayNode after =
          command.path("after") instanceof ArrayNode own ? own : command.putArray("after");
      others.forEach(after::add);
    }
  }

  private void send(Path file, Batch batch) throws CommandFailed {
    if (batch.size() == 0) {
      return;
    }
    for (Batch.Result result : sender.send(batch)) {
      if (result.status() == 200) {
        unchanged++;
      } else if (result.status() == 201) {
        accepted++;
      } else {
        refuse(file, result.line(), result.said());
      }
      Optional.ofNullable(result.token())
          .filter(token -> !token.contains(RESTRICTED))
          .ifPresent(
              token ->
                  tokens
                      .computeIfAbsent(result.negotiation(), any -> new LinkedHashMap<>())
                      .put(batch.service(), token));
    }
  }

  private void refuse(Path file, int line, String why) {
    refused++;
    progress.end();
    System.out.println(file + ":" + line + ": " + why);
  }
}
