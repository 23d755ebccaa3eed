package io.parley.benchmarks;

import io.parley.projection.ProjectionService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of streams in a process of its own. */
final class StreamServer implements AutoCloseable {
  private static final int MIB = 512;

  /**
   * Answered once the streams are there. Not health: the timelines that benchmarks write are no
   * real chains, which the stage finds out.
   */
  private static final byte[] NOTHING_REPLAYED =
      Ground.get(
          "/api/events?since=1970-01-01T00:00:00Z&until=1970-01-01T00:00:00Z",
          "Accept: application/x-ndjson\r\n");

  private final Process process;
  private final int port;
  private final int controlPort;

  private StreamServer(Process process, int port, int controlPort) {
    this.process = process;
    this.port = port;
    this.controlPort = controlPort;
  }

  /** The projection service, which writes no read models. */
  static StreamServer ours(List<String> prefix, Path scratch, Ground ground)
      throws IOException, InterruptedException {
    return ours(prefix, scratch, ground, "streams", MIB, List.of());
  }

  /**
   * The same on tables that are there.
   *
   * @param mib most of its heap
   */
  static StreamServer ours(
      List<String> prefix,
      Path scratch,
      Ground ground,
      String schema,
      int mib,
      List<String> settings)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>(prefix);
    command.addAll(java("-Xmx" + mib + "m", ProjectionService.class.getName()));

    command.addAll(
        List.of(
            "--server.port=" + port,
            "--server.address=127.0.0.1",
            "--parley.kafka.bootstrap-servers=" + ground.bootstrapServers(),
            "--parley.projection.schema=" + schema,
            "--parley.projection.project=false",
            "--parley.state-directory=" + scratch.resolve("state-" + port),
            "--parley.stream.connections-per-address=1000000",
            "--parley.stream.connections=1000000",
            "--parley.stream.queued-bytes=16777216",
            "--parley.stream.replay-budget=1000000000",
            "--spring.r2dbc.url=" + ground.database().url(),
            "--spring.r2dbc.username=" + ground.database().username(),
            "--spring.r2dbc.password=" + ground.database().password()));
    command.addAll(settings);
    Process process = start(command, scratch, ProcessBuilder.Redirect.DISCARD);
    StreamServer server = new StreamServer(process, port, 0);
    server.awaitReady();
    return server;
  }

  static StreamServer baseline(List<String> prefix, Path scratch, String kind) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(java("-Xmx" + MIB + "m", StreamBaseline.class.getName(), kind));
    Process process = start(command, scratch, ProcessBuilder.Redirect.PIPE);
    String line = process.inputReader(StandardCharsets.US_ASCII).readLine();
    if (line == null) {
      throw new IOException("no baseline; " + scratch.resolve("server.log") + " tells more");
    }
    int blank = line.indexOf(' ');
    return new StreamServer(
        process,
        Integer.parseInt(line.substring(0, blank)),
        Integer.parseInt(line.substring(blank + 1)));
  }

  /** A Java process with this one's classes. */
  static List<String> java(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.parley.schemas",
                "-Dreactor.netty.ioWorkerCount=1",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(arguments));
    return command;
  }

  int port() {
    return port;
  }

  int controlPort() {
    return controlPort;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Bytes of the heap that are reachable. */
  long liveBytes() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(process.pid()),
                "GC.class_histogram")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines =
        new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    jcmd.waitFor();
    String[] total =
        lines.stream()
            .filter(line -> line.startsWith("Total"))
            .findFirst()
            .orElseThrow(() -> new IOException("no histogram: " + lines))
            .split("\\s+", -1);
    return Long.parseLong(total[2]);
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (process.isAlive() && System.nanoTime() < deadline) {
      try (Connection connection = new Connection(URI.create("http://127.0.0.1:" + port))) {
        if (connection.exchange(NOTHING_REPLAYED).status() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      Thread.sleep(100);
    }
    throw new IOException("the projection service does not start");
  }

  private static Process start(List<String> command, Path scratch, ProcessBuilder.Redirect output)
      throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(output)
        .redirectError(ProcessBuilder.Redirect.appendTo(scratch.resolve("server.log").toFile()))
        .start();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
