package io.parley.journal.reading;

import io.netty.handler.timeout.ReadTimeoutException;
import io.opentelemetry.api.trace.SpanContext;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes every error, our own and the framework's, as {@code application/problem+json}; never a
 * stack trace.
 */
@Component
@Order(-2)
public final class ProblemHandler implements WebExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
  private static final Pattern TRACE_PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final JsonMapper json;

  ProblemHandler(JsonMapper json) {
    this.json = json;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    if (exchange.getResponse().isCommitted()) {
      // The status is on its way: all that is left is to end the connection, so that nobody takes
      // half for whole.
      return Mono.error(error);
    }
    if (error instanceof ReadTimeoutException) {
      // No fault of ours, and nobody is there to be told: the connection is closed (SlowRequests).
      exchange.getResponse().setStatusCode(HttpStatus.REQUEST_TIMEOUT);
      return Mono.empty();
    }
    String traceId = traceId(exchange);
    return write(exchange, problem(exchange, error, traceId), traceId);
  }

  /** Writes a problem as the whole answer. */
  public Mono<Void> write(ServerWebExchange exchange, Problem problem) {
    return write(exchange, problem, traceId(exchange));
  }

  private Mono<Void> write(ServerWebExchange exchange, Problem problem, String traceId) {
    ServerHttpResponse response = exchange.getResponse();
    response.setStatusCode(problem.status());
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    headers.setCacheControl("no-store");
    if (problem.retryAfter() != null) {
      headers.set(
          HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, problem.retryAfter().toSeconds())));
    }
    byte[] body = json.writeValueAsBytes(problem.body(traceId));
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  private static Problem problem(ServerWebExchange exchange, Throwable error, String traceId) {
    if (error instanceof Problem problem) {
      return problem;
    }
    if (error instanceof DataBufferLimitException tooLarge) {
      return Problem.of(
          HttpStatus.CONTENT_TOO_LARGE, "TOO_LARGE", String.valueOf(tooLarge.getMessage()));
    }
    if (error instanceof ResponseStatusException framework) {
      return ofFramework(exchange, framework);
    }
    try (var _ = MDC.putCloseable("traceId", traceId);
        var _ = MDC.putCloseable("spanId", Traces.of(exchange).getSpanId())) {
      LOG.error(
          "{} {} failed, trace {}",
          exchange.getRequest().getMethod(),
          // Not the path itself: an id in it may be one that not everybody may learn of (rule 32).
          String.valueOf(
              exchange.<Object>getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)),
          traceId,
          error);
    }
    return Problem.of(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "the service failed; the trace id finds the reason in its log");
  }

  private static Problem ofFramework(ServerWebExchange exchange, ResponseStatusException error) {
    HttpStatus status = HttpStatus.valueOf(error.getStatusCode().value());
    if (error instanceof MethodNotAllowedException notAllowed) {
      exchange.getResponse().getHeaders().setAllow(notAllowed.getSupportedMethods());
    }
    String path = exchange.getRequest().getPath().value();
    String detail =
        switch (status) {
          case NOT_FOUND -> "there is nothing at " + path;
          case METHOD_NOT_ALLOWED ->
              exchange.getRequest().getMethod() + " is not possible at " + path;
          default -> error.getReason() == null ? status.getReasonPhrase() : error.getReason();
        };
    return Problem.of(status, status.name(), detail);
  }

  private static String traceId(ServerWebExchange exchange) {
    SpanContext request = Traces.of(exchange);
    if (request.isValid()) {
      return request.getTraceId();
    }
    String parent = exchange.getRequest().getHeaders().getFirst("traceparent");
    if (parent != null) {
      Matcher matcher = TRACE_PARENT.matcher(parent);
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    return newTraceId();
  }

  static String newTraceId() {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
