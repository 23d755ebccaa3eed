package io.parley.journal.reading;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * An answer that is an error (RFC 9457). Thrown where a request is refused; {@link ProblemHandler}
 * writes it. Expected refusals carry no stack trace: they cost nothing.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String code;
  private final transient Map<String, Object> extensions = new LinkedHashMap<>();
  private @Nullable Duration retryAfter;

  private Problem(HttpStatus status, String code, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** Where in the request something is wrong, a JSON pointer or a parameter's name, and what. */
  public record Fault(String pointer, String detail) {}

  /** An error of this status. */
  public static Problem of(HttpStatus status, String code, String detail) {
    return new Problem(status, code, detail);
  }

  /** 400. */
  public static Problem badRequest(String code, String detail) {
    return of(HttpStatus.BAD_REQUEST, code, detail);
  }

  /** 400 with each thing that is wrong named. */
  public static Problem invalid(String detail, List<Fault> faults) {
    return badRequest("INVALID_REQUEST", detail).with("errors", faults);
  }

  /** 404. */
  public static Problem notFound(String code, String detail) {
    return of(HttpStatus.NOT_FOUND, code, detail);
  }

  /** 503, with the time after which to try again. */
  public static Problem unavailable(String code, String detail, Duration retryAfter) {
    Problem problem = of(HttpStatus.SERVICE_UNAVAILABLE, code, detail);
    problem.retryAfter = retryAfter;
    return problem;
  }

  /** 429, with the time after which to try again. */
  public static Problem tooMany(String code, String detail, Duration retryAfter) {
    Problem problem = of(HttpStatus.TOO_MANY_REQUESTS, code, detail);
    problem.retryAfter = retryAfter;
    return problem;
  }

  /** Adds a member of its own to the answer. */
  public Problem with(String name, Object value) {
    extensions.put(name, value);
    return this;
  }

  /** HTTP status. */
  public HttpStatus status() {
    return status;
  }

  /** Stable code, UPPER_SNAKE. */
  public String code() {
    return code;
  }

  /** When to try again, if that helps. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The answer's members, in the order in which they are written. */
  public Map<String, Object> body(String traceId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:parley:problem:" + code);
    body.put("title", status.getReasonPhrase());
    body.put("status", status.value());
    body.put("detail", String.valueOf(getMessage()));
    body.put("code", code);
    body.putAll(extensions);
    body.put("traceId", traceId);
    return body;
  }
}
