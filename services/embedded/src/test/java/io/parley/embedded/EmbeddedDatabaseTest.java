package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EmbeddedDatabaseTest {
  @Test
  void keepsWhatWasWrittenOverARestart(@TempDir Path data) throws Exception {
    try (var database = EmbeddedDatabase.start(data, 0)) {
      execute(database, "create table t (x int)");
      execute(database, "insert into t values (7)");
    }
    try (var database = EmbeddedDatabase.start(data, 0)) {
      assertThat(sum(database)).isEqualTo(7);
    }
  }

  @Test
  void takesOverFromAServerThatItsProcessLeftBehind(@TempDir Path data) throws Exception {
    long first = startAndLeaveBehind(data);
    assertThat(ProcessHandle.of(first)).isPresent();
    try (var database = EmbeddedDatabase.start(data, 0)) {
      assertThat(sum(database)).isEqualTo(7);
      assertThat(postmaster(data)).isNotEqualTo(first);
    }
  }

  @Test
  void startsWhereAPidFileNamesAStranger(@TempDir Path data) throws Exception {
    EmbeddedDatabase.start(data, 0).close();
    Files.writeString(
        data.resolve("cluster/postmaster.pid"), ProcessHandle.current().pid() + "\n/elsewhere\n");
    try (var database = EmbeddedDatabase.start(data, 0)) {
      execute(database, "select 1");
    }
  }

  @Test
  void startsAfterAnInitialisationThatWasCutShort(@TempDir Path data) throws Exception {
    Files.createDirectories(data.resolve("cluster/base"));
    Files.writeString(data.resolve("cluster/PG_VERSION"), "18\n");
    try (var database = EmbeddedDatabase.start(data, 0)) {
      execute(database, "select 1");
    }
  }

  @Test
  void refusesADirectoryThatIsInUseAndAStrangerWithoutPassword(@TempDir Path data)
      throws Exception {
    try (var database = EmbeddedDatabase.start(data, 0)) {
      assertThatThrownBy(() -> EmbeddedDatabase.start(data, 0).close())
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("is in use");
      assertThatThrownBy(
              () -> DriverManager.getConnection(database.jdbcUrl(), "postgres", "").close())
          .isInstanceOf(SQLException.class);
      execute(database, "select 1");
    }
  }

  /**
   * Another JVM starts the server and is killed with its guard, as a whole process group may be.
   */
  private static long startAndLeaveBehind(Path data) throws Exception {
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                LeftBehind.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(other.inputReader().readLine()).isEqualTo("ready");
    other.children().forEach(ProcessHandle::destroyForcibly);
    long first = postmaster(data);
    other.destroyForcibly().waitFor();
    return first;
  }

  private static long postmaster(Path data) throws IOException {
    return Long.parseLong(
        Files.readAllLines(data.resolve("cluster/postmaster.pid")).getFirst().strip());
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return DriverManager.getConnection(
        database.jdbcUrl(), database.username(), database.password());
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int sum(EmbeddedDatabase database) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var result = statement.executeQuery("select sum(x) from t")) {
      result.next();
      return result.getInt(1);
    }
  }

  /** The process that is killed: it starts a server, stores a row, and waits. */
  static final class LeftBehind {
    private LeftBehind() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(arguments[0]), 0);
      execute(database, "create table t (x int)");
      execute(database, "insert into t values (7)");
      System.out.println("ready");
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
