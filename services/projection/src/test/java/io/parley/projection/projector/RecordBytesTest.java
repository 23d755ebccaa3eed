package io.parley.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.parts.TestDatabase;
import io.parley.projection.projector.Rows.Head;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** PostgreSQL makes the same digest of rows as we do, whatever is in them; and of no others. */
class RecordBytesTest {
  private static final List<Head> HEADS =
      List.of(
          new Head("negotiation", Column.Type.TEXT),
          new Head("id", Column.Type.TEXT),
          new Head("at", Column.Type.BIGINT),
          new Head("body", Column.Type.TEXT),
          new Head("number", Column.Type.BIGINT),
          new Head("words", Column.Type.TEXTS),
          new Head("item", Column.Type.JSON),
          new Head("event", Column.Type.BYTES));

  private static final TestDatabase DATABASE = database();
  private static final Connection CONNECTION = connection();

  private static TestDatabase database() {
    try {
      return TestDatabase.shared();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Connection connection() {
    ConnectionFactoryOptions options =
        ConnectionFactoryOptions.parse(DATABASE.url())
            .mutate()
            .option(ConnectionFactoryOptions.USER, DATABASE.username())
            .option(ConnectionFactoryOptions.PASSWORD, DATABASE.password())
            .build();
    return Mono.from(ConnectionFactories.get(options).create())
        .blockOptional()
        .map(Connection.class::cast)
        .orElseThrow();
  }

  @BeforeContainer
  static void create() {
    run(
        "create table digested (negotiation text, id text, at bigint, body text, number bigint,"
            + " words text[], item text, event bytea)");
  }

  @AfterContainer
  static void stop() {
    Mono.from(CONNECTION.close()).block();
  }

  @Property(tries = 100)
  void rowsAreTheSameHereAndThere(@ForAll("rows") List<List<Object>> values) {
    RecordBytes bytes = new RecordBytes(HEADS, "at", "id");
    bytes.add(stored(values));
    assertThat(bytes.digest()).isEqualTo(there());
  }

  @Property(tries = 100)
  void theyAreTheRows(@ForAll("rows") List<List<Object>> values) {
    RecordBytes bytes = new RecordBytes(HEADS, "at", "id");
    Rows rows = stored(values);
    bytes.add(rows);
    RecordBytes again = new RecordBytes(HEADS, "at", "id");
    Rows read = bytes.rows("digested");
    again.add(read);
    assertThat(read.column("body"))
        .containsExactlyInAnyOrderElementsOf(rows.column("body").stream().map(Rows::text).toList());
    assertThat(read.column("words")).containsExactlyInAnyOrderElementsOf(rows.column("words"));
    assertThat(read.column("item")).containsExactlyInAnyOrderElementsOf(rows.column("item"));
    assertThat(read.column("event")).containsExactlyInAnyOrderElementsOf(rows.column("event"));
    assertThat(again.digest()).isEqualTo(bytes.digest());
  }

  @Property(tries = 20)
  void anyOtherValueIsAnotherDigest(@ForAll("rows") List<List<Object>> values) {
    stored(values);
    String before = there();
    for (String change :
        List.of(
            "body = coalesce(body, '') || 'x'",
            "body = case when body is null then '' end",
            "number = coalesce(number, 0) # 1",
            "words = words || array[null]::text[]",
            "words = words || array['NULL']",
            "words = array[array_to_string(words, ',') || ',']",
            "item = item || ' '",
            "event = coalesce(event, '') || '\\x00'::bytea",
            "event = case when event is null then ''::bytea end",
            "id = id || '1'",
            "at = at + 1")) {
      run("begin");
      try {
        run("update digested set " + change + " where ctid = (select min(ctid) from digested)");
        assertThat(there()).as(change).isNotEqualTo(before);
      } finally {
        run("rollback");
      }
    }
    run("delete from digested where ctid = (select min(ctid) from digested)");
    assertThat(there()).as("one less").isNotEqualTo(before);
  }

  private static Rows stored(List<List<Object>> values) {
    Rows rows = new Rows("digested", HEADS);
    for (int i = 0; i < values.size(); i++) {
      // Two of one sequence number, as where an event changes two items; no two of one id.
      List<Object> each = values.get(i);
      rows.add(
          Arrays.asList(
              "n",
              each.get(0) + "" + (values.size() - i),
              i / 2 + 1L,
              each.get(1),
              each.get(2),
              each.get(3),
              ("{\"" + each.get(0) + "\"}").getBytes(StandardCharsets.UTF_8),
              each.get(4)));
    }
    run("truncate digested");
    var insert = CONNECTION.createStatement(rows.insert().replace("{schema}.", ""));
    List<Object> bound = rows.values();
    for (int i = 0; i < bound.size(); i++) {
      insert.bind(i, bound.get(i));
    }
    Flux.from(insert.execute()).concatMap(Result::getRowsUpdated).blockLast();
    return rows;
  }

  private static String there() {
    String sql = "select " + RecordBytes.sql(HEADS, "at", "id") + " from digested";
    return Flux.from(CONNECTION.createStatement(sql).execute())
        .concatMap(result -> result.map(row -> String.valueOf(row.get(0, String.class))))
        .single()
        .blockOptional()
        .orElseThrow();
  }

  private static void run(String sql) {
    Flux.from(CONNECTION.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .blockLast();
  }

  @Provide
  Arbitrary<List<List<Object>>> rows() {
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.strings()
                .withChars("a1:;,{}\"\\ \t\n\u000b\f\u001f\u00e9\u20ac\uffee'\u0000")
                .ofMaxLength(6),
            Arbitraries.of("null", "NULL", "", "\ud83d\ude00", "1:a", "{}", "\\", "\\\""));
    Arbitrary<String> zeroless = text.map(each -> each.replace("\0", ""));
    return Combinators.combine(
            zeroless,
            text.injectNull(0.2),
            Arbitraries.longs().injectNull(0.2),
            zeroless.list().ofMaxSize(3),
            Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(5)
                .map(ByteBuffer::wrap)
                .injectNull(0.2))
        .as(
            (id, body, number, words, event) ->
                Arrays.<Object>asList(id, body, number, words, event))
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }
}
