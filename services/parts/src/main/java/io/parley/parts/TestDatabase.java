package io.parley.parts;

import io.parley.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL server with one empty database: all that a test needs to know of it. */
public final class TestDatabase implements AutoCloseable {
  private static @Nullable TestDatabase shared;

  private final String host;
  private final int port;
  private final String username;
  private final String password;
  private final Runnable end;

  private TestDatabase(String host, int port, String username, String password, Runnable end) {
    this.host = host;
    this.port = port;
    this.username = username;
    this.password = password;
    this.end = end;
  }

  /** The one of this process, which ends with it. */
  public static synchronized TestDatabase shared() throws IOException {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static TestDatabase start() throws IOException {
    return switch (Parts.chosen()) {
      case EMBEDDED -> {
        Scratch data = Scratch.make("parley-database");
        EmbeddedDatabase database = EmbeddedDatabase.start(data.directory(), 0);
        yield new TestDatabase(
            database.host(),
            database.port(),
            database.username(),
            database.password(),
            () -> {
              try {
                database.close();
              } catch (IOException e) {
                throw new UncheckedIOException("the database does not end", e);
              }
              data.delete();
            });
      }
      case CONTAINERS -> {
        PostgreSQLContainer database = Containers.postgres();
        database.start();
        yield new TestDatabase(
            database.getHost(),
            database.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
            database.getUsername(),
            database.getPassword(),
            database::stop);
      }
    };
  }

  /** User that owns the database. */
  public String username() {
    return username;
  }

  /** Password of the user. */
  public String password() {
    return password;
  }

  /** What an R2DBC client connects to; user and password go apart. */
  public String url() {
    return "r2dbc:" + place();
  }

  /** What a JDBC client connects to; user and password go apart. */
  public String jdbcUrl() {
    return "jdbc:" + place();
  }

  private String place() {
    return "postgresql://" + host + ":" + port + "/" + Containers.DATABASE;
  }

  /** Ends it; nothing of it is left. */
  @Override
  public void close() {
    end.run();
  }
}
