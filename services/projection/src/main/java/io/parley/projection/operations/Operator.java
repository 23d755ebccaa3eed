package io.parley.projection.operations;

import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Problem.Fault;
import io.parley.projection.read.Reading;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What an operator's requests have in common. */
final class Operator {
  private Operator() {}

  /** Refuses parameters that are not of these. */
  static void check(ServerWebExchange exchange, String... known) {
    Set<String> all = Set.of(known);
    for (Map.Entry<String, List<String>> each : exchange.getRequest().getQueryParams().entrySet()) {
      if (!all.contains(each.getKey())) {
        throw invalid(each.getKey(), "there is no such parameter here");
      }
      if (each.getValue().size() > 1) {
        throw invalid(each.getKey(), "given " + each.getValue().size() + " times");
      }
    }
  }

  /** A parameter that is true or false; false where it is absent. */
  static boolean flag(ServerWebExchange exchange, String name) {
    return switch (parameter(exchange, name)) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, "not true or false");
    };
  }

  static @Nullable String parameter(ServerWebExchange exchange, String name) {
    return exchange.getRequest().getQueryParams().getFirst(name);
  }

  static Problem invalid(String pointer, String detail) {
    return Problem.invalid("the request cannot be answered", List.of(new Fault(pointer, detail)));
  }

  static Problem conflict(String code, String detail) {
    return Problem.of(HttpStatus.CONFLICT, code, detail);
  }

  /** Does what blocks, elsewhere than on the threads of connections. */
  static <T> Mono<T> blocking(Supplier<@Nullable T> work) {
    return Mono.fromSupplier(work).subscribeOn(Schedulers.boundedElastic());
  }

  /** 503 where the database or the broker is away; else the error itself. */
  static Throwable away(Throwable error) {
    if (error instanceof R2dbcException refused) {
      return Reading.away(refused);
    }
    return error instanceof IllegalStateException
            || error instanceof org.apache.kafka.common.KafkaException
        ? Problem.unavailable(
            "NOT_SEEN", "it cannot be seen just now: " + error.getMessage(), Duration.ofSeconds(1))
        : error;
  }

  static <T> ResponseEntity<T> ok(T body) {
    return answer(HttpStatus.OK).body(body);
  }

  static ResponseEntity.BodyBuilder answer(HttpStatus status) {
    return ResponseEntity.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
