package io.parley.benchmarks;

import io.parley.embedded.EmbeddedDatabase;
import io.parley.journal.reading.Token;
import io.parley.projection.projector.Projector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * How fast the read models are made anew from the timeline, beside PostgreSQL's own COPY of the
 * same finished rows into tables with the same indexes.
 */
final class RebuildBench {
  private static final String N = "bench";

  private final Options options;
  private final Path scratch;
  private final Rounds rebuilt = new Rounds();
  private final Rounds copied = new Rounds();

  RebuildBench(Options options, Path scratch) {
    this.options = options;
    this.scratch = scratch;
  }

  /** Prints the table. */
  boolean run() throws Exception {
    long events = Math.max(1_000, options.history() / 5);
    long rows = 0;
    try (Ground ground = new Ground(scratch.resolve("rebuild"))) {
      List<Token> tokens;
      try (ConfigurableApplicationContext first = ground.service("first", true)) {
        tokens = History.write(ground.bootstrapServers(), N, events);
        Ground.await(first, N, tokens);
      }
      for (int round = 1; round <= options.rounds(); round++) {
        String schema = "again_" + round;
        rebuilt.add(events / rebuild(ground, schema, tokens));
        try (Copy copy = new Copy(ground.database(), scratch.resolve("copy"))) {
          rows = copy.export(schema);
          copied.add(events / copy.load(schema, "copied_" + round));
          copy.drop(schema, "copied_" + round);
        }
      }
    }
    System.out.printf(
        """

        The read models of %,d events (%,d rows), made anew; medians of %d rounds.

        | way | events/s | by round | to COPY |
        | --- | ---: | --- | ---: |
        | bare COPY of the finished rows | %s | %s | 1.00 |
        | projection from the timeline | %s | %s | %.2f |
        """,
        events,
        rows,
        options.rounds(),
        copied.text("%,.0f"),
        copied.all("%,.0f"),
        rebuilt.text("%,.0f"),
        rebuilt.all("%,.0f"),
        rebuilt.median() / copied.median());
    return true;
  }

  private static double rebuild(Ground ground, String schema, List<Token> tokens)
      throws IOException {
    try (ConfigurableApplicationContext service = ground.service(schema, false)) {
      Projector projector = service.getBean(Projector.class);
      long begun = System.nanoTime();
      projector.start();
      Ground.await(service, N, tokens);
      double seconds = (System.nanoTime() - begun) / 1e9;
      projector.stop();
      return seconds;
    }
  }

  /** The rows of a schema, out to files and in again. */
  private static final class Copy implements AutoCloseable {
    private final Connection connection;
    private final Path directory;
    private final List<String> tables = new ArrayList<>();

    Copy(EmbeddedDatabase database, Path directory) throws SQLException, IOException {
      this.connection =
          DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
      this.directory = Files.createDirectories(directory);
    }

    /** Writes every table to a file; returns the number of rows. */
    long export(String schema) throws SQLException, IOException {
      try (Statement statement = connection.createStatement();
          ResultSet names =
              statement.executeQuery(
                  "select tablename from pg_tables where schemaname = '"
                      + schema
                      + "' order by 1")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      long rows = 0;
      for (String table : tables) {
        try (OutputStream out = Files.newOutputStream(directory.resolve(table))) {
          rows +=
              copy().copyOut("copy " + written(schema, table) + " to stdout (format binary)", out);
        }
      }
      return rows;
    }

    /** Seconds that the rows take into new tables with the same keys and indexes. */
    double load(String like, String schema) throws SQLException, IOException {
      execute("create schema " + schema);
      for (String table : tables) {
        execute(
            "create table %s.%s (like %s.%s including all)".formatted(schema, table, like, table));
      }
      long begun = System.nanoTime();
      for (String table : tables) {
        try (InputStream in = Files.newInputStream(directory.resolve(table))) {
          copy()
              .copyIn(
                  "copy %s.%s %s from stdin (format binary)"
                      .formatted(schema, table, columns(like, table)),
                  in);
        }
      }
      return (System.nanoTime() - begun) / 1e9;
    }

    void drop(String... schemas) throws SQLException {
      for (String schema : schemas) {
        execute("drop schema " + schema + " cascade");
      }
    }

    private String written(String schema, String table) throws SQLException {
      return schema + "." + table + " " + columns(schema, table);
    }

    /** Without those that PostgreSQL computes. */
    private String columns(String schema, String table) throws SQLException {
      List<String> names = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet found =
              statement.executeQuery(
                  "select column_name from information_schema.columns where table_schema = '%s' and table_name = '%s' and is_generated = 'NEVER' order by ordinal_position"
                      .formatted(schema, table))) {
        while (found.next()) {
          names.add(found.getString(1));
        }
      }
      return "(" + String.join(", ", names) + ")";
    }

    private void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    private org.postgresql.copy.CopyManager copy() throws SQLException {
      return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
