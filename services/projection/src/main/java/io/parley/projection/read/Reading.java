package io.parley.projection.read;

import io.parley.journal.reading.Access;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Token;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.Database;
import io.parley.projection.read.AsOf.AtSequence;
import io.parley.projection.trail.Trail;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How every read is answered: waits for the tokens, resolves the moment once, reads everything as
 * of it, and answers with validators. All views are written in one transaction and have one
 * position, but where a view stands still in a negotiation: what reads that view is answered as of
 * the entry before, and what does not is not held back (ADR 8).
 */
@Component
public final class Reading {
  /** The last sequence number of what is answered. */
  public static final String SEQUENCE = "Parley-Sequence";

  private static final String AFTER = "Parley-After";
  private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final Database database;
  private final Arrivals arrivals;
  private final Moments moments;
  private final Display display;
  private final Trail trail;

  Reading(Database database, Arrivals arrivals, Moments moments, Display display, Trail trail) {
    this.database = database;
    this.arrivals = arrivals;
    this.moments = moments;
    this.display = display;
    this.trail = trail;
  }

  /**
   * Answers a question under one negotiation, as far as all the views are that it reads; 404 where
   * it did not exist at that moment.
   */
  public Mono<ResponseEntity<byte[]>> under(
      Question question,
      String negotiation,
      Function<Moment, Mono<ResponseEntity<byte[]>>> answer) {
    question.check();
    return arrived(question, header -> Token.parseList(header, negotiation))
        .then(trail.asked(question.exchange(), negotiation, question.moments()))
        .then(moments.of(question, negotiation))
        .switchIfEmpty(Mono.error(() -> unknown("negotiation", negotiation)))
        .flatMap(answer)
        .onErrorMap(R2dbcException.class, Reading::away);
  }

  /** Answers a question across negotiations, in each of them as far as each view is there. */
  public Mono<ResponseEntity<byte[]>> across(
      Question question, Mono<ResponseEntity<byte[]>> answer) {
    if (question.asOf() instanceof AtSequence) {
      question.fault("asOf", "a sequence number means something under one negotiation only");
    }
    question.check();
    return arrived(question, Arrivals::tokens)
        .then(trail.asked(question.exchange(), null, question.moments()))
        .then(answer)
        .onErrorMap(R2dbcException.class, Reading::away);
  }

  /** How many entries all negotiations have together at the moment that is asked for. */
  public Mono<Long> length(Question question) {
    return moments.length(question);
  }

  /** 503 where the database is away, or the tables are not made yet; else the error itself. */
  public static RuntimeException away(R2dbcException error) {
    if (error instanceof Database.Late late) {
      return Problem.unavailable(
          "DATABASE_AWAY",
          "the read models have not answered in " + late.within().toMillis() + " ms",
          Duration.ofSeconds(1));
    }
    String state = error.getSqlState();
    boolean noTablesYet = "42P01".equals(state) || "3F000".equals(state);
    return noTablesYet
            || error instanceof R2dbcTransientException
            || error instanceof R2dbcNonTransientResourceException
        ? Problem.unavailable(
            "DATABASE_AWAY", "the read models cannot be reached just now", Duration.ofSeconds(1))
        : error;
  }

  /** The item with this id, with its names; 404 where there was none at that moment. */
  public Mono<ResponseEntity<byte[]>> one(
      Question question, Moment moment, String table, String id) {
    return one(question, moment, table, id, Sight.NOTHING);
  }

  /** The item with this id, also a restricted one that somebody may learn of. */
  public Mono<ResponseEntity<byte[]>> one(
      Question question, Moment moment, String table, String id, Sight sight) {
    Select select = Select.items(table, List.of("body"), moment, sight).where("t.id = ?", id);
    return database
        .query(select.sql("t.body", 1), row -> row.get(1, String.class), select.values())
        .next()
        .switchIfEmpty(Mono.error(() -> unknown(table.substring(0, table.length() - 1), id)))
        .flatMap(body -> display.items(moment, List.of(body)))
        .flatMap(items -> audited(items.getFirst(), moment, table, id, sight))
        .map(item -> answer(question, moment.sequence(), Bodies.JSON.writeValueAsBytes(item)));
  }

  /** For who audits, a public item that was under embargo says when that was to end (rule 32). */
  private Mono<JsonNode> audited(
      JsonNode item, Moment moment, String table, String id, Sight sight) {
    if (!sight.history() || !(item instanceof ObjectNode object) || item.has("embargoUntil")) {
      return Mono.just(item);
    }
    return database
        .query(
            "select body from {schema}.restricted"
                + " where negotiation = $1 and view = $2 and id = $3 and to_ms is null",
            row -> Bodies.JSON.readTree(row.get(0, String.class)).path("embargoUntil"),
            List.of(moment.negotiation(), table, id))
        .next()
        .filter(JsonNode::isString)
        .<JsonNode>map(due -> object.put("dueAt", due.asString()))
        .defaultIfEmpty(item);
  }

  /** What who asks may learn of beside what is public, as of the moment that is asked for. */
  public Mono<Sight> sight(Question question, Moment moment) {
    return Access.Rights.of(question.exchange())
        .flatMap(
            rights -> {
              Set<String> parties = rights.parties(moment.negotiation());
              return rights.mayKnowAll() || !parties.isEmpty()
                  ? moments
                      .millis(question, moment)
                      .map(
                          millis ->
                              new Sight(rights.mayKnowAll(), parties, rights.mayAudit(), millis))
                  : Mono.just(Sight.NOTHING);
            });
  }

