package io.parley.desk;

import static io.parley.desk.SharedDesk.pages;
import static io.parley.desk.SharedDesk.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Clients of another make (KafkaJS, on Node.js) read all events of a running desk, by the addresses
 * that any user has: DIR/broker, and the desk as the registry.
 */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class AnotherMakeTest {
  private final DeskProcess desk;

  AnotherMakeTest(SharedDesk shared) {
    this.desk = shared.process();
  }

  /** What a run said. */
  private record Said(int code, List<String> lines, String errors) {}

  @Test
  void everyEventOfTheTimelineIsDecodedThroughTheRegistry(@TempDir Path directory)
      throws Exception {
    install(directory);
    Set<String> expected = new TreeSet<>();
    for (JsonNode negotiation : pages(desk, "/api/negotiations", 100)) {
      String path = "/api/negotiations/" + text(negotiation, "/negotiation") + "/timeline";
      for (JsonNode entry : pages(desk, path, 1000)) {
        expected.add(
            "%s.events io.parley.%s.%s %s"
                .formatted(
                    text(entry, "/service"),
                    text(entry, "/service"),
                    text(entry, "/type"),
                    text(entry, "/id")));
      }
    }
    // No number of events is given: it ends at the end of what is there.
    Said said =
        run(directory, List.of("node", "consume.js", desk.broker(), desk.url())).orElseThrow();
    assertThat(said.code).as(said.errors).isZero();
    List<String> read = new ArrayList<>();
    for (String line : said.lines) {
      JsonNode event = Origin.JSON.readTree(line);
      read.add(
          "%s %s %s"
              .formatted(
                  text(event, "/topic"),
                  text(event, "/headers/ce_type"),
                  text(event, "/event/header/id")));
    }
    assertThat(read).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void install(Path directory) throws Exception {
    for (String tool : List.of("node", "npm")) {
      if (run(directory, List.of(tool, "--version")).isEmpty()) {
        abort(tool + " is not installed: clients of another make are not tried");
      }
    }
    Path sources = Path.of("../../schemas/interop").toAbsolutePath().normalize();
    for (String file : List.of("package.json", "package-lock.json", ".npmrc", "consume.js")) {
      Files.copy(sources.resolve(file), directory.resolve(file));
    }
    Said said =
        run(directory, List.of("npm", "ci", "--ignore-scripts", "--prefer-offline")).orElseThrow();
    if (said.code != 0) {
      if (said.errors.matches("(?s).*(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH).*")) {
        abort("npm's registry cannot be reached: clients of another make are not tried");
      }
      throw new AssertionError(said.errors);
    }
  }

  /** Runs a command; empty where there is no such command. */
  private static Optional<Said> run(Path directory, List<String> command) throws Exception {
    Path output = Files.createTempFile(directory, "said", ".txt");
    Path errors = Files.createTempFile(directory, "errors", ".txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new AssertionError(command + " does not end: " + Files.readString(errors));
      }
      return Optional.of(
          new Said(process.exitValue(), Files.readAllLines(output), Files.readString(errors)));
    } finally {
      process.destroyForcibly();
    }
  }
}
