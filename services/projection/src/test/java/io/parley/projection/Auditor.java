package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import java.net.URI;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An auditor over HTTP, and what is done to a record that must be found. */
final class Auditor implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Settled settled;

  Auditor(Settled settled) {
    this.settled = settled;
  }

  /** A service of its own, whose verifications take this share of the time. */
  static Settled settled(String schema, int share) {
    return settled(schema, share, Map.of());
  }

  /** The same where these topics have these records before it starts. */
  static Settled settled(
      String schema, int share, Map<String, List<ConsumerRecord<String, byte[]>>> logs) {
    return new Settled(
        schema, Map.of("parley.audit.settle-within", "1s", "parley.audit.share", "" + share), logs);
  }

  /** Ends it; the next has negotiations of the same names. */
  @Override
  public void close() throws SQLException {
    Rows.change("truncate parley.verifications");
    settled.close();
    Rows.change("drop schema " + settled.schema() + " cascade");
  }

  /** Until it is applied. */
  void await(Token token) {
    settled.await(token);
  }

  /** The lines of a verification. */
  List<JsonNode> verify(String negotiation, String... query) {
    EntityExchangeResult<byte[]> answer =
        post(
            "/api/audit/negotiations/"
                + negotiation
                + "/verify"
                + (query.length > 0 ? query[0] : ""));
    String text = Story.text(answer);
    assertThat(answer.getStatus().value()).as(text).isEqualTo(200);
    return Arrays.stream(text.split("\n")).map(JSON::readTree).toList();
  }

  EntityExchangeResult<byte[]> post(String path) {
    return Ground.client(settled.service())
        .post()
        .uri(URI.create(Ground.origin(settled.service()) + path))
        .header("Authorization", Bearer.of("auditor"))
        .exchange()
        .expectBody()
        .returnResult();
  }

  EntityExchangeResult<byte[]> get(String path, String bearer) {
    return Ground.client(settled.service())
        .get()
        .uri(URI.create(Ground.origin(settled.service()) + path))
        .header("Authorization", bearer)
        .exchange()
        .expectBody()
        .returnResult();
  }

  /** The status of a request; with no token where that is empty. */
  int status(String method, String path, String bearer) {
    return Ground.client(settled.service())
        .method(org.springframework.http.HttpMethod.valueOf(method))
        .uri(URI.create(Ground.origin(settled.service()) + path))
        .headers(
            headers -> {
              if (!bearer.isEmpty()) {
                headers.set("Authorization", bearer);
              }
            })
        .exchange()
        .expectBody()
        .returnResult()
        .getStatus()
        .value();
  }

  JsonNode summary(String negotiation) {
    return JSON.readTree(
        Story.text(get("/api/audit/negotiations/" + negotiation, Bearer.of("auditor"))));
  }

  /** Does something to the tables, sees it found, and puts them back as they were. */
  void assertRowFound(String table, String change) throws Exception {
    assertRowFound(table, "rows", "rows", change);
  }

  void assertRowFound(String table, String what, String negotiation, String change)
      throws Exception {
    Rows.change("drop schema if exists kept cascade; create schema kept");
    String columns = Rows.columns(settled.schema(), table);
    Rows.change(
        "create table kept.rows as select %s from %s.%s"
            .formatted(columns, settled.schema(), table));
    try {
      Rows.change(change);
      double before = settled.verifications("differs");
      JsonNode last = verify(negotiation).getLast();
      assertThat(last.get("verdict").asString()).as(change).isEqualTo("DIFFERS");
      assertThat(settled.verifications("differs")).isEqualTo(before + 1);
      assertThat(last.at("/first/what").asString()).as(last.toString()).isEqualTo(what);
      String where = last.at("/first/where").asString();
      assertThat(where).as(change).matches(table + ".*|" + negotiation);
    } finally {
      Rows.change(
          "truncate %1$s.%2$s; insert into %1$s.%2$s (%3$s) select * from kept.rows"
              .formatted(settled.schema(), table, columns));
    }
    assertThat(verify(negotiation).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
  }
}
