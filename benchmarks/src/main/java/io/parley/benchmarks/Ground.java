package io.parley.benchmarks;

import io.parley.embedded.EmbeddedBroker;
import io.parley.embedded.EmbeddedDatabase;
import io.parley.journal.reading.Token;
import io.parley.projection.ProjectionService;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** A broker and a database, and projection services on them. */
final class Ground implements AutoCloseable {
  private final Path scratch;
  private final EmbeddedBroker broker;
  private final EmbeddedDatabase database;

  Ground(Path scratch) throws IOException {
    this.scratch = scratch;
    this.broker = EmbeddedBroker.start(scratch.resolve("broker"), 0);
    this.database = EmbeddedDatabase.start(scratch.resolve("database"), 0);
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  EmbeddedDatabase database() {
    return database;
  }

  /** Has PostgreSQL look at what is in its tables. */
  void analyze() throws SQLException {
    try (java.sql.Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute("analyze");
    }
  }

  /**
   * Starts the projection on tables of its own.
   *
   * @param schema where they are
   * @param project whether it writes them from the start
   */
  ConfigurableApplicationContext service(String schema, boolean project) {
    List<String> arguments =
        List.of(
            "--server.port=0",
            "--server.address=127.0.0.1",
            "--parley.kafka.bootstrap-servers=" + broker.bootstrapServers(),
            "--parley.projection.schema=" + schema,
            "--parley.projection.project=" + project,
            "--parley.projection.wait-at-most=30s",
            "--parley.state-directory=" + scratch.resolve("state-" + schema),
            "--spring.r2dbc.url=" + database.url(),
            "--spring.r2dbc.username=" + database.username(),
            "--spring.r2dbc.password=" + database.password());
    return new SpringApplication(ProjectionService.class, BareSelect.class, OwnLoops.class)
        .run(arguments.toArray(new String[0]));
  }

  /** Where a service answers. */
  static URI root(ConfigurableApplicationContext service) {
    return URI.create(
        "http://127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port"));
  }

  /** Waits until the read models show these. */
  static void await(ConfigurableApplicationContext service, String negotiation, List<Token> tokens)
      throws IOException {
    String after = tokens.stream().map(Token::toString).collect(Collectors.joining(", "));
    byte[] request = get("/api/negotiations/" + negotiation, "Parley-After: " + after + "\r\n");
    List<String> said = new ArrayList<>();
    try (Connection connection = new Connection(root(service))) {
      for (int i = 0; i < 60; i++) {
        Connection.Response answer = connection.exchange(request);
        if (answer.status() == 200) {
          return;
        }
        said.add(answer.body());
      }
    }
    throw new IOException(negotiation + " is not shown after 30 minutes: " + said.getLast());
  }

  /** A request as its bytes. */
  static byte[] get(String path, String headers) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    database.close();
    broker.close();
  }

  /** Event loops of its own for each service: the end of one must not end those of another. */
  @Configuration(proxyBeanMethods = false)
  static class OwnLoops {
    @Bean
    ReactorResourceFactory loops() {
      ReactorResourceFactory loops = new ReactorResourceFactory();
      loops.setUseGlobalResources(false);
      return loops;
    }
  }
}
