package io.parley.projection.stream;

import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Rates;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.stream.Subscription.Format;
import io.parley.projection.trail.Trail;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The streams as they are asked for. Grants them and writes no body: {@link StreamRoutes} goes on
 * from there.
 */
@RestController
public final class StreamController {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final Starts starts;
  private final Streams streams;
  private final Limits limits;
  private final Trail trail;

  StreamController(Starts starts, Streams streams, Limits limits, Trail trail) {
    this.starts = starts;
    this.streams = streams;
    this.limits = limits;
    this.trail = trail;
  }

  /**
   * The events of every negotiation: as they come (`text/event-stream`), or as a bounded replay
   * (`application/x-ndjson`).
   */
  @GetMapping(
      path = "/api/events",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
  @Asks(
      value = "negotiation",
      views = {},
      stream = true,
      answers = MediaType.TEXT_EVENT_STREAM_VALUE)
  public Mono<Void> all(ServerWebExchange exchange) {
    return open(exchange, null);
  }

  /** The events of one negotiation, likewise. */
  @GetMapping(
      path = "/api/negotiations/{negotiation}/events",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
  @Asks(
      views = {},
      stream = true,
      answers = MediaType.TEXT_EVENT_STREAM_VALUE)
  public Mono<Void> one(@PathVariable String negotiation, ServerWebExchange exchange) {
    return open(exchange, negotiation);
  }

  private Mono<Void> open(ServerWebExchange exchange, @Nullable String negotiation) {
    ServerHttpRequest request = exchange.getRequest();
    StreamRoutes.Grant grant = StreamRoutes.grantOf(request);
    if (grant == null || (negotiation != null && !Reading.isId(negotiation))) {
      throw Problem.notFound("NOT_FOUND", "there is nothing at " + request.getPath().value());
    }
    Format format = format(request.getHeaders());
    Question question = Question.of(exchange);
    Ask ask =
        Ask.of(
            question,
            streams.properties(),
            format,
            negotiation,
            request.getHeaders().getFirst(LAST_EVENT_ID));
    question.check();
    HttpHeaders headers = exchange.getResponse().getHeaders();
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      describe(headers, format);
      return Mono.empty();
    }
    String address = Rates.address(request);
    Scope scope = negotiation == null ? Scope.WHOLE : starts.scopeOf(negotiation);
    return noted(question, ask, exchange)
        .then(exchange.getPrincipal())
        .map(Principal::getName)
        .defaultIfEmpty(address)
        .flatMap(
            client ->
                starts
                    .of(ask, scope)
                    .doOnNext(
                        start -> {
                          limits.charge(client, start.cost());
                          grant.give(grant(ask, scope, start, address));
                          describe(headers, format);
                        }))
        .then();
  }

  /** What was recorded since an instant, or until one, is asked of the negotiations it names. */
  private Mono<Void> noted(Question question, Ask ask, ServerWebExchange exchange) {
    Set<String> named = ask.filter().negotiations();
    return named.isEmpty()
        ? trail.asked(exchange, null, question.moments())
        : Flux.fromIterable(named)
            .concatMap(each -> trail.asked(exchange, each, question.moments()))
            .then();
  }

  private Subscription grant(Ask ask, Scope scope, Starts.Start start, String address) {
    FilterClass type = new FilterClass(ask.filter(), scope, ask.named());
    Limits.Ticket ticket = limits.admit(address);
    try {
      if (ask.format() == Format.SSE) {
        streams.hub().acquire(type);
      }
    } catch (Problem refused) {
      ticket.giveBack();
      throw refused;
    }
    return new Subscription(
        type,
        ask.format(),
        start.at(),
        start.end(),
        start.notBefore(),
        start.notAfter(),
        ask.speed(),
        start.reset(),
        ticket);
  }

  /** What the client likes best; a stream where it does not care. */
  private static Format format(HttpHeaders headers) {
    List<MediaType> accepted = headers.getAccept();
    MimeTypeUtils.sortBySpecificity(accepted);
    for (MediaType each : accepted) {
      if (each.includes(MediaType.TEXT_EVENT_STREAM)) {
        return Format.SSE;
      }
      if (each.includes(MediaType.APPLICATION_NDJSON)) {
        return Format.NDJSON;
      }
    }
    return Format.SSE;
  }

  private static void describe(HttpHeaders headers, Format format) {
    headers.setContentType(
        format == Format.SSE ? MediaType.TEXT_EVENT_STREAM : MediaType.APPLICATION_NDJSON);
    headers.setCacheControl("no-store");
    // nginx would else hold messages back until it has a page of them.
    headers.set("X-Accel-Buffering", "no");
  }
}
