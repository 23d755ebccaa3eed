package io.parley.projection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** An instance of the service that can be ended, in good order or not, and started anew. */
final class StreamReplica implements AutoCloseable {
  private static final String REPLICA = "replica";

  private final Map<String, String> settings;
  private final Optional<Path> log;
  private final String schema;
  private volatile String origin = "";
  private @Nullable ConfigurableApplicationContext context;
  private @Nullable Process process;

  private StreamReplica(Map<String, String> settings, Optional<Path> log, String schema) {
    this.settings = settings;
    this.log = log;
    this.schema = schema;
  }

  /** One in this process. */
  static StreamReplica here(Map<String, String> settings) {
    return new StreamReplica(settings, Optional.empty(), REPLICA);
  }

  /** One in a process of its own, to be killed. */
  static StreamReplica apart(Map<String, String> settings, Path log) {
    return apart(settings, log, REPLICA);
  }

  /** One in a process of its own, on this schema. */
  static StreamReplica apart(Map<String, String> settings, Path log, String schema) {
    return new StreamReplica(settings, Optional.of(log), schema);
  }

  /** Where it answers, once it is started. */
  String origin() {
    return origin;
  }

  void start() throws IOException {
    if (log.isEmpty()) {
      context = Ground.service(schema, settings);
      origin = Ground.origin(context);
      return;
    }
    int port = freePort();
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
            ProjectionService.class.getName()));
    command.addAll(Ground.arguments(schema, port, settings));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.orElseThrow().toFile()))
            .start();
    origin = "http://127.0.0.1:" + port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    end();
  }

  /** Ends it: in good order where it is in this process, else as kill -9 does. */
  void end() {
    if (context != null) {
      context.close();
    }
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  void restart() {
    close();
    try {
      start();
    } catch (IOException e) {
      throw new UncheckedIOException("no process", e);
    }
  }
}
