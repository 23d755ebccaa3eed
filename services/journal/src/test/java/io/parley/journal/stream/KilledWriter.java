package io.parley.journal.stream;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A writer in a process of its own, which ends by kill -9 and starts again. */
final class KilledWriter implements AutoCloseable {
  private final World world;
  private final String kind;
  private Process process;

  private KilledWriter(World world, String kind, Process process) {
    this.world = world;
    this.kind = kind;
    this.process = process;
  }

  static KilledWriter start(World world, String kind) throws IOException {
    return new KilledWriter(world, kind, run(world, kind));
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " survived its kill");
    }
  }

  void startAgain() throws IOException {
    process = run(world, kind);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static Process run(World world, String kind) throws IOException {
    var kafka = world.properties().kafka();
    var builder =
        new ProcessBuilder(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.parley.schemas",
                WriterMain.class.getName(),
                kafka.bootstrapServers(),
                world.properties().stateDirectory().toString(),
                world.name(),
                Integer.toString(kafka.partitions()),
                kind));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
