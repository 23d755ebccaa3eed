package io.parley.projection.timeline;

import io.parley.journal.reading.Brokers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The stage in a JVM of its own, to be killed. */
final class StageProcess implements AutoCloseable {
  private final Process process;

  private StageProcess(Process process) {
    this.process = process;
  }

  static StageProcess start(String bootstrapServers, Path state, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.parley.schemas",
            "-cp",
            System.getProperty("java.class.path"),
            StageProcess.class.getName(),
            bootstrapServers,
            state.toString()));
    return new StageProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it at once, as kill -9 does. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Runs until it is killed, or until the test that started it is gone. */
  public static void main(String[] arguments) throws IOException {
    try (TimelineStage stage =
        new TimelineStage(
            TimelineSettings.of(Brokers.at(arguments[0]), (short) 1, Path.of(arguments[1])))) {
      stage.start();
      int ended = System.in.read();
      System.out.println("the test is gone: " + ended);
    }
  }
}
