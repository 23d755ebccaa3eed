package io.parley.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server beside this process, on the loopback interface, with one database. Its data
 * stays in its directory; a server that an earlier process left behind there is stopped first.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final String USER = "postgres";
  private static final String DATABASE = "parley";

  private final DirectoryLock lock;
  private final Path cluster;
  private final EmbeddedPostgres server;
  private final String password;
  private final Process guard;

  private EmbeddedDatabase(
      DirectoryLock lock, Path cluster, EmbeddedPostgres server, String password, Process guard) {
    this.lock = lock;
    this.cluster = cluster;
    this.server = server;
    this.password = password;
    this.guard = guard;
  }

  /**
   * Starts a server and returns once it answers.
   *
   * @param data directory of its files, made and initialised where there is none
   * @param port port to listen on, or 0 for a free one
   * @throws IOException where another process uses the directory, the port is taken, or no answer
   *     comes
   */
  public static EmbeddedDatabase start(Path data, int port) throws IOException {
    Path root = data.toAbsolutePath();
    DirectoryLock lock =
        DirectoryLock.tryLock(root).orElseThrow(() -> new IOException(root + " is in use"));
    try {
      return start(lock, root, port);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedDatabase start(DirectoryLock lock, Path root, int port)
      throws IOException {
    Path cluster = root.resolve("cluster");
    Path initialised = root.resolve("initialised");
    Postmaster.stopLeftOver(cluster);
    if (!Files.exists(initialised)) {
      // Half of an initdb that was cut short is of no use, and nothing was ever stored in it.
      delete(cluster);
    }
    if (port != 0 && !FreePort.isFree(port)) {
      throw new IOException("port " + port + " is in use");
    }
    int listen = FreePort.orFree(port);
    String password = password(root.resolve("password"));
    EmbeddedPostgres server = null;
    try {
      server = builder(root, cluster, listen, password).start();
      createDatabase(server, password);
      if (!Files.exists(initialised)) {
        Files.createFile(initialised);
      }
      return new EmbeddedDatabase(lock, cluster, server, password, Postmaster.guard(cluster));
    } catch (IOException | RuntimeException | SQLException e) {
      if (server != null) {
        server.close();
      }
      Postmaster.stopLeftOver(cluster);
      throw new IOException("PostgreSQL did not start; see " + root.resolve("postgresql.log"), e);
    }
  }

  /** Address that it listens on. */
  public String host() {
    return "127.0.0.1";
  }

  /** Port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Name of the one database. */
  public String database() {
    return DATABASE;
  }

  /** User that owns the database. */
  public String username() {
    return USER;
  }

  /** Password of the user, made at the first start and kept beside the data. */
  public String password() {
    return password;
  }

  /** What an R2DBC client connects to; user and password go apart. */
  public String url() {
    return "r2dbc:postgresql://" + host() + ":" + port() + "/" + DATABASE;
  }

  /** What a JDBC client connects to; user and password go apart. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host() + ":" + port() + "/" + DATABASE;
  }

  /** Stops the server: open transactions are rolled back. */
  @Override
  public void close() throws IOException {
    guard.destroyForcibly();
    try (lock) {
      server.close();
      // The library gives up after five seconds; a checkpoint on a slow disk takes longer.
      Postmaster.stopLeftOver(cluster);
    }
  }

  private static EmbeddedPostgres.Builder builder(
      Path root, Path cluster, int port, String password) throws IOException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    binaries().ifPresent(directory -> builder.setOverrideWorkingDirectory(directory.toFile()));
    var log = ProcessBuilder.Redirect.appendTo(root.resolve("postgresql.log").toFile());
    Map<String, String> settings =
        Map.ofEntries(
            // The library turns both off, which suits tests only.
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "60"),
            Map.entry("shared_buffers", "64MB"),
            Map.entry("max_wal_size", "512MB"),
            Map.entry("log_checkpoints", "off"));
    settings.forEach(builder::setServerConfig);
    // Handed to initdb: the same order of text on every system, and no access without the password.
    builder
        .setLocaleConfig("locale-provider", "builtin")
        .setLocaleConfig("locale", "C.UTF-8")
        .setLocaleConfig("auth", "scram-sha-256")
        .setLocaleConfig("pwfile", root.resolve("password").toString())
        .setConnectConfig("password", password);
    return builder
        .setDataDirectory(cluster)
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPGStartupWait(READY_WITHIN)
        .setOutputRedirector(log)
        .setErrorRedirector(log)
        .setPort(port);
  }

  /** Where the binaries are unpacked once for all: not in a directory that others can write. */
  private static Optional<Path> binaries() {
    Path cache = Path.of(System.getProperty("user.home", ""), ".cache", "parley", "postgresql");
    try {
      return Optional.of(Files.createDirectories(cache));
    } catch (IOException noHome) {
      LOG.debug("no cache under the home directory; the temporary directory serves", noHome);
      return Optional.empty();
    }
  }

  private static void createDatabase(EmbeddedPostgres server, String password) throws SQLException {
    var properties = Map.of("password", password);
    try (var connection = server.getPostgresDatabase(properties).getConnection();
        var statement = connection.createStatement()) {
      try (var found =
          statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("create database " + DATABASE);
    }
  }

  private static String password(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Path fresh = file.resolveSibling("password.new");
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, HexFormat.of().formatHex(random));
      Files.move(fresh, file);
    }
    return Files.readString(file);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
