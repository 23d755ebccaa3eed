package io.parley.projection.audit.export;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an export says of itself, in its second file.
 *
 * @param format version of the format
 * @param length number of entries; the last one's sequence
 * @param headHash hash of the last entry, in lower-case hexadecimal: what to write down
 */
record Manifest(
    int format,
    String negotiation,
    long length,
    Instant firstRecorded,
    Instant lastRecorded,
    String headHash) {
  private static final JsonMapper JSON = new JsonMapper();

  byte[] file() {
    return """
        {
          "format": %d,
          "negotiation": "%s",
          "length": %d,
          "firstRecorded": "%s",
          "lastRecorded": "%s",
          "headHash": "%s"
        }
        """
        .formatted(format, negotiation, length, firstRecorded, lastRecorded, headHash)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What the restricted part says of itself: how many events of each service are in it. */
  static byte[] restricted(int format, String negotiation, Map<String, Long> events) {
    String counts =
        events.entrySet().stream()
            .map(each -> "    \"%s\": %d".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(",\n"));
    return """
        {
          "format": %d,
          "negotiation": "%s",
          "events": {
        %s
          }
        }
        """
        .formatted(format, negotiation, counts)
        .getBytes(StandardCharsets.UTF_8);
  }

  static Manifest read(byte[] file) throws NoExportException {
    try {
      JsonNode json = JSON.readTree(file);
      int format = json.path("format").asInt(0);
      if (format < 1 || format > Format.VERSION) {
        throw new NoExportException(
            "it has format " + format + ", this version of Parley reads 1 to " + Format.VERSION);
      }
      return new Manifest(
          format,
          json.get("negotiation").asString(),
          json.get("length").asLong(),
          Instant.parse(json.get("firstRecorded").asString()),
          Instant.parse(json.get("lastRecorded").asString()),
          json.get("headHash").asString());
    } catch (JacksonException | DateTimeException | NullPointerException e) {
      throw new NoExportException("its " + Format.MANIFEST + " cannot be read");
    }
  }
}
