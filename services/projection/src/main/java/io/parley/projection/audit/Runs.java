package io.parley.projection.audit;

import io.parley.journal.reading.Problem;
import io.parley.projection.audit.Verification.Finding;
import io.parley.projection.read.Reading;
import io.parley.projection.restricted.RestrictedHead;
import io.parley.projection.trail.Trail;
import io.parley.schemas.AuditAct;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * Verifications under way: each from the word in the audit trail that it begins to the word how it
 * ended, whatever becomes of who asked. One that its client leaves is ended; a difference that it
 * had found by then is kept all the same.
 */
@Component
final class Runs {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final Duration TELL_EVERY = Duration.ofMillis(500);
  private static final Duration WITHIN = Duration.ofSeconds(30);

  /** An answer that nobody has taken by then is nobody's: the connection was closed before it. */
  private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

  /**
   * How one ended that nobody waited for; else it is a verdict and its head, or a problem's code.
   */
  private static final String CANCELLED = "CANCELLED";

  private final Verifier verifier;
  private final Verifications verifications;
  private final Turns turns;
  private final Trail trail;
  private final AuditMetrics metrics;

  Runs(
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
   * Begins one: its lines, progress and verdict, once its record is open; a {@link Problem} where
   * there is none, or it cannot be read.
   *
   * @param act who asks, and of which negotiation
   * @param noted heads that must be in the record
   */
  Mono<Flux<Map<String, Object>>> run(AuditAct act, Set<String> noted) {
    return Mono.create(
        answer -> {
          Run run = new Run(act, noted, turns.take(), answer);
          answer.onCancel(run::leave);
          // Its own: another is interrupted when its client goes away, in the middle of anything.
          Thread.ofPlatform().daemon().name("audit-verification").start(run::run);
        });
  }

  /** Does it all, on one thread: so that nothing is open that nobody closes. */
  private final class Run {
    private final AuditAct act;
    private final String negotiation;
    private final Set<String> noted;
    private final Map<String, RestrictedHead> restrictedBefore = new HashMap<>();
    private final Turns.Turn turn;
    private final MonoSink<Flux<Map<String, Object>>> answer;
    private final Sinks.Many<Map<String, Object>> lines =
        Sinks.many().unicast().onBackpressureBuffer();
    private volatile boolean left;
    private volatile boolean stopped;
    private volatile boolean answered;
    private volatile long answeredNanos;
    private boolean ended;
    private long told;

    Run(
        AuditAct act,
        Set<String> noted,
        Turns.Turn turn,
        MonoSink<Flux<Map<String, Object>>> answer) {
      this.act = act;
      this.negotiation = Objects.requireNonNull(act.negotiation());
      this.noted = new HashSet<>(noted);
      this.turn = turn;
      this.answer = answer;
    }

    /** Nobody waits any more. */
    void leave() {
      left = true;
    }

    void run() {
      try (turn) {
        trail.written(act).block();
        verify();
      } catch (RuntimeException e) {
        refuse(e);
      }
    }

    private void verify() {
      try (Verifier.Opened opened = open()) {
        if (!opened.exists()) {
          throw Reading.unknown("negotiation", negotiation);
        }
        long length = opened.length();
        answeredNanos = System.nanoTime();
        answered = true;
        answer.success(lines.asFlux().doOnCancel(this::leave));
        Finding finding =
            opened.verify(noted, restrictedBefore, sequence -> progress(sequence, length));
        if (stopped && finding.first() == null) {
          ended(CANCELLED).block(WITHIN);
        } else {
          keep(finding);
          tell(last(finding));
        }
      } catch (WakeupException nobodyWaits) {
        ended(CANCELLED).onErrorComplete().block(WITHIN);
        if (!answered) {
          refuse(failed());
        }
      } catch (RuntimeException e) {
        fail(e);
      } catch (Error e) {
        // Out of memory, most of all: whoever asked waits, and the trail has its beginning.
        fail(new IllegalStateException(e));
        throw e;
      } finally {
        var _ = lines.tryEmitComplete();
      }
    }

    private Verifier.Opened open() {
      verifications
          .verified(negotiation)
          .blockOptional(WITHIN)
          .ifPresent(
              last -> {
                noted.add(last.headHash());
                restrictedBefore.putAll(last.restricted());
              });
      return verifier.open(negotiation, this::isToStop);
    }

    private boolean isToStop() {
      stopped |= left || isUntaken();
      return stopped;
    }

    /** Nobody is told of a connection that is closed between the answer and its first line. */
    private boolean isUntaken() {
      return answered
          && lines.currentSubscriberCount() == 0
          && System.nanoTime() - answeredNanos > TAKEN_WITHIN.toNanos();
    }

    private void progress(long sequence, long length) {
      long now = System.nanoTime();
      if (told == 0 || now - told >= TELL_EVERY.toNanos()) {
        told = now;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sequence", sequence);
        line.put("length", Math.max(length, sequence));
        tell(line);
      }
    }

    /** Goes nowhere once nobody waits. */
    private void tell(Map<String, Object> line) {
      var _ = lines.tryEmitNext(line);
    }

    /** Before anybody is told: a verdict that is not kept was not given. */
    private void keep(Finding finding) {
      String verdict = verdict(finding);
      // First: an alert must not depend on what keeps the verdict.
      metrics.ended(AuditMetrics.Verdict.valueOf(verdict));
      Verifications.Last last =
          new Verifications.Last(now(), verdict, finding.length(), finding.headHash());
      // Both are tried: where one is away the other still has it.
      Mono.whenDelayError(
              ended(verdict + " " + finding.headHash()),
              verifications.keep(negotiation, last, finding.restricted()))
          .block(WITHIN);
    }

    /** Writes how it ended. */
    private Mono<Void> ended(String how) {
      return trail.written(act.recordedAt(now()).result(how)).doOnSuccess(nothing -> ended = true);
    }

    /** There is no verdict: something was away, or is not as anybody foresaw. */
    private void fail(RuntimeException reason) {
      Problem problem = answered ? failed() : problem(reason);
      if (problem != reason) {
        LOG.warn("a verification cannot go on", reason);
        metrics.ended(AuditMetrics.Verdict.FAILED);
      }
      if (!ended) {
        ended(problem.code()).onErrorComplete().block(WITHIN);
      }
      if (answered) {
        tell(problem.body(""));
      } else {
        refuse(problem);
      }
    }

    private void refuse(RuntimeException reason) {
      if (!left) {
        answer.error(reason);
      }
    }
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
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
    if (!finding.restricted().isEmpty()) {
      line.put("restricted", finding.restricted());
    }
    return line;
  }

  /** What who asks is told where the record could not be opened. */
  private static Problem problem(RuntimeException reason) {
    return switch (reason) {
      case Problem problem -> problem;
      case KafkaException away ->
          Problem.unavailable("LOG_AWAY", "the log cannot be read just now", Duration.ofSeconds(1));
      case R2dbcException away when Reading.away(away) instanceof Problem problem -> problem;
      default -> failed();
    };
  }

  private static Problem failed() {
    return Problem.unavailable(
        "VERIFICATION_FAILED",
        "the verification could not be brought to its end; nothing is said of the record",
        Duration.ofSeconds(1));
  }
}
