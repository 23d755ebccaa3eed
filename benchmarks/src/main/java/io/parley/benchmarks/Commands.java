package io.parley.benchmarks;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Commands of the schedule as JSON, spread over the negotiations, and the requests that carry them.
 *
 * @param root where the desk answers
 * @param bearer token of an editor
 */
record Commands(URI root, String bearer) {
  static final int NEGOTIATIONS = 100;
  private static final int PEOPLE = 200;
  private static final List<String> DAYS =
      IntStream.range(0, 336)
          .mapToObj(day -> "{\"edtf\":\"2025-%02d-%02d\"}".formatted(1 + day / 28, 1 + day % 28))
          .toList();
  private static final String SOURCE =
      "\"source\":{\"chain\":[{\"name\":\"A report\",\"role\":\"PUBLISHER\"}],"
          + "\"published\":{\"edtf\":\"2025-05-15\"},\"language\":\"en\",\"confidence\":\"REPORTED\"}}";

  static String negotiation(long number) {
    return "bench-" + number % NEGOTIATIONS;
  }

  static String convene(int number) {
    return "{\"type\":\"ConveneNegotiation\",\"negotiation\":\""
        + negotiation(number)
        + "\",\"title\":\"Bench\",\"parties\":[{\"party\":\"a\",\"name\":\"A\",\"role\":\"PRINCIPAL\"},"
        + "{\"party\":\"b\",\"name\":\"B\",\"role\":\"PRINCIPAL\"}]}";
  }

  static String meeting(String negotiation, String id) {
    return "{\"type\":\"ScheduleMeeting\",\"negotiation\":\""
        + negotiation
        + "\",\"meeting\":\""
        + id
        + "\",\"title\":\"Session\",\"kind\":\"SESSION\",\"format\":\"DIRECT\",\"place\":\"istanbul\","
        + SOURCE;
  }

  /** A stay of someone on some day: each its own aggregate, so that none is refused. */
  static String stay(String run, long number) {
    String day = DAYS.get((int) (number % DAYS.size()));
    return "{\"type\":\"RecordStay\",\"negotiation\":\""
        + negotiation(number)
        + "\",\"stay\":\""
        + run
        + "-"
        + number
        + "\",\"person\":\"person-"
        + number % PEOPLE
        + "\",\"place\":\"istanbul\",\"from\":"
        + day
        + ",\"to\":"
        + day
        + ","
        + SOURCE;
  }

  byte[] post(String command) {
    byte[] body = command.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        (head("POST", "/api/schedule/commands")
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] request = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  /** Only the head: the lines follow in chunks. */
  byte[] postLines() {
    return (head("POST", "/api/schedule/commands")
            + "Content-Type: application/x-ndjson\r\nAccept: application/x-ndjson\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  byte[] get(String path, String after) {
    return (head("GET", path) + "Parley-After: " + after + "\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String head(String method, String path) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"
        .formatted(method, path, root.getAuthority(), bearer);
  }
}
