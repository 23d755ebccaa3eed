package io.parley.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A database that does not answer: who reads is told in time, and nothing is left that waits. */
class LateDatabaseTest {
  private static final String SCHEMA = "late";
  private static final String WAITING =
      "select count(*) from pg_stat_activity"
          + " where application_name = 'late-reads' and wait_event_type = 'Lock'";

  @Test
  void aReadThatIsNotAnsweredInTimeIs503AndItsStatementEnds() throws Exception {
    // It makes the tables.
    Ground.service(SCHEMA, Map.of()).close();
    try (ConfigurableApplicationContext service =
            Ground.service(
                SCHEMA,
                Map.of(
                    "parley.projection.project",
                    "false",
                    "parley.projection.query-within",
                    "1s",
                    "spring.r2dbc.properties.applicationName",
                    "late-reads"));
        Connection holder = Rows.connect()) {
      WebTestClient client = Ground.client(service);
      read(client).expectStatus().isOk();
      holder.setAutoCommit(false);
      try (var lock = holder.createStatement()) {
        lock.execute("lock table late.negotiations in access exclusive mode");
      }
      read(client)
          .expectStatus()
          .isEqualTo(503)
          .expectHeader()
          .valueEquals("Retry-After", "1")
          .expectBody()
          .jsonPath("$.code")
          .isEqualTo("DATABASE_AWAY")
          .jsonPath("$.detail")
          .isEqualTo(
              "the read models have not answered in 1000 ms (parley.projection.query-within)");
      // The lock is still held: with its connection left open it would wait on.
      Operating.until("nothing waits", () -> waiting() == 0);
      holder.rollback();
      read(client).expectStatus().isOk();
    }
  }

  private static WebTestClient.ResponseSpec read(WebTestClient client) {
    return client.get().uri("/api/negotiations").exchange();
  }

  private static int waiting() {
    try {
      return Integer.parseInt(Rows.query(WAITING).getFirst());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
