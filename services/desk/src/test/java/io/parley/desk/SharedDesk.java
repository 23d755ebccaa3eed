package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.DeskProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.JsonNode;

/**
 * One desk for all test classes that ask for it: the example was loaded, loaded again, and then its
 * continuation; what was answered in between is kept.
 */
final class SharedDesk implements AutoCloseable {
  static final String N = "istanbul-2025";
  static final String BASE = "/api/negotiations/" + N;
  static final Path EXAMPLE = Path.of("../../examples/istanbul-2025").toAbsolutePath().normalize();

  /** Everything that is served of the example, in each of its forms. */
  static final List<String> PATHS =
      List.of(
          BASE,
          BASE + "/delegations",
          BASE + "/delegations/ru",
          BASE + "/schedule",
          BASE + "/schedule?at=2025-05-15",
          BASE + "/meetings/opening",
          BASE + "/meetings/zelenskyy-erdogan",
          BASE + "/meetings/allies-antalya",
          BASE + "/announcements",
          BASE + "/announcements?topic=ceasefire",
          BASE + "/announcements/ru-decree-delegation",
          BASE + "/announcements/us-trump-willing/versions",
          BASE + "/announcements.atom",
          BASE + "/schedule.ics",
          BASE + "/positions",
          BASE + "/proposals",
          BASE + "/claims",
          BASE + "/claims?contested=true",
          BASE + "/drafts",
          BASE + "/drafts/istanbul-2022",
          BASE + "/agreements",
          BASE + "/attendance",
          BASE + "/attendance?scope=city:istanbul",
          BASE + "/attendance/vladimir-putin/dependents",
          BASE + "/conflicts",
          BASE + "/diff?from=49&to=52",
          BASE + "/timeline");

  private final Path directory;
  private final DeskProcess process;
  private final Map<String, String> first;
  private final Map<String, String> again;

  /** Hands the one desk to whoever asks; it ends with the last test. */
  static final class Given implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedDesk.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(SharedDesk.class))
          .computeIfAbsent(SharedDesk.class, key -> started(), SharedDesk.class);
    }
  }

  private SharedDesk(Path directory, DeskProcess process) throws Exception {
    this.directory = directory;
    this.process = process;
    first = answers(process, load(process, "commands.ndjson"));
    again = answers(process, load(process, "commands.ndjson"));
    String[] tokens = load(process, "continuation.ndjson");
    assertThat(process.after(BASE, tokens).status()).isEqualTo(200);
  }

  private static SharedDesk started() {
    try {
      Path directory = Files.createTempDirectory("parley-desk");
      DeskProcess process = DeskProcess.start(directory.resolve("data"));
      try {
        return new SharedDesk(directory, process);
      } catch (Exception | AssertionError e) {
        process.close();
        throw e;
      }
    } catch (Exception e) {
      throw new IllegalStateException("the desk cannot be started", e);
    }
  }

  /** Loads a file of the example as {@code ./parley load} does; what a read then waits for. */
  static String[] load(DeskProcess process, String file) throws CommandFailed {
    List<Path> files = List.of(EXAMPLE.resolve(file));
    Load load = new Load(process.origin(), Progress.over(files));
    load.files(files);
    assertThat(load.refused()).as("refused of %s", file).isZero();
    return load.tokens(N);
  }

  /** What each path answers once the tokens are known. */
  static Map<String, String> answers(DeskProcess process, String... tokens) throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String path : PATHS) {
      Reply reply = process.after(path, tokens);
      assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
      answers.put(path, reply.body());
    }
    return answers;
  }

  DeskProcess process() {
    return process;
  }

  /** What each path answered once the example was loaded. */
  Map<String, String> first() {
    return first;
  }

  /** The same after it was loaded again. */
  Map<String, String> again() {
    return again;
  }

  /** How long the timeline was when the example was loaded. */
  int length() {
    return json(first, BASE + "/timeline").get("items").size();
  }

  /** What a path under the negotiation answers as of a moment; 200. */
  JsonNode asOf(Object moment, String path) throws IOException {
    String separator = path.contains("?") ? "&" : "?";
    return now(path + separator + "asOf=" + moment);
  }

  /** What a path under the negotiation answers now; 200. */
  JsonNode now(String path) throws IOException {
    Reply reply = process.get(BASE + path);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
    return reply.json();
  }

  /** The timeline of the example, without its continuation. */
  List<JsonNode> timeline() {
    return list(json(first, BASE + "/timeline").get("items"));
  }

  /** Sequence of the first entry of this type about this aggregate. */
  long sequence(String type, String aggregate) {
    return timeline().stream()
        .filter(entry -> text(entry, "/type").equals(type))
        .filter(entry -> text(entry, "/aggregate").equals(aggregate))
        .findFirst()
        .orElseThrow()
        .get("sequence")
        .asLong();
  }

  static JsonNode json(Map<String, String> answers, String path) {
    return Origin.JSON.readTree(answers.getOrDefault(path, ""));
  }

  static List<JsonNode> list(JsonNode array) {
    assertThat(array.isArray()).as("a list: %s", array).isTrue();
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The texts at a pointer in each item of a list. */
  static List<String> texts(JsonNode array, String pointer) {
    return list(array).stream().map(item -> text(item, pointer)).toList();
  }

  /** The text at a pointer; the word null where there is none. */
  static String text(JsonNode node, String pointer) {
    JsonNode at = node.at(pointer);
    assertThat(at.isMissingNode()).as("%s in %s", pointer, node).isFalse();
    return at.isNull() ? "null" : at.asString();
  }

  /** The one item of a list with this text at a pointer. */
  static JsonNode find(JsonNode array, String pointer, String text) {
    List<JsonNode> found =
        list(array).stream().filter(item -> text(item, pointer).equals(text)).toList();
    assertThat(found).as("%s = %s in %s", pointer, text, array).hasSize(1);
    return found.getFirst();
  }

  /** Every item of a list, page by page. */
  static List<JsonNode> pages(DeskProcess process, String path, int limit) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    String next = path + (path.contains("?") ? "&" : "?") + "limit=" + limit;
    while (!next.isEmpty()) {
      Reply reply = process.get(next);
      assertThat(reply.status()).as("%s: %s", next, reply.body()).isEqualTo(200);
      items.addAll(list(reply.json().get("items")));
      String link = reply.header("Link");
      next = link.isEmpty() ? "" : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
      assertThat(reply.json().get("next").isNull()).isEqualTo(next.isEmpty());
    }
    return items;
  }

  @Override
  public void close() throws IOException {
    try (process) {
      // In good order, so that the database is gone before its files are.
      assertThat(process.terminate(Duration.ofMinutes(1))).as("exit code").hasValue(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (var walked = Files.walk(directory)) {
      paths = walked.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
