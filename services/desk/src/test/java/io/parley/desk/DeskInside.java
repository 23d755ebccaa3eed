package io.parley.desk;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.jwk.ECKey;
import io.parley.embedded.EmbeddedBroker;
import io.parley.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The desk in the test's own process, so that a test can look at its handlers and at all that it
 * logs; our own loggers tell everything.
 */
final class DeskInside implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(4);

  private final Path directory = Files.createTempDirectory("parley-inside");
  private final Path data = directory.resolve("data");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final EmbeddedBroker broker;
  private final EmbeddedDatabase database;
  private final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  DeskInside(Class<?>... beside) throws Exception {
    // Set up again with the application, logging would forget who listens.
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    logger("io.parley").setLevel(Level.DEBUG);
    log.start();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(log);
    Files.createDirectories(data);
    DeskKey.in(data);
    broker = EmbeddedBroker.start(data.resolve("kafka"), 0);
    database = EmbeddedDatabase.start(data.resolve("postgresql"), 0);
    List<Class<?>> sources = new ArrayList<>(List.of(beside));
    sources.add(DeskApplication.class);
    context =
        new SpringApplication(sources.toArray(new Class<?>[0]))
            .run(
                "--server.port=0",
                "--parley.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--parley.state-directory=" + data.resolve("streams"),
                "--parley.security.keys=" + DeskKey.publicKeys(data),
                "--spring.r2dbc.url=" + database.url(),
                "--spring.r2dbc.username=" + database.username(),
                "--spring.r2dbc.password=" + database.password());
    long end = System.nanoTime() + READY_WITHIN.toNanos();
    while (send("GET", "/actuator/health/readiness", "").statusCode() != 200) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not ready in time");
      }
    }
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  /** The private half of the key that it believes. */
  ECKey key() throws Exception {
    return ECKey.parse(Files.readString(data.resolve("keys").resolve("private.jwk.json")));
  }

  String databasePassword() {
    return database.password();
  }

  String token(String... roles) throws CommandFailed {
    return DeskKey.in(data).token(List.of(roles), String.join("+", roles), Duration.ofHours(1));
  }

  /** Everything that was logged since before the start. */
  String logged() {
    StringBuilder all = new StringBuilder();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      all.append(event.getLevel()).append(' ').append(event.getLoggerName()).append(' ');
      all.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() != null) {
        all.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
      }
    }
    return all.toString();
  }

  /** Asks with a token, or with none; headers are name and value by turns. */
  HttpResponse<String> send(String method, String path, String token, String... headers)
      throws IOException {
    return send(request(path, token, headers).method(method, noBody()));
  }

  /** Sends a command. */
  HttpResponse<String> command(String service, String token, String body) throws IOException {
    return send(
        request("/api/" + service + "/commands", token, "Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path, String token, String... headers) {
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(90));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  @Override
  public void close() throws IOException {
    context.close();
    broker.close();
    database.close();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(log);
    logger("io.parley").setLevel(Level.INFO);
    System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
