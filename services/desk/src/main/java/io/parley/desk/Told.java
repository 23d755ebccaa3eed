package io.parley.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Events of the stream in a terminal: a line each, and how they are asked for. */
final class Told {
  /** What can be asked for, each with one value or several by commas. */
  static final Set<String> FILTERS =
      Set.of(
          "negotiation",
          "service",
          "type",
          "party",
          "person",
          "kind",
          "topic",
          "language",
          "since");

  /** What is said of an event beside what it is about. */
  private static final Set<String> ASIDE = Set.of("occurred", "asserted", "source", "keys");

  private static final int TEXT = 100;

  private Told() {}

  /** The query that options and words like {@code party=ru} make. */
  static String query(Arguments arguments, List<String> words, Set<String> known)
      throws CommandFailed {
    List<String> parts = new ArrayList<>();
    for (String name : new TreeSet<>(known)) {
      arguments.option(name).ifPresent(value -> parts.add(name + "=" + Origin.encoded(value)));
    }
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1 || !known.contains(word.substring(0, equals))) {
        throw new CommandFailed(CommandFailed.BAD_USAGE, "what is " + word + "?");
      }
      parts.add(word.substring(0, equals) + "=" + Origin.encoded(word.substring(equals + 1)));
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }

  /** An event in one line: when, which, and what it says. */
  static String line(String json) {
    JsonNode event = Origin.JSON.readTree(json);
    if (!event.has("specversion")) {
      return "! " + json;
    }
    String type = event.path("type").asString("");
    List<String> says = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : event.path("data").properties()) {
      if (!ASIDE.contains(field.getKey()) && !field.getValue().isNull()) {
        says.add(field.getKey() + "=" + value(field.getValue()));
      }
    }
    String text = String.join(" ", says).replace('\n', ' ');
    return "%s  %s %d  %s  %s  %s"
        .formatted(
            event.path("time").asString(""),
            event.path("negotiation").asString(""),
            event.path("sequence").asLong(0),
            type.substring(type.lastIndexOf('.') + 1),
            event.path("subject").asString(""),
            text.length() > TEXT ? text.substring(0, TEXT) + "…" : text);
  }

  private static String value(JsonNode value) {
    if (value.isObject()) {
      return Optional.ofNullable(value.get("name"))
          .filter(JsonNode::isString)
          .or(() -> Optional.ofNullable(value.get("id")))
          .or(() -> Optional.ofNullable(value.get("edtf")))
          .map(JsonNode::asString)
          .orElseGet(value::toString);
    }
    if (value.isArray()) {
      List<String> all = new ArrayList<>();
      value.forEach(each -> all.add(value(each)));
      return String.join(",", all);
    }
    return value.isString() ? value.asString() : value.toString();
  }
}
