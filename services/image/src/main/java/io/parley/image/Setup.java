package io.parley.image;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.setup.ProjectionTables;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.r2dbc.core.DatabaseClient;

/**
 * Makes what the services stand on and may not make themselves (ADR 17): users, topics and rights
 * at Kafka, tables in PostgreSQL, schemas in the registry. Ends when all is there. Run again, it
 * makes what is missing.
 */
@EnableConfigurationProperties({ParleyProperties.class, SetupProperties.class})
final class Setup {
  private static final Logger LOG = LoggerFactory.getLogger(Setup.class);
  private static final int ITERATIONS = 8192;
  private static final long WITHIN_SECONDS = 60;

  private Setup() {}

  static void run(String[] arguments) {
    SpringApplication application = new SpringApplication(Setup.class, ProjectionTables.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    // Over what the file says for services.
    String[] settings =
        Stream.concat(Stream.of("--parley.kafka.topics=create"), Stream.of(arguments))
            .toArray(String[]::new);
    try (ConfigurableApplicationContext made = application.run(settings)) {
      ParleyProperties parley = made.getBean(ParleyProperties.class);
      SetupProperties setup = made.getBean(SetupProperties.class);
      kafka(parley.kafka(), setup);
      database(made, setup.projectionRole());
      if (setup.registry() != null) {
        new SchemaImport(setup.registry(), setup.registryCa()).run();
      }
      LOG.info("all is there");
    }
  }

  private static void kafka(ParleyProperties.Kafka kafka, SetupProperties settings) {
    Topics.create(kafka, Rights.topics());
    LOG.info("{} topics are there", Rights.topics().size());
    try (Admin admin = Admin.create(kafka.brokers().settings())) {
      List<UserScramCredentialAlteration> users =
          Rights.services().stream()
              .filter(settings.users()::containsKey)
              .<UserScramCredentialAlteration>map(
                  service ->
                      new UserScramCredentialUpsertion(
                          service,
                          new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                          settings.users().get(service)))
              .toList();
      if (!users.isEmpty()) {
        await(admin.alterUserScramCredentials(users).all());
        LOG.info("{} users have their passwords", users.size());
      }
      if (settings.rights()) {
        List<AclBinding> rights =
            Rights.services().stream().flatMap(service -> Rights.of(service).stream()).toList();
        await(admin.createAcls(rights).all());
        LOG.info("{} rights are given", rights.size());
      }
    }
  }

  private static void database(ConfigurableApplicationContext made, String role) {
    String schema = made.getBean(ProjectionProperties.class).schema();
    DatabaseClient database = DatabaseClient.create(made.getBean(ConnectionFactory.class));
    // What a rebuild makes some day is given too; a function is not for everybody.
    run(
        database,
        "alter default privileges revoke execute on functions from public",
        "alter default privileges grant usage on schemas to " + role,
        "alter default privileges grant select, insert, update, delete on tables to " + role);
    ProjectionTables.create(made);
    for (String each : List.of("parley", schema)) {
      run(
          database,
          "grant usage on schema %s to %s".formatted(each, role),
          "grant select, insert, update, delete on all tables in schema %s to %s"
              .formatted(each, role));
    }
    run(
        database,
        "revoke execute on all functions in schema parley from public",
        "grant execute on all functions in schema parley to " + role);
    LOG.info("the tables of {} are there, for {}", schema, role);
  }

  private static void run(DatabaseClient database, String... statements) {
    for (String statement : statements) {
      database.sql(statement).then().block();
    }
  }

  private static void await(KafkaFuture<Void> asked) {
    try {
      asked.get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka did not do what the setup asked for", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the setup", e);
    }
  }
}
