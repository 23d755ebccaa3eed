package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An operator at an instance of the service. */
final class Operating {
  static final String OPERATIONS = "/api/operations";

  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String origin;
  private final String authorization;

  Operating(String origin) {
    this(origin, Bearer.of("operator"));
  }

  private Operating(String origin, String authorization) {
    this.origin = origin;
    this.authorization = authorization;
  }

  Operating as(String... roles) {
    return new Operating(origin, Bearer.of(roles));
  }

  /** An answer. */
  record Answer(int status, JsonNode body, String location) {
    Answer expect(int expected) {
      assertThat(status).as("%s", body).isEqualTo(expected);
      return this;
    }

    String code() {
      return body.at("/code").asString();
    }
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer post(String path) {
    return send("POST", path, null);
  }

  Answer post(String path, String body) {
    return send("POST", path, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  /** The dead letters that are of this negotiation. */
  List<JsonNode> deadLetters(String negotiation) {
    return Story.list(get("/dead-letters?limit=1000").expect(200).body().get("items")).stream()
        .filter(each -> each.at("/negotiation").asString("").equals(negotiation))
        .toList();
  }

  /** The projection of open records. */
  JsonNode records() {
    return get("/projections").expect(200).body().at("/items/0");
  }

  private Answer send(String method, String path, @Nullable String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + OPERATIONS + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          answer.statusCode(),
          answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body()),
          answer.headers().firstValue("Location").orElse(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(end);
    }
  }
}
