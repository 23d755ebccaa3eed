package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.schemas.Event;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A negotiation of its own on a running service: settled event by event, then asked. */
final class Story implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final ConfigurableApplicationContext service;
  private final Recorder recorder;
  private Token last;

  Story(ConfigurableApplicationContext service, String negotiation) {
    this.service = service;
    this.recorder = new Recorder(negotiation);
    this.last = recorder.settle("schedule", Facts.convened("Talks"));
  }

  static ConfigurableApplicationContext service(String schema) {
    return Ground.service(schema, Map.of("parley.projection.wait-at-most", "20s"));
  }

  /** Settles an event; its service is the one that its schema names. */
  long settle(Event event) {
    return settle(event, null);
  }

  long settle(Event event, @org.jspecify.annotations.Nullable String occurred) {
    last = recorder.settle(event.service(), event, occurred);
    return recorder.sequence();
  }

  Story from(String... chain) {
    recorder.from(chain);
    return this;
  }

  Story asserted(@org.jspecify.annotations.Nullable String edtf) {
    recorder.asserted(edtf);
    return this;
  }

  /** What a path under the negotiation answers once all of it is known; 200. */
  JsonNode json(String path) {
    EntityExchangeResult<byte[]> answer = get("/api/negotiations/" + negotiation() + path);
    assertThat(answer.getStatus().value()).as(path + ": " + text(answer)).isEqualTo(200);
    return JSON.readTree(text(answer));
  }

  /** The items of a list under the negotiation. */
  List<JsonNode> items(String path) {
    return list(json(path).get("items"));
  }

  /** What any path answers once all of this is known. */
  EntityExchangeResult<byte[]> get(String path, String... headers) {
    recorder.flush();
    var asking =
        Ground.client(service)
            .get()
            .uri(URI.create(Ground.origin(service) + path))
            .headers(all -> Bearer.where(path, all))
            .header("Parley-After", last.toString());
    for (int i = 0; i < headers.length; i += 2) {
      asking = asking.header(headers[i], headers[i + 1]);
    }
    return asking.exchange().expectBody().returnResult();
  }

  String negotiation() {
    return recorder.negotiation();
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The texts at a pointer in each of these. */
  static List<String> texts(Iterable<JsonNode> items, String pointer) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> item.at(pointer).asString())
        .toList();
  }

  static String text(EntityExchangeResult<byte[]> answer) {
    byte[] body = answer.getResponseBodyContent();
    return body == null ? "" : new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    recorder.close();
  }
}
