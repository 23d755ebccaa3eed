package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.projection.projector.View;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whoever changes a row of a read model, or adds one, is found. */
@ParameterizedClass(name = "share {0}")
@ValueSource(ints = {50, 100})
@SuppressWarnings("NullAway.Init") // settle() is called first
class VerifiedRowsTest {
  private static Settled settled;
  private static Auditor auditor;

  @Parameter int share;

  @BeforeParameterizedClassInvocation
  static void settle(int share) {
    settled = Auditor.settled("audited_rows", share);
    auditor = new Auditor(settled);
    settled.history("audited", 5);
  }

  @AfterParameterizedClassInvocation
  static void close() throws Exception {
    auditor.close();
  }

  @Test
  void aRowOfAnyViewThatWasAlteredRemovedOrAddedIsFound() throws Exception {
    String n = "every-view";
    List<Token> tokens = new ArrayList<>();
    History.of(
        event -> {
          tokens.add(settled.decide(n, event));
          return tokens.getLast();
        },
        History.ofEachKind());
    tokens.forEach(settled::await);
    assertThat(auditor.verify(n).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
    List<String> tables =
        settled.service().getBeanProvider(View.class).stream().map(view -> view.table()).toList();
    assertThat(Rows.TABLES).hasSize(1 + tables.size()).contains("timeline").containsAll(tables);
    for (String table : tables) {
      String where =
          ("ctid = (select ctid from audited_rows.%s where negotiation = '%s'"
                  + " order by from_sequence desc, id limit 1)")
              .formatted(table, n);
      String like = "audited_rows.%s where %s".formatted(table, where);
      assertThat(Rows.query("select id from " + like)).as("rows of " + table).hasSize(1);
      for (String change :
          List.of(
              "update audited_rows.%s set body = replace(body, '\"', '\" ') where %s"
                  .formatted(table, where),
              "delete from " + like,
              added(like, table, "id = id || '-x'"))) {
        auditor.assertRowFound(table, "rows", n, change);
      }
    }
  }

  @Test
  void aRowOfTheTimelineOrAColumnBesideAnItemThatWasAlteredIsFound() throws Exception {
    String negotiation = "rows";
    settled.history(negotiation, 30);
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
    auditor.assertRowFound(
        "timeline",
        "update audited_rows.timeline set author = 'nobody' where negotiation = 'rows' and sequence = 5");
    auditor.assertRowFound(
        "timeline",
        "update audited_rows.timeline set event = set_byte(event, 20, get_byte(event, 20) # 1)"
            + " where negotiation = 'rows' and sequence = 5");
    auditor.assertRowFound(
        "announcements",
        "update audited_rows.announcements set words = 'other' where"
            + " negotiation = 'rows' and from_sequence = 2");
    auditor.assertRowFound(
        "timeline",
        "insert into audited_rows.timeline select negotiation, 31, recorded_ms, service, type, aggregate,"
            + " version + 1000, author, previous_hash, hash, event from audited_rows.timeline where negotiation = 'rows'"
            + " and sequence = 30");
  }

  /** Reads take the first and the last row of an item, whatever their sequence numbers are. */
  @Test
  void aRowThatNoEntryCanHaveMadeIsFound() throws Exception {
    String n = "strays";
    settled.history(n, 30);
    for (String table : List.of("announcements", "delegations", "negotiations")) {
      auditor.assertRowFound(table, "rows", n, stray(table, "id || '-x'", "0", "0"));
      auditor.assertRowFound(
          table, "rows", n, stray(table, "id || '-x'", "-9223372036854775808", "1"));
      auditor.assertRowFound(
          table, "rows", n, stray(table, "id", "1000000000000", "first_sequence"));
      auditor.assertRowFound(table, "rows", n, stray(table, "id || '-x'", "31", "31"));
    }
    for (String sequence : List.of("0", "-9223372036854775808")) {
      auditor.assertRowFound(
          "timeline",
          "rows",
          n,
          "insert into audited_rows.timeline select negotiation, "
              + sequence
              + ", recorded_ms, service, type, aggregate, version + 1000, author, previous_hash, hash, event"
              + " from audited_rows.timeline where negotiation = 'strays' and sequence = 30");
    }
    // It has the place where it shows: behind the end, or before everything.
    Rows.change(stray("announcements", "'late'", "1000000000000", "31"));
    JsonNode late = auditor.verify(n).getLast().get("first");
    Rows.change(stray("announcements", "'early'", "-3", "-3"));
    JsonNode early = auditor.verify(n).getLast().get("first");
    Rows.change("delete from audited_rows.announcements where id in ('late', 'early')");
    assertThat(late.get("sequence").asLong()).isEqualTo(31);
    assertThat(early.get("sequence").asLong()).isZero();
    assertThat(early.get("where").asString()).isEqualTo("announcements early");
    assertThat(early.get("expected").isNull()).isTrue();
    assertThat(early.get("found").asString()).contains("\"from_sequence\":-3");
    assertThat(auditor.verify(n).getLast().get("verdict").asString()).isEqualTo("VERIFIED");
  }

  /** A row alone would hide any event: who skips one is in the audit trail before. */
  @Test
  void aSkipThatNobodyDecidedIsFound() throws Exception {
    String negotiation = "skipping";
    settled.history(negotiation, 10);
    String at =
        Rows.query(
                "select sequence from audited_rows.timeline where negotiation = 'skipping'"
                    + " and type = 'AnnouncementRetracted' and aggregate = 'announcement:a-1'")
            .getFirst();
    String what = "announcements at " + at + ": AnnouncementRetracted of announcement:a-1";
    Rows.change(
        "delete from audited_rows.announcements where negotiation = 'skipping' and from_sequence = "
            + at);
    Rows.change(
        "insert into parley.skips (view, negotiation, sequence, type, aggregate, subject, reason)"
            + " values ('announcements', 'skipping', %s, 'AnnouncementRetracted',".formatted(at)
            + " 'announcement:a-1', 'olga', 'by mistake')");
    try {
      // Others' acts, and others of hers, are not this one.
      skipped(negotiation, "oleg", what);
      skipped(negotiation, "olga", what.replace(" at ", " at 9"));
      skipped("another", "olga", what);
      JsonNode first = auditor.verify(negotiation).getLast().get("first");
      assertThat(first.get("what").asString()).isEqualTo("rows");
      assertThat(first.get("where").asString()).isEqualTo("parley.skips announcements");
      assertThat(first.get("sequence").asString()).isEqualTo(at);
      skipped(negotiation, "olga", what);
      JsonNode last = auditor.verify(negotiation).getLast();
      assertThat(last.get("verdict").asString()).as(last.toString()).isEqualTo("VERIFIED");
    } finally {
      Rows.change("delete from parley.skips where negotiation = 'skipping'");
    }
  }

  /** An operator's act as it is told of a skip. */
  private static void skipped(String negotiation, String subject, String what) {
    settled
        .service()
        .getBean(Trail.class)
        .written(
            new AuditAct()
                .id(negotiation + " " + subject + " " + what)
                .recordedAt(Instant.EPOCH)
                .subject(subject)
                .act(Act.EVENT_SKIPPED)
                .negotiation(negotiation)
                .detail(what + "; by mistake"))
        .block();
  }

  @Test
  void rowsOfANegotiationThatTheLogHasNotAreFound() throws Exception {
    String negotiation = "invented";
    assertThat(auditor.post("/api/audit/negotiations/invented/verify").getStatus().value())
        .isEqualTo(404);
    Rows.change(
        added(
            "audited_rows.negotiations where negotiation = 'audited' and from_sequence = 1",
            "negotiations",
            "negotiation = 'invented', id = 'invented'"));
    JsonNode last = auditor.verify(negotiation).getLast();
    Rows.change("delete from audited_rows.negotiations where negotiation = 'invented'");
    assertThat(last.get("verdict").asString()).isEqualTo("DIFFERS");
    assertThat(last.at("/first/where").asString()).isEqualTo("negotiations invented");
    assertThat(last.at("/first/sequence").asLong()).isEqualTo(1);
  }

  /** PostgreSQL lets nobody write what search looks in, unless it is no longer made of a text. */
  @Test
  void whatIsSearchedAndNotMadeOfItsTextAnyMoreIsFound() throws Exception {
    String negotiation = "searched";
    settled.history(negotiation, 5);
    String column = "alter table audited_rows.announcements alter column search ";
    try {
      Rows.change(column + "drop expression");
      Rows.change(
          "update audited_rows.announcements set search = 'other' where negotiation = 'searched'");
      JsonNode first = auditor.verify(negotiation).getLast().get("first");
      assertThat(first.get("what").asString()).isEqualTo("rows");
      assertThat(first.get("where").asString()).isEqualTo("announcements search");
      assertThat(first.get("expected").asString())
          .isEqualTo("to_tsvector('simple'::regconfig, words)");
      // It is of no record: one that nobody recorded is unknown all the same.
      assertThat(auditor.post("/api/audit/negotiations/nobody/verify").getStatus().value())
          .isEqualTo(404);
    } finally {
      Rows.change(
          "alter table audited_rows.announcements drop column search, add column search tsvector"
              + " generated always as (to_tsvector('english', words)) stored");
    }
    JsonNode first = auditor.verify(negotiation).getLast().get("first");
    assertThat(first.get("found").asString()).contains("english");
    Rows.change(
        "alter table audited_rows.announcements drop column search, add column search tsvector"
            + " generated always as (to_tsvector('simple', words)) stored;"
            + " create table audited_rows.child (search tsvector generated always as"
            + " (to_tsvector('simple', 'other')) stored) inherits (audited_rows.announcements)");
    first = auditor.verify(negotiation).getLast().get("first");
    Rows.change("drop table audited_rows.child");
    assertThat(first.get("where").asString())
        .as("rows of others")
        .isEqualTo("announcements search");
    Rows.change(
        "create index announcements_search on audited_rows.announcements using gin (search)");
    assertThat(auditor.verify(negotiation).getLast().get("verdict").asString())
        .isEqualTo("VERIFIED");
  }

  /** Adds a row like the last one, with another id and other sequence numbers. */
  private static String stray(String table, String id, String from, String first)
      throws SQLException {
    return added(
        "audited_rows."
            + table
            + " where negotiation = 'strays' order by from_sequence desc, id limit 1",
        table,
        "first_sequence = %s, from_sequence = %s, id = %s".formatted(first, from, id));
  }

  /** Adds rows of a table like others, with something changed. */
  private static String added(String like, String table, String change) throws SQLException {
    String columns = Rows.columns("audited_rows", table);
    return """
        create table audited_rows.extra as select %1$s from %2$s;
        update audited_rows.extra set %4$s;
        insert into audited_rows.%3$s (%1$s) select * from audited_rows.extra;
        drop table audited_rows.extra"""
        .formatted(columns, like, table, change);
  }
}
