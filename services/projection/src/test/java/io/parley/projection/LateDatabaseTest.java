package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * A database that does not answer: who reads is told in time, and nothing is left that waits. With
 * two connections, one of which listens: one that were left busy would be the next read's.
 */
class LateDatabaseTest {
  private static final String WAITING =
      "select count(*) from pg_stat_activity"
          + " where application_name = 'late-reads' and wait_event_type = 'Lock'";

  private static ConfigurableApplicationContext service;

  @BeforeAll
  static void start() {
    // It makes the tables.
    Ground.service("late", Map.of()).close();
    service =
        Ground.service(
            "late",
            Map.of(
                "parley.projection.project",
                "false",
                "parley.projection.query-within",
                "3s",
                "spring.r2dbc.pool.initial-size",
                "1",
                "spring.r2dbc.pool.max-size",
                "2",
                "spring.r2dbc.properties.applicationName",
                "late-reads"));
  }

  @AfterAll
  static void close() {
    service.close();
  }

  @Test
  void aReadThatIsNotAnsweredInTimeIs503AndItsStatementEnds() throws Exception {
    try (Connection holder = locked()) {
      var late = CompletableFuture.supplyAsync(LateDatabaseTest::read);
      Operating.until("it waits", () -> waiting() == 1);
      late.join()
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .valueEquals("Retry-After", "1")
          .expectBody()
          .jsonPath("$.code")
          .isEqualTo("DATABASE_AWAY")
          .jsonPath("$.detail")
          .isEqualTo("the read models have not answered in 3000 ms");
      // The lock is still held: with its connection left open it would wait on.
      Operating.until("nothing waits", () -> waiting() == 0);
      holder.rollback();
      read().expectStatus().isOk();
    }
  }

  @Test
  void whatAClientAskedThatLeftBeforeTheAnswerEndsToo() throws Exception {
    try (Connection holder = locked();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(Ground.origin(service) + "/api/negotiations"))
              .timeout(Duration.ofSeconds(1))
              .build();
      var left = client.sendAsync(request, BodyHandlers.ofString());
      Operating.until("it waits", () -> waiting() == 1);
      assertThatThrownBy(left::join).hasCauseInstanceOf(HttpTimeoutException.class);
      Operating.until("nothing waits", () -> waiting() == 0);
      holder.rollback();
      read().expectStatus().isOk();
    }
  }

  /** Nobody reads negotiations before this is rolled back. */
  private static Connection locked() throws SQLException {
    read().expectStatus().isOk();
    Connection holder = Rows.connect();
    holder.setAutoCommit(false);
    try (var lock = holder.createStatement()) {
      lock.execute("lock table late.negotiations in access exclusive mode");
    }
    return holder;
  }

  private static WebTestClient.ResponseSpec read() {
    return Ground.client(service).get().uri("/api/negotiations").exchange();
  }

  private static int waiting() {
    try {
      return Integer.parseInt(Rows.query(WAITING).getFirst());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
