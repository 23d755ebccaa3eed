package io.parley.projection.audit;

import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Problem.Fault;
import io.parley.projection.read.Reading;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Verifies a record while somebody waits: progress as it goes, and the verdict last. Who asks, and
 * how it ended, is in the audit trail ({@link Runs}).
 */
@RestController
public final class VerifyController {
  private static final int MOST_HEADS = 16;

  private final Runs runs;

  VerifyController(Runs runs) {
    this.runs = runs;
  }

  /**
   * Replays a negotiation from the log, recomputes its chain and every row of the read models, and
   * compares. {@code head} is a hash that was written down, and must be in the record; repeatable.
   */
  @PostMapping(
      path = "/api/audit/negotiations/{negotiation}/verify",
      produces = {MediaType.APPLICATION_NDJSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
  public Mono<ResponseEntity<Flux<Map<String, Object>>>> verify(
      @PathVariable String negotiation, ServerWebExchange exchange) {
    Set<String> noted = heads(exchange);
    if (!Reading.isId(negotiation)) {
      throw Reading.unknown("negotiation", negotiation);
    }
    return Trail.act(exchange, Act.VERIFIED)
        .flatMap(act -> runs.run(act.negotiation(negotiation), noted))
        .map(
            lines ->
                ResponseEntity.ok()
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .header("X-Accel-Buffering", "no")
                    .body(lines));
  }

  private static Set<String> heads(ServerWebExchange exchange) {
    Map<String, List<String>> parameters = exchange.getRequest().getQueryParams();
    Set<String> heads = new HashSet<>();
    for (Map.Entry<String, List<String>> each : parameters.entrySet()) {
      if (!each.getKey().equals("head")) {
        throw invalid(each.getKey(), "there is no such parameter here");
      }
      heads.addAll(each.getValue());
    }
    if (heads.size() > MOST_HEADS) {
      throw invalid("head", "given " + heads.size() + " times, at most " + MOST_HEADS);
    }
    for (String head : heads) {
      if (head == null || !head.matches("[0-9a-f]{64}")) {
        throw invalid("head", "not a hash: 64 hexadecimal digits");
      }
    }
    return heads;
  }

  private static Problem invalid(String parameter, String detail) {
    return Problem.invalid(
        "the query parameters cannot be answered", List.of(new Fault(parameter, detail)));
  }
}
