package io.parley.journal.http;

import io.parley.journal.Service;
import io.parley.journal.reading.Access;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Token;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpStatus;

/**
 * What a client is told of a command that was accepted; a command that was not is a {@link
 * Problem}.
 *
 * @param status 201, or 200 where nothing changed
 * @param location where the read side shows the aggregate
 */
record Answer(HttpStatus status, CommandOutcome outcome, Token token, String location) {
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** The answer of an accepted command; anything else is thrown as its problem. */
  static Answer of(Service service, CommandOutcome outcome) {
    if (outcome.kind() != OutcomeKind.ACCEPTED) {
      throw problem(outcome);
    }
    HttpStatus status = outcome.events().isEmpty() ? HttpStatus.OK : HttpStatus.CREATED;
    Token token =
        new Token(service.name(), outcome.negotiation(), outcome.aggregate(), outcome.version());
    int colon = outcome.aggregate().indexOf(':');
    String path =
        Objects.requireNonNull(service.paths().get(outcome.aggregate().substring(0, colon)));
    String location =
        path.replace("{n}", outcome.negotiation())
            .replace("{id}", outcome.aggregate().substring(colon + 1));
    return new Answer(status, outcome, token, location);
  }

  /** The members of the JSON answer. */
  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("commandId", outcome.commandId());
    body.put("negotiation", outcome.negotiation());
    body.put("aggregate", outcome.aggregate());
    body.put("version", outcome.version());
    body.put(
        "events",
        outcome.events().stream()
            .map(e -> Map.of("id", e.id(), "type", e.type(), "version", e.version()))
            .toList());
    body.put("token", token.toString());
    return body;
  }

  static Problem problem(CommandOutcome outcome) {
    String aggregate = outcome.negotiation() + "/" + outcome.aggregate();
    Problem problem =
        switch (outcome.kind()) {
          case REFUSED -> conflict(outcome);
          case UNKNOWN_REFERENCE -> Problem.notFound(code(outcome), detail(outcome));
          case VERSION_MISMATCH ->
              Problem.of(
                      HttpStatus.PRECONDITION_FAILED,
                      "VERSION_MISMATCH",
                      aggregate + " is at version " + outcome.version())
                  .with("current", outcome.version());
          case KEY_REUSED ->
              Problem.of(
                  HttpStatus.UNPROCESSABLE_CONTENT,
                  "KEY_REUSED",
                  "the idempotency key was used with another body; the answer to that stands");
          case NOT_YET_KNOWN ->
              Problem.unavailable(
                  "NOT_YET_KNOWN",
                  "what Parley-After names is not known here yet; nothing was decided",
                  RETRY);
          case OVERLOADED ->
              Problem.unavailable(
                  "TOO_MANY_WAITING",
                  "too many commands wait for their tokens; nothing was decided",
                  RETRY);
          case COMMAND_UNKNOWN -> unknown(outcome.commandId());
          case FORBIDDEN -> Access.forbidden();
          case COMMAND_PENDING ->
              Problem.unavailable(
                  "COMMAND_PENDING", "the command still waits for its tokens", RETRY);
          case FAILED, ACCEPTED, UNRECOGNIZED ->
              Problem.of(
                  HttpStatus.INTERNAL_SERVER_ERROR,
                  "INTERNAL",
                  "the command could not be decided; nothing was recorded");
        };
    return problem.with("commandId", outcome.commandId());
  }

  /** Not decided, no longer remembered, or another's. */
  static Problem unknown(String commandId) {
    return Problem.notFound(
        "COMMAND_NOT_FOUND", "no outcome of command " + commandId + " is remembered");
  }

  /** A limit of ours refuses without a rule of the domain. */
  private static Problem conflict(CommandOutcome outcome) {
    Problem problem = Problem.of(HttpStatus.CONFLICT, code(outcome), detail(outcome));
    Integer rule = outcome.rule();
    return rule == null || rule == 0 ? problem : problem.with("rule", rule);
  }

  private static String code(CommandOutcome outcome) {
    return Objects.requireNonNull(outcome.code());
  }

  private static String detail(CommandOutcome outcome) {
    return Objects.requireNonNull(outcome.detail());
  }
}
