package io.parley.parts;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.embedded.BrokerSettings;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.DockerClientFactory;

/** Whichever parts are chosen, tests find the same. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PartsTest {
  @Test
  void theBrokerIsToldTheSame() throws Exception {
    Map<String, String> told = new TreeMap<>();
    try (TestBroker broker = TestBroker.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      String node = admin.describeCluster().controller().get(30, TimeUnit.SECONDS).idString();
      var asked = new ConfigResource(ConfigResource.Type.BROKER, node);
      Map<ConfigResource, Config> found =
          admin.describeConfigs(List.of(asked)).all().get(30, TimeUnit.SECONDS);
      for (Config one : found.values()) {
        for (ConfigEntry entry : one.entries()) {
          if (BrokerSettings.COMMON.containsKey(entry.name())) {
            told.put(entry.name(), entry.value());
          }
        }
      }
    }
    assertThat(told).isEqualTo(new TreeMap<>(BrokerSettings.COMMON));
  }

  @Test
  void theDatabaseIsMadeTheSame() throws Exception {
    TestDatabase database = TestDatabase.shared();
    assertThat(ask(database, "select current_database()")).isEqualTo("parley");
    assertThat(ask(database, "show server_version")).startsWith("18");
    assertThat(ask(database, "show fsync")).isEqualTo("on");
    String locale =
        "select concat(datlocprovider, ' ', datlocale) from pg_database where datname = 'parley'";
    assertThat(ask(database, locale)).isEqualTo("b C.UTF-8");
    assertThat(TestDatabase.shared()).isSameAs(database);
  }

  @Test
  void theImagesAreOfTheVersionsThatAreEmbedded() {
    assertThat(ComposeFile.image("kafka-1"))
        .isEqualTo("apache/kafka:" + AppInfoParser.getVersion());
    assertThat(ComposeFile.image("postgres")).isEqualTo("postgres:18");
  }

  /** Guard: tests that should stand on containers do. */
  @Test
  @EnabledIfSystemProperty(named = "parley.parts", matches = "containers")
  void containersRunWhereTheyAreChosenAndAreGoneWhenClosed() throws Exception {
    TestBroker broker = TestBroker.start();
    TestDatabase.shared();
    assertThat(running()).contains(ComposeFile.image("kafka-1"), ComposeFile.image("postgres"));
    broker.close();
    assertThat(running()).containsExactly(ComposeFile.image("postgres"));
  }

  /** Images of the containers of this process. */
  private static List<String> running() {
    return DockerClientFactory.instance()
        .client()
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(
            Map.of(
                DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL,
                DockerClientFactory.SESSION_ID))
        .exec()
        .stream()
        .map(com.github.dockerjava.api.model.Container::getImage)
        .toList();
  }

  private static String ask(TestDatabase database, String query) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
        var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
