package io.parley.projection.audit;

import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Problem.Fault;
import io.parley.projection.audit.Verification.Finding;
import io.parley.projection.read.Reading;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Verifies a record while somebody waits: progress as it goes, and the verdict last. Who asks, and
 * how it ended, is in the audit trail.
 */
@RestController
public final class VerifyController {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyController.class);
  private static final Duration TELL_EVERY = Duration.ofMillis(500);
  private static final int MOST_HEADS = 16;

  private final Verifier verifier;
  private final Verifications verifications;
  private final Turns turns;
  private final Trail trail;
  private final AuditMetrics metrics;

  VerifyController(
      Verifier verifier,
      Verifications verifications,
      Turns turns,
      Trail trail,
      AuditMetrics metrics) {
    this.verifier = verifier;
    this.verifications = verifications;
    this.turns = turns;
    this.trail = trail;
    this.metrics = metrics;
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
    Turns.Turn turn = turns.take();
    return Trail.act(exchange, Act.VERIFIED)
        .map(act -> act.negotiation(negotiation))
        .flatMap(act -> trail.written(act).thenReturn(act))
        .flatMap(
            act ->
                verifications
                    .verifiedHead(negotiation)
                    .doOnNext(noted::add)
                    .then(
                        Mono.fromCallable(() -> open(negotiation))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .map(
                        opened ->
                            ResponseEntity.ok()
                                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                .header("X-Accel-Buffering", "no")
                                .body(lines(negotiation, opened, noted, act, turn))))
        .doOnError(error -> turn.close())
        .doOnCancel(turn::close);
  }

  private Verifier.Opened open(String negotiation) {
    Verifier.Opened opened;
    try {
      opened = verifier.open(negotiation);
    } catch (KafkaException e) {
      LOG.warn("the log cannot be opened", e);
      throw Problem.unavailable(
          "LOG_AWAY", "the log cannot be read just now", Duration.ofSeconds(1));
    }
    if (!opened.exists()) {
      opened.close();
      throw Reading.unknown("negotiation", negotiation);
    }
    return opened;
  }

  private Flux<Map<String, Object>> lines(
      String negotiation,
      Verifier.Opened opened,
      Set<String> noted,
      AuditAct act,
      Turns.Turn turn) {
    return Flux.<Map<String, Object>>create(
            sink -> {
              try (turn;
                  opened) {
                Finding finding =
                    opened.verify(noted, progress(sink, opened.length()), sink::isCancelled);
                if (!sink.isCancelled()) {
                  keep(negotiation, finding, act);
                  sink.next(last(finding));
                }
                sink.complete();
              } catch (RuntimeException e) {
                LOG.warn("a verification cannot go on", e);
                sink.error(e);
              }
            })
        .onErrorResume(
            error -> {
              metrics.ended(AuditMetrics.Verdict.FAILED);
              return Mono.just(failed());
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static java.util.function.LongConsumer progress(
      FluxSink<Map<String, Object>> sink, long length) {
    long[] told = {0};
    return sequence -> {
      long now = System.nanoTime();
      if (told[0] == 0 || now - told[0] >= TELL_EVERY.toNanos()) {
        told[0] = now;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sequence", sequence);
        line.put("length", Math.max(length, sequence));
        sink.next(line);
      }
    };
  }

  /** Before anybody is told: a verdict that is not kept was not given. */
  private void keep(String negotiation, Finding finding, AuditAct asked) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    String verdict = verdict(finding);
    // First: an alert must not depend on what keeps the verdict.
    metrics.ended(AuditMetrics.Verdict.valueOf(verdict));
    AuditAct ended = asked.recordedAt(now).result(verdict + " " + finding.headHash());
    trail
        .written(ended)
        .then(
            verifications.keep(
                negotiation,
                new Verifications.Last(now, verdict, finding.length(), finding.headHash())))
        .block(Duration.ofSeconds(30));
  }

  private static String verdict(Finding finding) {
    return finding.first() == null ? "VERIFIED" : "DIFFERS";
  }

  private static Map<String, Object> last(Finding finding) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("verdict", verdict(finding));
    if (finding.first() != null) {
      line.put("first", finding.first());
    }
    line.put("length", finding.length());
    line.put("headHash", finding.headHash());
    return line;
  }

  /** There is no verdict: something was away, or is not as anybody foresaw. */
  private static Map<String, Object> failed() {
    return Problem.unavailable(
            "VERIFICATION_FAILED",
            "the verification could not be brought to its end; nothing is said of the record",
            Duration.ofSeconds(1))
        .body("");
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
