package io.parley.desk;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A running instance, spoken to over HTTP as any client would. */
final class Origin {
  static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .build();
  private final URI root;
  private final Optional<String> token;
  private final Duration answerWithin;

  Origin(String url, Optional<String> token) throws CommandFailed {
    this(url, token, ANSWER_WITHIN);
  }

  /**
   * The same.
   *
   * @param answerWithin how long an answer may take to begin
   */
  Origin(String url, Optional<String> token, Duration answerWithin) throws CommandFailed {
    this.answerWithin = answerWithin;
    try {
      this.root = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (root.getHost() == null || !List.of("http", "https").contains(root.getScheme())) {
        throw new IllegalArgumentException("no http address");
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "not an http address: " + url, e);
    }
    this.token = token;
  }

  /**
   * The instance that the arguments name by {@code --url} and {@code --token}, by the environment,
   * or by a data directory on this machine, whose key then makes the token.
   */
  static Origin of(Arguments arguments, String role) throws CommandFailed {
    var data = Desk.data(arguments);
    String url =
        arguments
            .option("url", "PARLEY_URL")
            .or(() -> Desk.runningOn(data))
            .orElse("http://127.0.0.1:8080");
    Optional<String> token = arguments.option("token", "PARLEY_TOKEN");
    if (token.isEmpty() && DeskKey.existsIn(data)) {
      String subject = System.getProperty("user.name", "desk");
      token = Optional.of(DeskKey.in(data).token(List.of(role), subject, Duration.ofHours(1)));
    }
    return new Origin(url, token);
  }

  String url() {
    return root.toString();
  }

  /** Reads a path, once what the tokens name is known there. */
  Answer get(String path, String... after) throws CommandFailed {
    HttpRequest.Builder request = request(path).GET();
    if (after.length > 0) {
      request.header("Parley-After", String.join(", ", after));
    }
    return send(request.build());
  }

  /** Sends commands, one a line, and returns the results, one a line. */
  Answer postLines(String path, String lines) throws CommandFailed {
    return send(
        request(path)
            .header("Content-Type", "application/x-ndjson")
            .header("Accept", "application/x-ndjson, application/problem+json")
            .POST(HttpRequest.BodyPublishers.ofString(lines))
            .build());
  }

  /**
   * Opens a stream; whoever reads its body closes it.
   *
   * @param cursor what was received last
   * @throws IOException where nothing answers
   */
  HttpResponse<InputStream> open(String path, String accept, Optional<String> cursor)
      throws IOException, CommandFailed {
    HttpRequest.Builder request = request(path).header("Accept", accept).GET();
    cursor.ifPresent(id -> request.header("Last-Event-ID", id));
    return begin(request.build());
  }

  /**
   * Opens what begins only once all of it is made, however long that takes: an export is read and
   * checked before its first byte. Whoever reads its body closes it.
   *
   * @throws IOException where nothing answers
   */
  HttpResponse<InputStream> download(String path, String accept) throws IOException, CommandFailed {
    return begin(authorized(path).header("Accept", accept).GET().build());
  }

  private HttpResponse<InputStream> begin(HttpRequest request) throws IOException, CommandFailed {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(CommandFailed.SAID_NO, "interrupted", e);
    }
  }

  /** A value as it stands in a query or a path. */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return authorized(path).timeout(answerWithin);
  }

  private HttpRequest.Builder authorized(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
    token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
    return request;
  }

  private Answer send(HttpRequest request) throws CommandFailed {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new CommandFailed(CommandFailed.NOT_REACHABLE, "nothing answers at " + root, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(CommandFailed.SAID_NO, "interrupted", e);
    }
  }

  /**
   * What came back.
   *
   * @param status HTTP status
   * @param body as text
   */
  record Answer(int status, String body) {
    boolean isOk() {
      return status == 200;
    }

    /** The body as JSON; a missing node where it is none. */
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JacksonException e) {
        return MissingNode.getInstance();
      }
    }

    /** What a problem says (RFC 9457), in a few words, and of which places. */
    String problem() {
      JsonNode problem = json();
      String code = problem.path("code").asString("");
      String detail = problem.path("detail").asString(problem.path("title").asString(""));
      StringBuilder said = new StringBuilder("%d %s %s".formatted(status, code, detail).strip());
      for (JsonNode fault : problem.path("errors")) {
        String where = fault.path("pointer").asString("");
        said.append("\n  ").append(where).append(": ").append(fault.path("detail").asString(""));
      }
      return said.toString();
    }
  }
}
