package io.parley.projection.read;

import io.parley.journal.reading.Access;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Token;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.projector.Database;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Reads that wait for tokens (ADR 10). Every commit of a projector, on whatever replica, is
 * notified by PostgreSQL; then one query asks for all that wait here.
 */
@Component
public final class Arrivals implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  /** A notification may be lost while its connection is: those who wait ask again this often. */
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  private record Waiting(
      List<Token> tokens, Access.Rights rights, Set<String> views, Sinks.Empty<Void> met) {}

  /**
   * What is applied of some tokens.
   *
   * @param lacking of the open ones, the views that stand still before each, parted by commas
   * @param issuers of the restricted ones, the party that may learn of each
   */
  private record Met(Map<Token, Optional<String>> lacking, Map<Token, Optional<String>> issuers) {
    static final Met NONE = new Met(Map.of(), Map.of());

    /** A token of what somebody may not learn of is as one of what does not exist (rule 23). */
    boolean all(List<Token> tokens, Access.Rights rights, Set<String> views) {
      return tokens.stream()
          .allMatch(
              token ->
                  isApplied(token, views)
                      || (issuers.containsKey(token)
                          && rights.mayKnow(
                              token.negotiation(),
                              issuers.getOrDefault(token, Optional.empty()).orElse(null))));
    }

    private boolean isApplied(Token token, Set<String> views) {
      Optional<String> behind = lacking.get(token);
      return behind != null
          && behind.stream()
              .flatMap(names -> Stream.of(names.split(",")))
              .noneMatch(views::contains);
    }
  }

  private static final String ASKED =
      " from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::bigint[])"
          + " as x(i, service, negotiation, aggregate, version)";
  private static final String IS_IT =
      " t.negotiation = x.negotiation and t.aggregate = x.aggregate and t.service = x.service";
  private static final String OPEN =
      "select x.i, (select string_agg(h.view, ',') from {schema}.halted h"
          + " where h.negotiation = x.negotiation and h.sequence <= t.sequence)"
          + ASKED
          + " cross join lateral (select t.sequence from {schema}.timeline t where"
          + IS_IT
          + " and t.version >= x.version order by t.version limit 1) t";
  private static final String RESTRICTED =
      "select x.i, t.issuer"
          + ASKED
          + " join {schema}.restricted t on"
          + IS_IT
          + " and t.version = x.version";

  /** Others wait for a look that is under way. */
  private static final Duration LOOK_WITHIN = Duration.ofSeconds(5);

  private final Database database;
  private final Duration atMost;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger signals = new AtomicInteger();
  private @Nullable Disposable running;

  Arrivals(Database database, ProjectionProperties properties) {
    this.database = database;
    this.atMost = properties.waitAtMost();
  }

  /** Reads tokens of whatever negotiations. */
  static List<Token> tokens(String header) {
    List<Token> tokens = new ArrayList<>();
    for (String text : Token.split(header)) {
      // The token says its negotiation itself, and nothing here needs it to be another.
      int from = text.indexOf('/');
      int to = text.indexOf('/', from + 1);
      String negotiation = from < 0 || to < 0 ? "" : text.substring(from + 1, to);
      tokens.addAll(Token.parseList(text, negotiation));
    }
    return tokens;
  }

  /**
   * Completes once these views have applied what the tokens name; 503 NOT_YET_KNOWN after the time
   * allowed.
   */
  Mono<Void> await(List<Token> tokens, Access.Rights rights, Set<String> views) {
    return met(tokens)
        // A database that is away, or has no tables yet, may be back before the time is over.
        .onErrorReturn(Met.NONE)
        .flatMap(
            met ->
                met.all(tokens, rights, views)
                    ? Mono.empty()
                    : await(new Waiting(tokens, rights, views, Sinks.empty())));
  }

  private Mono<Void> await(Waiting waiter) {
    waiting.add(waiter);
    // It may have come between the first look and this line.
    signal();
    return waiter
        .met()
        .asMono()
        .timeout(
            atMost,
            Mono.error(
                () ->
                    Problem.unavailable(
                        "NOT_YET_KNOWN",
                        "not known here after " + atMost.toMillis() + " ms: " + waiter.tokens(),
                        Duration.ofSeconds(1))))
        .doFinally(signal -> waiting.remove(waiter));
  }

  /** Looks for all that wait; signals that come meanwhile make it look once more. */
  private void signal() {
    if (signals.getAndIncrement() == 0) {
      look();
    }
  }

  private void look() {
    int seen = signals.get();
    List<Waiting> now = List.copyOf(waiting);
    List<Token> tokens = now.stream().flatMap(each -> each.tokens().stream()).distinct().toList();
    met(tokens)
        .doOnNext(
            met ->
                now.stream()
                    .filter(each -> met.all(each.tokens(), each.rights(), each.views()))
                    .forEach(each -> each.met().tryEmitEmpty()))
        .onErrorComplete()
        .doFinally(
            end -> {
              if (signals.addAndGet(-seen) > 0) {
                look();
              }
            })
        .subscribe();
  }

  private Mono<Met> met(List<Token> tokens) {
    return applied(tokens.stream().filter(token -> !token.isRestricted()).toList(), OPEN)
        .zipWith(applied(tokens.stream().filter(Token::isRestricted).toList(), RESTRICTED))
        .map(both -> new Met(both.getT1(), both.getT2()))
        .timeout(LOOK_WITHIN);
  }

  private Mono<Map<Token, Optional<String>>> applied(List<Token> tokens, String sql) {
    if (tokens.isEmpty()) {
      return Mono.just(Map.of());
    }
    Integer[] numbers = new Integer[tokens.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return database
        .query(
            sql,
            row ->
                Map.entry(
                    tokens.get(row.get(0, Integer.class)),
                    Optional.ofNullable(row.get(1, String.class))),
            List.of(
                numbers,
                tokens.stream().map(Token::service).toArray(String[]::new),
                tokens.stream().map(Token::negotiation).toArray(String[]::new),
                tokens.stream().map(Token::aggregate).toArray(String[]::new),
                tokens.stream().map(Token::version).toArray(Long[]::new)))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public synchronized void start() {
    Disposable listening =
        Flux.usingWhen(database.connections().create(), this::notifications, Connection::close)
            .doOnNext(notification -> signal())
            .doOnError(
                error ->
                    LOG.warn("notifications are lost, listening again: {}", error.getMessage()))
            .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, ASK_AGAIN))
            .subscribe();
    Disposable asking =
        Flux.interval(ASK_AGAIN)
            .onBackpressureDrop()
            .filter(tick -> !waiting.isEmpty())
            .subscribe(tick -> signal());
    running = Disposables.composite(listening, asking);
  }

  private Flux<?> notifications(Connection connection) {
    PostgresqlConnection own =
        connection instanceof Wrapped<?> wrapped
            ? wrapped.unwrap(PostgresqlConnection.class)
            : (PostgresqlConnection) connection;
    if (own == null) {
      return Flux.error(new IllegalStateException("not a connection to PostgreSQL"));
    }
    return own.createStatement("listen " + database.schema())
        .execute()
        .flatMap(result -> result.getRowsUpdated())
        .thenMany(own.getNotifications())
        .concatWith(Flux.error(() -> new IllegalStateException("the connection ended")));
  }

  @Override
  public synchronized void stop() {
    if (running != null) {
      running.dispose();
      running = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return running != null;
  }
}
