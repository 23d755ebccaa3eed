package io.parley.desk;

import static io.parley.desk.SharedDesk.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.JsonNode;

/** A desk with the talks of 1995, for all tests that read them. */
final class DaytonDesk implements AutoCloseable {
  static final Path EXAMPLE = Path.of("../../examples/dayton-1995");
  static final String BASE = "/api/negotiations/dayton-1995";

  /** Announcements that the public never learns of. */
  static final Set<String> RESTRICTED = Set.of("us-failure-statement", "us-closing-communique");

  private final Path directory;
  private final DeskProcess process;
  private final List<JsonNode> lines;

  /** Hands the one desk to whoever asks; it ends with the last test. */
  static final class Given implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == DaytonDesk.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(DaytonDesk.class))
          .computeIfAbsent(DaytonDesk.class, key -> started(), DaytonDesk.class);
    }
  }

  private DaytonDesk(Path directory, DeskProcess process) throws Exception {
    this.directory = directory;
    this.process = process;
    Path file = EXAMPLE.resolve("commands.ndjson");
    lines = Files.readAllLines(file).stream().map(Origin.JSON::readTree).toList();
    Load load = new Load(process.origin(), Progress.over(List.of(file)));
    load.files(List.of(file));
    assertThat(load.refused()).as("refused").isZero();
    assertThat(process.after(BASE, load.tokens("dayton-1995")).status()).isEqualTo(200);
  }

  private static DaytonDesk started() {
    try {
      Path directory = Files.createTempDirectory("parley-dayton");
      DeskProcess process = DeskProcess.start(directory.resolve("data"));
      try {
        return new DaytonDesk(directory, process);
      } catch (Exception | AssertionError e) {
        process.close();
        throw e;
      }
    } catch (Exception e) {
      throw new IllegalStateException("the desk cannot be started", e);
    }
  }

  DeskProcess process() {
    return process;
  }

  /** The lines of the example. */
  List<JsonNode> lines() {
    return lines;
  }

  /** How many events of a line are on the timeline. */
  static int events(JsonNode line) {
    boolean restricted =
        RESTRICTED.contains(line.path("announcement").asString(""))
            || !line.path("published").asBoolean(true);
    return restricted ? 0 : line.path("type").asString().equals("TransferMember") ? 2 : 1;
  }

  /** Sequence just after the first line of this type that names all of these. */
  long after(String type, String... ids) {
    long sequence = 0;
    for (JsonNode line : lines) {
      sequence += events(line);
      if (text(line, "/type").equals(type) && Stream.of(ids).allMatch(id -> names(line, id))) {
        return sequence;
      }
    }
    throw new AssertionError("there is no line " + type + " " + List.of(ids));
  }

  private static boolean names(JsonNode line, String id) {
    return line.properties().stream()
        .map(field -> field.getValue())
        .anyMatch(value -> id.equals(value.path("id").asString(value.asString(""))));
  }

  JsonNode now(String path) throws IOException {
    Reply reply = process.get(BASE + path);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
    return reply.json();
  }

  JsonNode asOf(long sequence, String path) throws IOException {
    return now(path + (path.contains("?") ? "&" : "?") + "asOf=" + sequence);
  }

  Reply get(String path, String... headers) throws IOException {
    return process.get(path, headers);
  }

  int status(String path) throws IOException {
    return get(BASE + path).status();
  }

  @Override
  public void close() throws IOException {
    try (DeskProcess running = process) {
      // In good order, so that the database is gone before its files are.
      assertThat(running.terminate(Duration.ofMinutes(1))).as("exit code").hasValue(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the desk ended", e);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
