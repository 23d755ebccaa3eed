package io.parley.parts;

import io.parley.embedded.BrokerSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Containers that are told what the embedded parts are told. They are taken away when they are
 * stopped, and at the latest when this process ends.
 */
final class Containers {
  /** The one database, named as the embedded one is. */
  static final String DATABASE = "parley";

  private static final String USER = "postgres";

  /** Long: a busy machine has many things to do at once. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);

  private Containers() {}

  static KafkaContainer kafka() {
    KafkaContainer broker = new KafkaContainer(image("kafka-1"));
    BrokerSettings.COMMON.forEach(
        (name, value) ->
            broker.withEnv("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
    return broker.withEnv("KAFKA_HEAP_OPTS", "-Xms256m -Xmx512m").withStartupTimeout(READY_WITHIN);
  }

  static PostgreSQLContainer postgres() {
    // The same order of text as elsewhere; what the image makes by itself depends on its make.
    String create =
        "create database %s locale_provider builtin builtin_locale 'C.UTF-8' template template0"
            .formatted(DATABASE);
    return new PostgreSQLContainer(image("postgres"))
        .withDatabaseName(USER)
        .withUsername(USER)
        .withPassword(UUID.randomUUID().toString())
        .withCopyToContainer(
            Transferable.of(create), "/docker-entrypoint-initdb.d/" + DATABASE + ".sql")
        // And not without fsync, which is how Testcontainers would start it.
        .withCommand("postgres", "-c", "max_connections=60", "-c", "shared_buffers=64MB")
        // It answers at this address only once all of the above is made.
        .waitingFor(
            Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1 -U " + USER)
                .withStartupTimeout(READY_WITHIN));
  }

  private static DockerImageName image(String service) {
    return DockerImageName.parse(ComposeFile.image(service));
  }
}
