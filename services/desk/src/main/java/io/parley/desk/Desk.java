package io.parley.desk;

import io.parley.embedded.DirectoryLock;
import io.parley.embedded.EmbeddedBroker;
import io.parley.embedded.EmbeddedDatabase;
import io.parley.journal.reading.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Everything on one machine: broker, database and the four services, over one data directory.
 *
 * <p>They start in this order and stop in the opposite one; what they store stays.
 */
final class Desk implements AutoCloseable {
  static final String USAGE =
      """
      usage: ./parley up [--port 8080] [--data DIR]

      Starts all services, a broker and a database, on the loopback interface, and says
      "ready http://127.0.0.1:PORT" once every path serves. Ctrl-C or SIGTERM stops it; data is kept
      in DIR (.data beside ./parley). Port 0 takes a free one. While it runs, DIR/url and DIR/broker hold
      its address and the broker's; DIR/parley.log tells more.
      """;

  /** Held, for its level goes with it. It says at each stop that what it had is closed twice. */
  private static final java.util.logging.Logger TELEMETRY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final String LOOPBACK = "127.0.0.1";

  private final Path data;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private volatile boolean failed;
  private volatile String url = "";

  private Desk(Path data) {
    this.data = data;
  }

  static void up(List<String> given) throws CommandFailed {
    Desk desk = start(Arguments.parse(given, Set.of("port", "data")));
    System.out.println("ready " + desk.url());
    desk.awaitSignal();
  }

  /** Starts everything on the port and the data directory that the arguments name. */
  static Desk start(Arguments arguments) throws CommandFailed {
    if (!arguments.rest().isEmpty()) {
      throw new CommandFailed(
          CommandFailed.BAD_USAGE, "what is " + arguments.rest().getFirst() + "?");
    }
    return start(data(arguments), arguments.number("port", 8080, 0, 65_535));
  }

  static Desk start(Path data, int port) throws CommandFailed {
    // Before the first logger is made: the log belongs to the data.
    System.setProperty("parley.log", data.resolve("parley.log").toString());
    // Spring would set logging up again while the broker logs, and say so on the console.
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    // It logs by the JDK's own means, which is the console.
    TELEMETRY.setLevel(Level.WARNING);
    Desk desk = new Desk(data);
    Thread onSignal = new Thread(desk::stopOnSignal, "stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      desk.startAll(port);
      return desk;
    } catch (CommandFailed | RuntimeException e) {
      desk.fail();
      throw e;
    }
  }

