package io.parley.journal.http;

import io.parley.journal.Service;
import io.parley.journal.gateway.CommandGateway;
import io.parley.journal.http.CommandReader.Sender;
import io.parley.journal.http.CommandReader.Wishes;
import io.parley.journal.reading.Access;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Traces;
import io.parley.schemas.CommandOutcome;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /api/SERVICE/commands} and {@code GET /api/commands/ID} of one service. */
public final class CommandRoutes {
  /** Most bytes of one command. */
  public static final int MAX_COMMAND_BYTES = 1 << 20;

  private static final Pattern IF_MATCH = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");
  private static final int MAX_KEY_CHARACTERS = 128;
  private static final Pattern KEY =
      Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]{0," + (MAX_KEY_CHARACTERS - 1) + "}");

  private final Service service;
  private final CommandGateway gateway;
  private final CommandReader reader;
  private final CommandStream stream;
  private final Clock clock;

  /** The routes of a service. */
  public CommandRoutes(
      Service service,
      CommandGateway gateway,
      ParleyProperties properties,
      JsonMapper json,
      Clock clock) {
    this.service = service;
    this.gateway = gateway;
    this.clock = clock;
    this.reader = new CommandReader(service);
    this.stream =
        new CommandStream(service, gateway, reader, properties.commands().inStream(), json, clock);
  }

  /** Where a service takes commands. */
  public static String commands(Service service) {
    return "/api/" + service.name() + "/commands";
  }

  /** Where a service tells the outcomes of its commands. */
  public static String outcomes(Service service) {
    return "/api/commands/{id:" + service.name() + "[.].*}";
  }

  /** The routes, for the web server. */
  public RouterFunction<ServerResponse> routes() {
    String path = commands(service);
    return RouterFunctions.route()
        .POST(path, RequestPredicates.contentType(MediaType.APPLICATION_NDJSON), this::many)
        .POST(path, RequestPredicates.contentType(MediaType.APPLICATION_JSON), this::one)
        .POST(path, this::unsupported)
        .route(
            RequestPredicates.path(path),
            request ->
                Mono.error(
                    new MethodNotAllowedException(request.method(), Set.of(HttpMethod.POST))))
        .GET(outcomes(service), this::outcome)
        .build();
  }

  private Mono<ServerResponse> one(ServerRequest request) {
    Wishes wishes = wishes(request.headers().asHttpHeaders());
    return sender(request)
        .zipWith(body(request.exchange().getRequest()))
        .flatMap(
            read -> {
              var command =
                  reader.read(
                      reader.parse(read.getT2()), wishes, read.getT1(), clock.instant(), Set.of());
              return outcome(() -> gateway.send(command, Traces.of(request.exchange())));
            })
        .flatMap(outcome -> respond(Answer.of(service, outcome)));
  }

  private Mono<ServerResponse> many(ServerRequest request) {
    return sender(request)
        .flatMap(
            sender ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_NDJSON)
                    .body(
                        (response, context) ->
                            response.writeWith(
                                stream.results(
                                    request.exchange().getRequest().getBody(),
                                    sender,
                                    Traces.of(request.exchange()),
                                    response.bufferFactory()))));
  }

  private Mono<ServerResponse> unsupported(ServerRequest request) {
    String given = request.headers().asHttpHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
    return Mono.error(
        Problem.of(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            (given == null ? "no content type" : "'" + given + "'")
                + ": send application/json or application/x-ndjson"));
  }

  private Mono<ServerResponse> outcome(ServerRequest request) {
    String id = request.pathVariable("id");
    String[] parts = id.split("\\.", -1);
    if (parts.length != 3 || Formats.fault("slug", parts[1]) != null) {
      return Mono.error(Problem.notFound("COMMAND_NOT_FOUND", "no command has such an id"));
    }
    return sender(request)
        .zipWith(outcome(() -> gateway.ask(parts[1], id)))
        .flatMap(
            answer ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(told(answer.getT2(), answer.getT1())));
  }

  /**
   * An outcome as its answer or problem was, with its status as a member. Another's command may be
   * about what is restricted: only an editor is told of those.
   */
  private Map<String, Object> told(CommandOutcome outcome, Sender asking) {
    if (!asking.subject().equals(outcome.author())
        && !Access.Rights.of(asking.roles()).mayRecordAnything()) {
      throw Answer.unknown(outcome.commandId()).with("commandId", outcome.commandId());
    }
    Map<String, Object> told = new LinkedHashMap<>();
    switch (outcome.kind()) {
      case COMMAND_UNKNOWN, COMMAND_PENDING -> throw Answer.problem(outcome);
      case ACCEPTED -> {
        Answer answer = Answer.of(service, outcome);
        told.put("status", answer.status().value());
        told.putAll(answer.body());
      }
      default -> told.putAll(Answer.problem(outcome).body(outcome.commandId()));
    }
    return told;
  }

  private static Mono<ServerResponse> respond(Answer answer) {
    return ServerResponse.status(answer.status())
        .eTag("\"" + answer.token().version() + "\"")
        .header(HttpHeaders.LOCATION, answer.location())
        .header("Parley-Token", answer.token().toString())
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(answer.body());
  }

  static Mono<CommandOutcome> outcome(
      java.util.function.Supplier<java.util.concurrent.CompletableFuture<CommandOutcome>> send) {
    // A client that goes away does not take its command with it: the outcome is recorded all the
    // same.
    return Mono.fromFuture(send, true)
        .onErrorMap(CompletionException.class, e -> e.getCause() == null ? e : e.getCause());
  }

  private static Mono<Sender> sender(ServerRequest request) {
    return request
        .principal()
        .cast(Authentication.class)
        .map(
            who ->
                new Sender(
                    who.getName(),
                    who.getAuthorities().stream().map(GrantedAuthority::getAuthority).toList()));
  }

  private static Mono<byte[]> body(ServerHttpRequest request) {
    return DataBufferUtils.join(request.getBody(), MAX_COMMAND_BYTES)
        .map(
            buffer -> {
              byte[] bytes = new byte[buffer.readableByteCount()];
              buffer.read(bytes);
              DataBufferUtils.release(buffer);
              return bytes;
            })
        .defaultIfEmpty(new byte[0])
        .onErrorMap(DataBufferLimitException.class, e -> tooLarge());
  }

  static Problem tooLarge() {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "TOO_LARGE",
        "a command has at most " + MAX_COMMAND_BYTES + " bytes");
  }

  private static Wishes wishes(HttpHeaders headers) {
    String key = headers.getFirst("Idempotency-Key");
    String match = headers.getFirst(HttpHeaders.IF_MATCH);
    return new Wishes(
        key == null ? null : key(key), match == null ? null : version(match), after(headers));
  }

  private static @Nullable String after(HttpHeaders headers) {
    var given = headers.get("Parley-After");
    return given == null ? null : String.join(",", given);
  }

  static String key(String key) {
    if (!KEY.matcher(key).matches()) {
      throw Problem.badRequest(
          "INVALID_KEY",
          "an idempotency key is 1 to " + MAX_KEY_CHARACTERS + " printable ASCII characters");
    }
    return key;
  }

  static long version(String match) {
    Matcher matcher = IF_MATCH.matcher(match.strip());
    if (!matcher.matches()) {
      throw Problem.badRequest(
          "INVALID_IF_MATCH", "If-Match is one version in quotes, such as \"3\"");
    }
    return Long.parseLong(matcher.group(1));
  }
}
