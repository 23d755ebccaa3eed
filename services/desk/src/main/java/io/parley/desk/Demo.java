package io.parley.desk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Starts everything, loads the example, and shows its board. */
final class Demo {
  static final String USAGE =
      """
      usage: ./parley demo [--port 8080] [--data DIR]

      up, then loads examples/istanbul-2025/commands.ndjson, prints the board and the URLs, and
      stays up until Ctrl-C or SIGTERM. A second demo on the same data loads nothing again.
      """;

  private static final String NEGOTIATION = "istanbul-2025";

  private Demo() {}

  static void run(List<String> given) throws CommandFailed {
    Arguments arguments = Arguments.parse(given, Set.of("port", "data"));
    Path example = example();
    Path data = Desk.data(arguments);
    Desk desk = Desk.start(arguments);
    try {
      System.out.println("ready " + desk.url());
      Origin origin = desk.origin("editor");
      String[] tokens = load(origin, example, data);
      new Board(origin, desk.origin("auditor"), NEGOTIATION, tokens).print(System.out);
    } catch (CommandFailed e) {
      desk.fail();
      throw e;
    }
    desk.awaitSignal();
  }

  private static String[] load(Origin origin, Path example, Path data) throws CommandFailed {
    // Keys are remembered for a day; a mark in the data tells for longer that all is loaded.
    try {
      Path mark = data.resolve("loaded-" + Batch.key(Files.readString(example)));
      if (Files.exists(mark)) {
        return new String[0];
      }
      Load load = new Load(origin, Progress.over(List.of(example)));
      load.files(List.of(example));
      if (load.refused() == 0) {
        Files.createFile(mark);
      }
      return load.tokens(NEGOTIATION);
    } catch (IOException e) {
      throw new CommandFailed(CommandFailed.SAID_NO, "cannot read " + example, e);
    }
  }

  private static Path example() throws CommandFailed {
    Path file =
        Path.of(System.getProperty("parley.home", "."))
            .resolve("examples")
            .resolve(NEGOTIATION)
            .resolve("commands.ndjson");
    if (!Files.isReadable(file)) {
      throw new CommandFailed(CommandFailed.SAID_NO, "no example at " + file);
    }
    return file;
  }
}