  /** The data directory that the arguments name, or the one beside the launcher. */
  static Path data(Arguments arguments) {
    return arguments
        .option("data", "PARLEY_DATA")
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("parley.home", "."), ".data"))
        .toAbsolutePath()
        .normalize();
  }

  /** Where the instance on a data directory answers, if one runs. */
  static Optional<String> runningOn(Path data) {
    try {
      return Optional.of(Files.readString(data.resolve("url")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where it answers. */
  String url() {
    return url;
  }

  /** Speaks to it with a role. */
  Origin origin(String role) throws CommandFailed {
    String token = DeskKey.in(data).token(List.of(role), "desk", Duration.ofHours(1));
    return new Origin(url, Optional.of(token));
  }

  /** Stops everything, with the status of a failure. */
  void fail() {
    failed = true;
    close();
  }

  void awaitSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (started) {
      while (!started.isEmpty()) {
        AutoCloseable last = started.pop();
        try {
          last.close();
        } catch (Exception e) {
          log().warn("{} did not stop in good order", last, e);
        }
      }
    }
  }

  private void startAll(int port) throws CommandFailed {
    try {
      started.push(
          DirectoryLock.tryLock(data)
              .orElseThrow(() -> new CommandFailed(CommandFailed.SAID_NO, taken())));
      // What a killed one left behind leads nowhere.
      Files.deleteIfExists(data.resolve("url"));
      Files.deleteIfExists(data.resolve("broker"));
      requireFree(port);
      DeskKey.in(data);
      log().info("starting on {}", data);
      EmbeddedBroker broker;
      EmbeddedDatabase database;
      try (var threads = Executors.newSingleThreadExecutor()) {
        Future<EmbeddedDatabase> starting =
            threads.submit(() -> EmbeddedDatabase.start(data.resolve("postgresql"), 0));
        try {
          broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
          started.push(broker);
          // For Kafka's own tools, and any other client of the topics.
          Path address = data.resolve("broker");
          Files.writeString(address, broker.bootstrapServers());
          started.push(() -> Files.deleteIfExists(address));
        } finally {
          database = result(starting);
          started.push(database);
        }
      }
      ConfigurableApplicationContext services = services(port, broker, database);
      started.push(services);
      url = "http://" + LOOPBACK + ":" + services.getEnvironment().getProperty("local.server.port");
      awaitReady();
      Path file = data.resolve("url");
      Files.writeString(file, url);
      started.push(() -> Files.deleteIfExists(file));
    } catch (IOException e) {
      throw cannotStart(e);
    }
  }

  private ConfigurableApplicationContext services(
      int port, EmbeddedBroker broker, EmbeddedDatabase database) throws CommandFailed {
    Map<String, Object> settings =
        Map.ofEntries(
            Map.entry("server.port", port),
            Map.entry("parley.kafka.bootstrap-servers", broker.bootstrapServers()),
            Map.entry("parley.state-directory", data.resolve("streams")),
            Map.entry("parley.audit.spool-directory", data.resolve("exports")),
            Map.entry("parley.security.keys", DeskKey.publicKeys(data)),
            Map.entry("parley.security.issuer", SigningKey.ISSUER),
            Map.entry("parley.security.audience", SigningKey.AUDIENCE),
            Map.entry("spring.r2dbc.url", database.url()),
            Map.entry("spring.r2dbc.username", database.username()),
            Map.entry("spring.r2dbc.password", database.password()));
    SpringApplication application = new SpringApplication(DeskApplication.class);
    // It would run beside our own, in no order, and take the broker away from the services.
    application.setRegisterShutdownHook(false);
    // As arguments and not as defaults: a variable of the environment must not lead elsewhere.
    String[] arguments =
        settings.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .toArray(String[]::new);
    try {
      return application.run(arguments);
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof PortInUseException) {
          throw portInUse(port);
        }
      }
      throw cannotStart(e);
    }
  }

  private void awaitReady() throws CommandFailed {
    Origin origin = new Origin(url, Optional.empty());
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    Origin.Answer answer = origin.get("/actuator/health/readiness");
    while (answer.status() != 200) {
      if (System.nanoTime() > deadline) {
        throw new CommandFailed(
            CommandFailed.SAID_NO,
            "not ready within " + READY_WITHIN.toSeconds() + " s: " + answer.body());
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw cannotStart(e);
      }
      answer = origin.get("/actuator/health/readiness");
    }
  }

  private void stopOnSignal() {
    close();
    if (!failed) {
      // A stop that was asked for is no failure: without this the status would be 143.
      Runtime.getRuntime().halt(0);
    }
  }

  private String taken() {
    String where = runningOn(data).map(address -> " at " + address).orElse("");
    return "another Parley runs on " + data + where;
  }

  private CommandFailed cannotStart(Throwable why) {
    log().error("cannot start", why);
    Throwable cause = why;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String said = Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    return new CommandFailed(
        CommandFailed.SAID_NO,
        "cannot start: %s (%s tells more)"
            .formatted(said.lines().findFirst().orElse(""), data.resolve("parley.log")),
        why);
  }

  private static <T> T result(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static void requireFree(int port) throws CommandFailed {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw portInUse(port);
    }
  }

  private static CommandFailed portInUse(int port) {
    return new CommandFailed(
        CommandFailed.SAID_NO, "port " + port + " is in use: choose another with --port");
  }

  /** Not a constant: the first logger must come after the log's place is known. */
  private static Logger log() {
    return LoggerFactory.getLogger(Desk.class);
  }
}
