package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Where a service runs apart, one setting makes its log JSON, a line an object, with the ids of the
 * trace and of the step; without it the log stays as people read it.
 */
@Timeout(240)
class JsonLogsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @TempDir private Path directory;

  @Test
  void oneSettingMakesTheLogJsonWithTheIdsOfTheTrace() throws Exception {
    List<String> lines = log("--logging.structured.format.console=logstash");
    List<JsonNode> failures = new ArrayList<>();
    for (String line : lines) {
      JsonNode entry = Origin.JSON.readTree(line);
      assertThat(entry.isObject()).as(line).isTrue();
      if (entry.path("level").asString("").equals("ERROR")) {
        failures.add(entry);
      }
    }
    assertThat(failures).hasSize(1);
    JsonNode failure = failures.getFirst();
    assertThat(failure.path("message").asString()).startsWith("GET /fails failed");
    assertThat(failure.path("traceId").asString()).isEqualTo(TRACE);
    assertThat(failure.path("spanId").asString()).matches("[0-9a-f]{16}");
    assertThat(failure.path("stack_trace").asString()).contains("on purpose");
  }

  @Test
  void withoutItTheLogStaysReadable() throws Exception {
    List<String> lines = log();
    assertThat(lines).anyMatch(line -> line.contains("GET /fails failed, trace " + TRACE));
    assertThat(lines).allSatisfy(line -> assertThat(isJson(line)).as(line).isFalse());
  }

  private static boolean isJson(String line) {
    try {
      return Origin.JSON.readTree(line).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  /** What a process says that has no logging configuration but Spring Boot's, as a deployment. */
  private List<String> log(String... settings) throws Exception {
    Path own = Files.createDirectories(directory.resolve("classes"));
    Path tests =
        Path.of(JsonLogs.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    for (String name : List.of("JsonLogs", "JsonLogs$Failing")) {
      String file = "io/parley/desk/" + name + ".class";
      Files.createDirectories(own.resolve("io/parley/desk"));
      Files.copy(tests.resolve(file), own.resolve(file));
    }
    String path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Files.exists(Path.of(entry, "logback.xml")))
            .filter(entry -> !Files.exists(Path.of(entry, "logback-test.xml")))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                own + File.pathSeparator + path,
                JsonLogs.class.getName(),
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.r2dbc.url=r2dbc:postgresql://nobody@127.0.0.1:1/none",
                "--traceparent=00-" + TRACE + "-b7ad6b7169203331-01"));
    command.addAll(List.of(settings));
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve("errors.txt").toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
      List<String> lines = Files.readAllLines(output);
      assertThat(process.exitValue()).as("%s", lines).isZero();
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }
}
