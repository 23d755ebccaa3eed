package io.parley.projection.projector;

import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What one instance alone does at a time: an advisory lock of PostgreSQL, on a connection of its
 * own. Where that connection ends, as it does when the instance dies, another instance gets it.
 */
final class SessionLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLock.class);
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final Database database;
  private final Connection connection;
  private final String name;

  private SessionLock(Database database, Connection connection, String name) {
    this.database = database;
    this.connection = connection;
    this.name = name;
  }

  /** The lock, or null where another instance has it. */
  static @Nullable SessionLock tryTake(Database database, String name) {
    Connection connection = Mono.from(database.connections().create()).block(WITHIN);
    if (connection == null) {
      return null;
    }
    SessionLock lock = new SessionLock(database, connection, name);
    boolean answered = false;
    boolean taken = false;
    try {
      taken = lock.ask("pg_try_advisory_lock");
      answered = true;
      return taken ? lock : null;
    } finally {
      if (!taken) {
        lock.release(answered);
      }
    }
  }

  /** Fails where it may be another's by now. */
  void check() {
    database.query(connection, "select 1", row -> true, List.of()).blockLast(WITHIN);
  }

  @Override
  public void close() {
    boolean answered = false;
    try {
      ask("pg_advisory_unlock");
      answered = true;
    } catch (RuntimeException e) {
      LOG.debug("the connection has ended or is ended, and the lock with it", e);
    } finally {
      release(answered);
    }
  }

  private boolean ask(String function) {
    return Boolean.TRUE.equals(
        database
            .query(
                connection,
                "select " + function + "(hashtext($1))",
                row -> row.get(0, Boolean.class),
                List.of(name))
            .blockLast(WITHIN));
  }

  /** One that has not answered would keep the lock in the pool. */
  private void release(boolean answered) {
    Mono.from(answered ? connection.close() : Database.giveUp(connection))
        .onErrorComplete()
        .block(WITHIN);
  }
}
