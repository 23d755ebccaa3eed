package io.parley.projection.operations;

import io.parley.journal.reading.Problem;
import io.parley.projection.projector.Bodies;
import io.parley.projection.projector.DeadLetter;
import io.parley.projection.projector.DeadLetter.Named;
import io.parley.projection.projector.DeadLetters;
import io.parley.projection.projector.Rehearsal;
import io.parley.projection.projector.Rehearsal.Outlook;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The entries that are not applied, and what is to be done with them. */
@RestController
public final class DeadLettersController {
  private static final Duration WAIT_AT_MOST = Duration.ofSeconds(5);
  private static final Duration ASK_EVERY = Duration.ofMillis(50);
  private static final int DEFAULT_LIMIT = 100;
  private static final int MOST = 1_000;
  private static final int MOST_CHARACTERS = 500;

  /** Each reads a partition, and keeps what it folds in memory. */
  private static final int REHEARSALS = 2;

  private final DeadLetters letters;
  private final Rehearsal rehearsal;
  private final Trail trail;
  private final Semaphore rehearsals = new Semaphore(REHEARSALS);

  DeadLettersController(DeadLetters letters, Rehearsal rehearsal, Trail trail) {
    this.letters = letters;
    this.rehearsal = rehearsal;
    this.trail = trail;
  }

  /**
   * A page.
   *
   * @param next where the next page begins; null where this is the last
   */
  @Schema(name = "DeadLetterPage")
  public record Page(List<DeadLetter> items, @Nullable String next) {}

  /** What became of it. */
  public enum State {
    /** It stands still no more. */
    GOES_ON,
    /** It stands still, there or elsewhere. */
    STANDS_STILL,
    /** It was not tried yet: whoever has the partition will. */
    ASKED
  }

  /**
   * What became of a retry or a skip, or, of a dry run, what would.
   *
   * @param state null of a dry run
   * @param deadLetter where it stands now; null where it stands still no more
   * @param outlook of a dry run
   */
  public record Outcome(
      String id,
      boolean dryRun,
      @Nullable State state,
      @Nullable DeadLetter deadLetter,
      @Nullable Outlook outlook) {}

  /** What is not applied, and why: first the partitions that stand still, then the views. */
  @GetMapping("/api/operations/dead-letters")
  public Mono<ResponseEntity<Page>> list(ServerWebExchange exchange) {
    Operator.check(exchange, "limit", "cursor");
    int limit = limit(Operator.parameter(exchange, "limit"));
    String cursor = Operator.parameter(exchange, "cursor");
    Named after =
        cursor == null
            ? null
            : DeadLetters.named(cursor)
                .orElseThrow(() -> Operator.invalid("cursor", "not a cursor of this list"));
    return letters
        .after(after, limit + 1)
        .collectList()
        .onErrorMap(Operator::away)
        .map(found -> page(found, limit));
  }

  private static ResponseEntity<Page> page(List<DeadLetter> found, int limit) {
    if (found.size() <= limit) {
      return Operator.ok(new Page(found, null));
    }
    List<DeadLetter> items = found.subList(0, limit);
    String next = items.getLast().id();
    return Operator.answer(HttpStatus.OK)
        .header(
            HttpHeaders.LINK,
            "</api/operations/dead-letters?limit=" + limit + "&cursor=" + next + ">; rel=\"next\"")
        .body(new Page(items, next));
  }

  /** One of them. */
  @GetMapping("/api/operations/dead-letters/{id}")
  public Mono<ResponseEntity<DeadLetter>> one(@PathVariable String id, ServerWebExchange exchange) {
    Operator.check(exchange);
    return letters
        .find(named(id))
        .switchIfEmpty(Mono.error(() -> unknown(id)))
        .onErrorMap(Operator::away)
        .map(Operator::ok);
  }

  /**
   * Tries it again from there. With `dryRun=true` nothing changes, and the answer says what would
   * follow.
   */
  @PostMapping("/api/operations/dead-letters/{id}/retry")
  public Mono<ResponseEntity<Outcome>> retry(@PathVariable String id, ServerWebExchange exchange) {
    Operator.check(exchange, "dryRun");
    Named named = named(id);
    if (Operator.flag(exchange, "dryRun")) {
      return standing(named, id).then(rehearsed(named, id, false)).onErrorMap(Operator::away);
    }
    return standing(named, id)
        .flatMap(
            letter ->
                Trail.act(exchange, Act.VIEW_RETRIED)
                    .flatMap(act -> trail.written(about(act, letter, null)))
                    .then(letters.retry(named))
                    .flatMap(asked -> asked(asked, named, id)))
        .onErrorMap(Operator::away);
  }

