package io.parley.desk;

import static io.parley.desk.SharedDesk.BASE;
import static io.parley.desk.SharedDesk.N;
import static io.parley.desk.SharedDesk.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.parley.desk.DeskProcess.Reply;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document of a running desk is worth something to others: a public linter finds
 * nothing in it, and a client that is generated from it compiles and reads the Istanbul board.
 */
@ExtendWith(SharedDesk.Given.class)
@Timeout(600)
class ApiDocumentTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path KEPT =
      Path.of("..", "..", "docs", "openapi.json").toAbsolutePath().normalize();
  private static final String COMMAND =
      "mvn -pl services/desk -am test -Dtest=ApiDocumentTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dparley.rewrite=true";
  private static final Path SOURCES = Path.of("src/test/openapi").toAbsolutePath();
  private static final Path GENERATOR =
      Path.of("target/openapi-generator/openapi-generator-cli.jar").toAbsolutePath();
  private static final String SCOPE = "city:istanbul";

  private final DeskProcess desk;

  ApiDocumentTest(SharedDesk shared) {
    this.desk = shared.process();
  }

  /** What a run said. */
  private record Said(int code, List<String> lines, String all) {}

  @Test
  void thePublicLinterFindsNothing(@TempDir Path directory) throws Exception {
    install(directory);
    ObjectNode document = document();
    Said said = lint(directory, document);
    assertThat(said.code).as(said.all).isZero();
    // It would say so: a schema that is gone, a path without a summary, one without an id.
    document.withObject("/components/schemas").remove("Seat");
    assertThat(lint(directory, document))
        .satisfies(broken -> assertThat(broken.code).isNotZero())
        .satisfies(broken -> assertThat(broken.all).contains("no-unresolved-refs"));
    ObjectNode silent = document();
    ((ObjectNode) silent.at("/paths/~1api~1negotiations/get")).remove("summary");
    assertThat(lint(directory, silent).all).contains("operation-summary");
  }

  /** Services that run apart hand that file out, each of which could only describe itself. */
  @Test
  void itIsTheOneThatIsKept() throws Exception {
    ObjectNode document = document();
    // Where this desk happens to be.
    document.remove("servers");
    String text = document.toPrettyString() + "\n";
    if (Boolean.getBoolean("parley.rewrite")) {
      Files.writeString(KEPT, text);
    }
    assertThat(JSON.readTree(KEPT))
        .as("%s does not say what is so; rewrite it with%n%s", KEPT, COMMAND)
        .isEqualTo(document);
  }

  @Test
  void aGeneratedClientReadsTheBoard(@TempDir Path directory) throws Exception {
    List<String> expected = new ArrayList<>();
    expected.add(text(read(BASE), "/title"));
    for (JsonNode seat : read(BASE + "/attendance?scope=" + SCOPE).get("people")) {
      JsonNode because = seat.get("because");
      expected.add(
          "%s %s %s"
              .formatted(
                  text(seat, "/name"),
                  text(seat, "/derived"),
                  because.isEmpty() ? "" : because.get(0).get("sequence").asString()));
    }
    assertThat(expected).hasSizeGreaterThan(3);
    Path classes = client(directory, document());
    Said said =
        run(
                directory,
                List.of(
                    java("java"),
                    "-cp",
                    classes + File.pathSeparator + System.getProperty("java.class.path"),
                    "ReadsTheBoard",
                    desk.url(),
                    N,
                    SCOPE))
            .orElseThrow();
    assertThat(said.code).as(said.all).isZero();
    assertThat(said.lines).containsExactlyElementsOf(expected);
  }

  private ObjectNode document() throws IOException {
    return (ObjectNode) read("/v3/api-docs");
  }

  private JsonNode read(String path) throws IOException {
    Reply reply = desk.get(path);
    assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
    return reply.json();
  }

  /** Generates and compiles a client, with what reads the board by it. */
  private static Path client(Path directory, ObjectNode document) throws Exception {
    assertThat(GENERATOR).as("the build puts it there").exists();
    Files.writeString(directory.resolve("api.json"), document.toString());
    Path sources = directory.resolve("client");
    Said generated =
        run(
                directory,
                List.of(
                    java("java"),
                    "-jar",
                    GENERATOR.toString(),
                    "generate",
                    "--input-spec=api.json",
                    "--generator-name=java",
                    "--library=native",
                    "--output=" + sources,
                    "--invoker-package=io.parley.client",
                    "--api-package=io.parley.client.api",
                    "--model-package=io.parley.client.model",
                    "--global-property=apis,models,supportingFiles,apiTests=false,modelTests=false,"
                        + "apiDocs=false,modelDocs=false",
                    "--additional-properties=openApiNullable=false,useJakartaEe=true,"
                        + "useSingleRequestParameter=true"))
            .orElseThrow();
    assertThat(generated.code).as(generated.all).isZero();
    Path classes = Files.createDirectory(directory.resolve("classes"));
    List<String> compile = new ArrayList<>();
    compile.addAll(
        List.of(
            java("javac"),
            "-nowarn",
            "-proc:none",
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            SOURCES.resolve("ReadsTheBoard.java").toString()));
    try (Stream<Path> files = Files.walk(sources.resolve("src/main/java"))) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(compile::add);
    }
    Said compiled = run(directory, compile).orElseThrow();
    assertThat(compiled.code).as(compiled.all).isZero();
    return classes;
  }

  private static Said lint(Path directory, ObjectNode document) throws Exception {
    Files.writeString(directory.resolve("api.json"), document.toString());
    return run(
            directory, List.of("node", "node_modules/@redocly/cli/bin/cli.js", "lint", "api.json"))
        .orElseThrow();
  }

  private static void install(Path directory) throws Exception {
    for (String tool : List.of("node", "npm")) {
      if (run(directory, List.of(tool, "--version")).isEmpty()) {
        abort(tool + " is not installed: the API's description is not linted");
      }
    }
    for (String file : List.of("package.json", "package-lock.json", ".npmrc", "redocly.yaml")) {
      Files.copy(SOURCES.resolve(file), directory.resolve(file));
    }
    Said said =
        run(directory, List.of("npm", "ci", "--ignore-scripts", "--prefer-offline")).orElseThrow();
    if (said.code != 0) {
      if (said.all.matches("(?s).*(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH).*")) {
        abort("npm's registry cannot be reached: the API's description is not linted");
      }
      throw new AssertionError(said.all);
    }
  }

  private static String java(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  /** Runs a command; empty where there is no such command. */
  private static Optional<Said> run(Path directory, List<String> command) throws Exception {
    Path output = Files.createTempFile(directory, "said", ".txt");
    Path errors = Files.createTempFile(directory, "errors", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    // It would say what it was used for.
    builder.environment().put("REDOCLY_TELEMETRY", "off");
    builder.environment().put("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    Process process;
    try {
      process = builder.start();
    } catch (IOException notInstalled) {
      return Optional.empty();
    }
    try {
      if (!process.waitFor(4, TimeUnit.MINUTES)) {
        throw new AssertionError(command + " does not end: " + Files.readString(errors));
      }
      List<String> lines = Files.readAllLines(output);
      return Optional.of(
          new Said(
              process.exitValue(), lines, String.join("\n", lines) + Files.readString(errors)));
    } finally {
      process.destroyForcibly();
    }
  }
}
