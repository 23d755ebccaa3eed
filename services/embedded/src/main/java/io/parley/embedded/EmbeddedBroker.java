package io.parley.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker and its controller (KRaft) in this JVM, on the loopback interface. Its data stays
 * in its directory: a later start on the same directory, on any port, finds the same topics.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final int NODE_ID = 1;

  private final KafkaRaftServer server;
  private final int port;
  private boolean closed;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker and returns once it answers.
   *
   * @param data directory of its logs, made and formatted where there is none; one broker at a time
   * @param port port to listen on, or 0 for a free one
   * @throws IOException where the directory cannot be used, the port is taken, or no answer comes
   */
  public static EmbeddedBroker start(Path data, int port) throws IOException {
    if (port != 0 && !FreePort.isFree(port)) {
      throw new IOException("port " + port + " is in use");
    }
    Files.createDirectories(data);
    int listen = FreePort.orFree(port);
    Map<String, String> settings = settings(data.toAbsolutePath(), listen, FreePort.orFree(0));
    Path logs = data.toAbsolutePath().resolve("logs");
    if (!Files.exists(logs.resolve("meta.properties"))) {
      format(data.toAbsolutePath(), settings);
    }
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties(settings), false), Time.SYSTEM);
    EmbeddedBroker broker = new EmbeddedBroker(server, listen);
    try {
      server.startup();
      broker.awaitAnswer();
    } catch (RuntimeException | IOException e) {
      broker.close();
      throw e;
    }
    return broker;
  }

  /** What clients connect to. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Stops the broker; what was acknowledged is in its logs. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.shutdown();
    server.awaitShutdown();
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    Map<String, Object> client =
        Map.of("bootstrap.servers", bootstrapServers(), "reconnect.backoff.ms", 20);
    var answerWithin =
        new DescribeClusterOptions().timeoutMs(Math.toIntExact(READY_WITHIN.toMillis()));
    try (Admin admin = Admin.create(client)) {
      // The broker is named in the answer only once its controller has unfenced it.
      while (admin.describeCluster(answerWithin).nodes().get().isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the broker did not answer within " + READY_WITHIN);
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the broker started", e);
    } catch (ExecutionException e) {
      throw new IOException("the broker did not answer", e);
    }
  }

  private static void format(Path data, Map<String, String> settings) throws IOException {
    Path file = data.resolve("format.properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties(settings).store(out, null);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    String[] arguments = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    int status;
    try (PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      status = StorageTool.execute(arguments, print);
    } finally {
      Files.deleteIfExists(file);
    }
    if (status != 0) {
      throw new IOException("cannot format " + data + ": " + said.toString(StandardCharsets.UTF_8));
    }
  }

  private static Properties properties(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  private static Map<String, String> settings(Path data, int port, int controllerPort) {
    Map<String, String> s = new TreeMap<>();
    s.put("node.id", Integer.toString(NODE_ID));
    s.put("process.roles", "broker,controller");
    s.put("log.dirs", data.resolve("logs").toString());

    s.put("listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    s.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
    s.put("inter.broker.listener.name", "BROKER");
    s.put("controller.listener.names", "CONTROLLER");
    s.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    // A voter given here, and not in the log, may have another port at every start.
    s.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);

    s.putAll(BrokerSettings.COMMON);

    s.put("num.network.threads", "2");
    s.put("num.io.threads", "4");
    s.put("background.threads", "2");
    s.put("log.cleaner.dedupe.buffer.size", "4194304");
    s.put("log.index.size.max.bytes", "2097152");
    return s;
  }
}