  /**
   * Has the view pass over this entry for ever, and go on. The body says why: `{"reason": "…"}`, 1
   * to 500 characters.
   */
  @PostMapping("/api/operations/dead-letters/{id}/skip")
  public Mono<ResponseEntity<Outcome>> skip(
      @PathVariable String id,
      @RequestBody(required = false) byte @Nullable [] body,
      ServerWebExchange exchange) {
    Operator.check(exchange, "dryRun");
    Named named = named(id);
    boolean dryRun = Operator.flag(exchange, "dryRun");
    String reason = dryRun ? "" : reason(body);
    return standing(named, id)
        .flatMap(
            letter -> {
              if (letter.ofTheLog()) {
                return Mono.error(
                    Operator.conflict(
                        "LOG_FAULTY",
                        "the log itself is faulty at partition "
                            + letter.partition()
                            + ", offset "
                            + letter.offset()
                            + ": all that follows rests on the record, so that nothing can pass"
                            + " over it; "
                            + letter.reason()));
              }
              return dryRun ? rehearsed(named, id, true) : skip(exchange, named, letter, reason);
            })
        .onErrorMap(Operator::away);
  }

  private Mono<ResponseEntity<Outcome>> skip(
      ServerWebExchange exchange, Named named, DeadLetter letter, String reason) {
    return Trail.act(exchange, Act.EVENT_SKIPPED)
        .flatMap(
            act -> {
              String subject = act.subject();
              return trail.written(about(act, letter, reason)).thenReturn(subject);
            })
        .flatMap(subject -> letters.skip(letter, subject, reason))
        .flatMap(asked -> asked(asked, named, letter.id()));
  }

  private static AuditAct about(AuditAct act, DeadLetter letter, @Nullable String reason) {
    String what = letter.what();
    return act.negotiation(letter.negotiation())
        .detail(reason == null ? what : DeadLetter.what(what, reason));
  }

  private Mono<ResponseEntity<Outcome>> asked(DeadLetters.Asked asked, Named named, String id) {
    return switch (asked) {
      case MOVED -> Mono.error(moved());
      case TOO_MANY ->
          Mono.error(
              Operator.conflict(
                  "TOO_MANY_SKIPS",
                  "10,000 entries are passed over already, which is the most: mend the view"));
      case YES ->
          Flux.defer(() -> letters.pending(named))
              .repeatWhen(times -> times.delayElements(ASK_EVERY))
              .takeUntil(pending -> !pending)
              .take(WAIT_AT_MOST)
              .last(true)
              .flatMap(pending -> outcome(named, id, pending));
    };
  }

  private Mono<ResponseEntity<Outcome>> outcome(Named named, String id, boolean pending) {
    return letters
        .now(named)
        .map(now -> new Outcome(id, false, State.STANDS_STILL, now, null))
        .defaultIfEmpty(new Outcome(id, false, State.GOES_ON, null, null))
        .map(
            ended ->
                pending
                    ? Operator.answer(HttpStatus.ACCEPTED)
                        .body(new Outcome(id, false, State.ASKED, ended.deadLetter(), null))
                    : Operator.ok(ended));
  }

  private Mono<ResponseEntity<Outcome>> rehearsed(Named named, String id, boolean skip) {
    return Operator.blocking(
        () -> {
          if (!rehearsals.tryAcquire()) {
            throw Problem.tooMany(
                "TOO_MANY_DRY_RUNS",
                REHEARSALS + " dry runs are on their way on this instance already",
                Duration.ofSeconds(1));
          }
          try {
            Outlook outlook = rehearsal.of(named, skip).orElseThrow(DeadLettersController::moved);
            return Operator.ok(new Outcome(id, true, null, null, outlook));
          } finally {
            rehearsals.release();
          }
        });
  }

  /** It, where it stands just there; 409 where the same stands elsewhere, 404 where nowhere. */
  private Mono<DeadLetter> standing(Named named, String id) {
    return letters
        .now(named)
        .switchIfEmpty(Mono.error(() -> unknown(id)))
        .flatMap(now -> now.id().equals(id) ? Mono.just(now) : Mono.error(moved()));
  }

  private static Named named(String id) {
    return DeadLetters.named(id).orElseThrow(() -> unknown(id));
  }

  private static Problem unknown(String id) {
    return Problem.notFound(
        "DEAD_LETTER_NOT_FOUND", "there is no dead letter '" + id + "', or none any more");
  }

  private static Problem moved() {
    return Operator.conflict(
        "DEAD_LETTER_MOVED", "it stands still elsewhere now: ask for the list again");
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= MOST) {
      return Integer.parseInt(text);
    }
    throw Operator.invalid("limit", "not a number from 1 to " + MOST);
  }

  private static String reason(byte @Nullable [] body) {
    JsonNode said;
    try {
      said = body == null ? null : Bodies.JSON.readTree(body);
    } catch (JacksonException e) {
      throw Problem.badRequest("UNREADABLE", "the body is not JSON");
    }
    JsonNode reason = said == null ? null : said.get("reason");
    if (said == null || reason == null || said.size() != 1 || !reason.isString()) {
      throw Operator.invalid("/reason", "say why: {\"reason\": \"…\"}, and nothing else");
    }
    String text = reason.asString().strip();
    if (text.isEmpty() || text.length() > MOST_CHARACTERS || text.indexOf('\0') >= 0) {
      throw Operator.invalid("/reason", "has 1 to " + MOST_CHARACTERS + " characters");
    }
    return text;
  }
}
