package io.parley.journal.http;

import io.opentelemetry.api.trace.SpanContext;
import io.parley.journal.Service;
import io.parley.journal.gateway.CommandGateway;
import io.parley.journal.http.CommandReader.Sender;
import io.parley.journal.http.CommandReader.Wishes;
import io.parley.journal.http.LineSplitter.Line;
import io.parley.journal.reading.Problem;
import io.parley.schemas.Command;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stream of commands, one a line, answered by one result a line in the same order. So many are on
 * their way at once; the rest waits with the sender, not here.
 */
final class CommandStream {
  private static final Logger LOG = LoggerFactory.getLogger(CommandStream.class);
  private static final Set<String> BESIDE = Set.of("key", "ifMatch", "after");

  private final Service service;
  private final CommandGateway gateway;
  private final CommandReader reader;
  private final int atOnce;
  private final JsonMapper json;
  private final Clock clock;

  CommandStream(
      Service service,
      CommandGateway gateway,
      CommandReader reader,
      int atOnce,
      JsonMapper json,
      Clock clock) {
    this.service = service;
    this.gateway = gateway;
    this.reader = reader;
    this.atOnce = atOnce;
    this.json = json;
    this.clock = clock;
  }

  /** The results as bytes, each ending in a line feed. */
  Flux<DataBuffer> results(
      Flux<DataBuffer> body, Sender sender, SpanContext request, DataBufferFactory buffers) {
    LineSplitter lines = new LineSplitter(CommandRoutes.MAX_COMMAND_BYTES);
    Map<String, String> waitsFor = new HashMap<>();
    return body.concatMapIterable(lines::feed)
        .concatWith(Flux.defer(() -> Flux.fromIterable(lines.rest())))
        .flatMapSequential(line -> result(line, sender, request, waitsFor), atOnce, 1)
        .map(result -> buffers.wrap(bytes(result)));
  }

  private Mono<Map<String, Object>> result(
      Line line, Sender sender, SpanContext request, Map<String, String> waitsFor) {
    try {
      Command command = command(line, sender, waitsFor);
      return CommandRoutes.outcome(() -> gateway.sendOneOf(command, request))
          .map(outcome -> accepted(line, Answer.of(service, outcome)))
          .onErrorResume(error -> Mono.just(refused(line, error)));
    } catch (Problem problem) {
      return Mono.just(refused(line, problem));
    }
  }

  private Command command(Line line, Sender sender, Map<String, String> waitsFor) {
    if (line.tooLong()) {
      throw CommandRoutes.tooLarge();
    }
    JsonNode body = reader.parse(line.bytes());
    String negotiation = body.path("negotiation").asString("");
    Wishes wishes = wishes(body, waitsFor.get(negotiation));
    Command command = reader.read(body, wishes, sender, clock.instant(), BESIDE);
    if (wishes.after() != null) {
      // A later line may use what this one records, so it must not pass it while this one waits.
      waitsFor.put(negotiation, wishes.after());
    }
    return command;
  }

  private static Wishes wishes(JsonNode body, @Nullable String before) {
    JsonNode key = body.get("key");
    JsonNode match = body.get("ifMatch");
    JsonNode after = body.get("after");
    return new Wishes(
        key == null ? null : CommandRoutes.key(text(key, "key")),
        match == null ? null : version(match),
        after == null ? before : after(after));
  }

  private static long version(JsonNode match) {
    return match.isIntegralNumber() && match.longValue() >= 0
        ? match.longValue()
        : CommandRoutes.version(text(match, "ifMatch"));
  }

  private static String after(JsonNode after) {
    return after.isArray()
        ? StreamSupport.stream(after.spliterator(), false)
            .map(token -> text(token, "after"))
            .collect(Collectors.joining(","))
        : text(after, "after");
  }

  private static String text(JsonNode node, String name) {
    if (!node.isString()) {
      throw Problem.badRequest("INVALID_REQUEST", "/" + name + ": must be a string");
    }
    return node.stringValue();
  }

  private static Map<String, Object> accepted(Line line, Answer answer) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("line", line.number());
    result.put("status", answer.status().value());
    result.putAll(answer.body());
    return result;
  }

  private static Map<String, Object> refused(Line line, Throwable error) {
    Problem problem;
    if (error instanceof Problem known) {
      problem = known;
    } else {
      LOG.error("line {} of a stream failed", line.number(), error);
      problem =
          Problem.of(
              HttpStatus.INTERNAL_SERVER_ERROR, "INTERNAL", "the service failed on this line");
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("line", line.number());
    result.putAll(problem.body("line-" + line.number()));
    return result;
  }

  private byte[] bytes(Map<String, Object> result) {
    byte[] line = json.writeValueAsBytes(result);
    byte[] ended = java.util.Arrays.copyOf(line, line.length + 1);
    ended[line.length] = '\n';
    return ended;
  }
}
