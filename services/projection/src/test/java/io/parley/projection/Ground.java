package io.parley.projection;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.parts.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.web.reactive.server.WebTestClient;

/** One broker and one database for all tests of this process; services on top as each needs. */
final class Ground {
  private static final TestBroker BROKER;
  private static final TestDatabase DATABASE;

  static {
    try {
      BROKER = TestBroker.shared();
      DATABASE = TestDatabase.shared();
      Topics.create(
          new ParleyProperties.Kafka(BROKER.bootstrapServers(), 6, (short) 1),
          List.of(Topics.TIMELINE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ground() {}

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

  static String bootstrapServers() {
    return BROKER.bootstrapServers();
  }

  static TestDatabase database() {
    return DATABASE;
  }

  /** Starts the service on this schema, with these settings and components beside. */
  static ConfigurableApplicationContext service(
      String schema, Map<String, String> settings, Class<?>... components) {
    List<Class<?>> sources = new ArrayList<>(List.of(components));
    sources.addAll(List.of(ProjectionService.class, OwnLoops.class));
    return new SpringApplication(sources.toArray(new Class<?>[0]))
        .run(arguments(schema, 0, settings).toArray(new String[0]));
  }

  /** What the service is started with on this schema and port, with these settings beside. */
  static List<String> arguments(String schema, int port, Map<String, String> settings) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=" + port);
    arguments.add("--server.address=127.0.0.1");
    String broker =
        settings.getOrDefault("parley.kafka.bootstrap-servers", BROKER.bootstrapServers());
    arguments.add("--parley.kafka.bootstrap-servers=" + broker);
    arguments.add("--parley.security.keys=" + Bearer.keys());
    arguments.add("--parley.projection.schema=" + schema);
    // Each its own: two clients of Kafka Streams cannot share one.
    arguments.add("--parley.state-directory=" + stateDirectory());
    if (!settings.containsKey("spring.r2dbc.url")) {
      arguments.add("--spring.r2dbc.url=" + DATABASE.url());
    }
    arguments.add("--spring.r2dbc.username=" + DATABASE.username());
    arguments.add("--spring.r2dbc.password=" + DATABASE.password());
    arguments.add("--management.endpoint.health.show-details=always");
    settings.forEach(
        (name, value) -> {
          if (!name.equals("parley.kafka.bootstrap-servers")) {
            arguments.add("--" + name + "=" + value);
          }
        });
    return arguments;
  }

  private static Path stateDirectory() {
    try {
      return Files.createTempDirectory("parley-streams");
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the stage's stores", e);
    }
  }

  static String origin(ConfigurableApplicationContext service) {
    return "http://127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port");
  }

  static WebTestClient client(ConfigurableApplicationContext service) {
    return WebTestClient.bindToServer()
        .baseUrl(origin(service))
        .responseTimeout(Duration.ofSeconds(60))
        .build();
  }
}