  /** A page of a view's items, with their names. */
  public Mono<ResponseEntity<byte[]>> page(Question question, Moment moment, Select select) {
    return rows(question, select, "t.body", row -> row.get(1, String.class))
        .flatMap(
            rows ->
                display
                    .items(moment, rows.bodies())
                    .map(
                        items ->
                            page(question, moment.sequence(), moment.sequence(), rows, items)));
  }

  /** A page of rows. */
  public record Page<R>(List<R> bodies, @Nullable String lastKey) {}

  private record Keyed<R>(String key, R body) {}

  /** The rows of a page; one more is read, to know whether there is a next. */
  public <R> Mono<Page<R>> rows(
      Question question, Select select, String columns, Function<io.r2dbc.spi.Readable, R> reader) {
    Cursor cursor = question.cursor();
    Select from = cursor == null ? select : select.after(cursor.after());
    return database
        .query(
            from.sql(columns, question.limit() + 1),
            row -> new Keyed<>(row.get(0, String.class), reader.apply(row)),
            from.values())
        .collectList()
        .map(
            rows -> {
              boolean more = rows.size() > question.limit();
              List<Keyed<R>> page = more ? rows.subList(0, question.limit()) : rows;
              return new Page<>(
                  page.stream().map(Keyed::body).toList(), more ? page.getLast().key() : null);
            });
  }

  /**
   * The answer that is a page.
   *
   * @param sequence what Parley-Sequence says
   * @param asOf the moment that the next page goes on with
   */
  public ResponseEntity<byte[]> page(
      Question question, long sequence, long asOf, Page<?> rows, List<JsonNode> items) {
    ObjectNode body = Bodies.JSON.createObjectNode();
    body.putArray("items").addAll(items);
    return answer(question, sequence, asOf, body, rows.lastKey());
  }

  /**
   * The answer that is an object with a page in it, to which this adds where the next one begins.
   *
   * @param lastKey key of the page's last item; null where nothing comes after it
   */
  public ResponseEntity<byte[]> answer(
      Question question, Moment moment, ObjectNode body, @Nullable String lastKey) {
    return answer(question, moment.sequence(), moment.sequence(), body, lastKey);
  }

  private static ResponseEntity<byte[]> answer(
      Question question, long sequence, long asOf, ObjectNode body, @Nullable String lastKey) {
    String next = cursor(question, asOf, lastKey);
    body.put("next", next);
    ResponseEntity.BodyBuilder answer = builder(sequence);
    if (next != null) {
      answer.header(HttpHeaders.LINK, "<" + next(question, next) + ">; rel=\"next\"");
    }
    return validated(
        question, answer, MediaType.APPLICATION_JSON, Bodies.JSON.writeValueAsBytes(body));
  }

  /** Where the next page is, or null where this is the last. */
  public @Nullable String next(Question question, long asOf, Page<?> rows) {
    String cursor = cursor(question, asOf, rows.lastKey());
    return cursor == null ? null : next(question, cursor);
  }

  private static @Nullable String cursor(Question question, long asOf, @Nullable String lastKey) {
    return lastKey == null ? null : new Cursor(asOf, lastKey, question.identity()).toString();
  }

  /** The answer that is one JSON value. */
  public ResponseEntity<byte[]> answer(Question question, long sequence, byte[] body) {
    return answer(question, sequence, MediaType.APPLICATION_JSON, body);
  }

  /** The answer that is something else than JSON. */
  public ResponseEntity<byte[]> answer(
      Question question, long sequence, MediaType type, byte[] body) {
    return validated(question, builder(sequence), type, body);
  }

  /** Whether a text may be the id of a negotiation at all, so that it is worth looking for it. */
  public static boolean isId(String text) {
    return SLUG.matcher(text).matches();
  }

  /** 404 for something that is not there, or was not there then. */
  public static Problem unknown(String kind, String id) {
    return Problem.notFound(
        kind.toUpperCase(java.util.Locale.ROOT) + "_NOT_FOUND",
        "there is no " + kind + " '" + id + "', or was none then");
  }

  private static ResponseEntity.BodyBuilder builder(long sequence) {
    return ResponseEntity.ok()
        .header(SEQUENCE, String.valueOf(sequence))
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
  }

  private static ResponseEntity<byte[]> validated(
      Question question, ResponseEntity.BodyBuilder builder, MediaType type, byte[] body) {
    String tag = '"' + Validator.digest(body) + '"';
    HttpHeaders headers = builder.build().getHeaders();
    List<String> known = question.headers().getOrEmpty(HttpHeaders.IF_NONE_MATCH);
    boolean unchanged = Validator.matches(known, tag);
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(unchanged ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            .headers(headers)
            .header(HttpHeaders.ETAG, tag);
    return unchanged ? answer.build() : answer.contentType(type).body(body);
  }

  private static String next(Question question, String cursor) {
    return UriComponentsBuilder.fromUri(question.exchange().getRequest().getURI())
        .scheme(null)
        .host(null)
        .port(null)
        .replaceQueryParam("cursor", cursor)
        .build(true)
        .toUriString();
  }

  private Mono<Void> arrived(Question question, Function<String, List<Token>> reader) {
    List<String> headers = question.headers().getOrEmpty(AFTER);
    return headers.isEmpty()
        ? Mono.empty()
        : Access.Rights.of(question.exchange())
            .flatMap(
                rights ->
                    arrivals.await(
                        reader.apply(String.join(",", headers)), rights, question.views()));
  }
}
