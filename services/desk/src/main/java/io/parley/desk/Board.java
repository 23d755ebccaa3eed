package io.parley.desk;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The state of one negotiation on one screen, from what any client can read. */
final class Board {
  static final String USAGE =
      """
      usage: ./parley board [NEGOTIATION] [--url URL] [--token TOKEN] [--data DIR]

      Prints heads, who is expected where and why, next meetings, newest announcements, conflicts and
      the head hash of a negotiation (istanbul-2025 unless said otherwise).
      """;

  private static final int TEXT = 72;
  private static final int TRIES = 6;

  private final Origin origin;
  private final Origin auditor;
  private final String negotiation;
  private final String asOf;
  private final String[] after;

  /**
   * A board of what is known once the tokens are.
   *
   * @param auditor asks for the head hash, which not everybody may; the line is left out then
   * @param after tokens to wait for
   */
  Board(Origin origin, Origin auditor, String negotiation, String... after) {
    this(origin, auditor, negotiation, "", after);
  }

  /** A board as of a moment: a sequence number, or an instant; empty: now. */
  Board(Origin origin, Origin auditor, String negotiation, String asOf, String[] after) {
    this.origin = origin;
    this.auditor = auditor;
    this.negotiation = negotiation;
    this.asOf = asOf;
    this.after = after.clone();
  }

  static void run(List<String> given) throws CommandFailed {
    Arguments arguments = Arguments.parse(given, Set.of("url", "token", "data"));
    if (arguments.rest().size() > 1) {
      throw new CommandFailed(CommandFailed.BAD_USAGE, "one negotiation at a time");
    }
    String negotiation = arguments.rest().isEmpty() ? "istanbul-2025" : arguments.rest().getFirst();
    Origin auditor = Origin.of(arguments, "auditor");
    if (!new Board(Origin.of(arguments, "reader"), auditor, negotiation).print(System.out)) {
      throw new CommandFailed(CommandFailed.SAID_NO, "no negotiation " + negotiation);
    }
  }

  /** Prints it; false where there is no such negotiation. */
  boolean print(PrintStream out) throws CommandFailed {
    String path = "/api/negotiations/" + negotiation;
    Optional<JsonNode> whole = read(path);
    if (whole.isEmpty()) {
      return false;
    }
    out.printf("%n%s%n", text(whole.get(), "title", negotiation));
    out.println("  " + parties(whole.get().path("parties")));
    section(out, "Delegations", items(path + "/delegations"), Board::delegation);
    List<JsonNode> meetings = meetings(path + "/schedule");
    for (Map.Entry<String, String> scope : scopes(meetings).entrySet()) {
      section(
          out,
          scope.getValue(),
          people(path + "/attendance?scope=" + scope.getKey()),
          Board::expectation);
    }
    section(out, "Meetings", meetings, Board::meeting);
    section(out, "Newest announcements", items(path + "/announcements?limit=5"), Board::said);
    section(out, "Conflicts", items(path + "/conflicts"), Board::conflict);
    Origin.Answer audit = auditor.get(at("/api/audit/negotiations/" + negotiation), after);
    if (audit.isOk()) {
      out.printf(
          "%nRecord: %d events, head %s%n",
          audit.json().path("length").asInt(0), text(audit.json(), "headHash", "unknown"));
    }
    out.printf("%n  %s%s%n", origin.url(), path);
    out.printf("  %s/swagger-ui.html%n", origin.url());
    out.flush();
    return true;
  }

  private String at(String path) {
    return asOf.isEmpty()
        ? path
        : path + (path.contains("?") ? "&" : "?") + "asOf=" + Origin.encoded(asOf);
  }

  private Optional<JsonNode> read(String asked) throws CommandFailed {
    String path = at(asked);
    Origin.Answer answer = origin.get(path, after);
    for (int tries = 1; answer.status() == 503 && tries < TRIES; tries++) {
      answer = origin.get(path, after);
    }
    if (answer.status() == 401 || answer.status() == 403) {
      throw new CommandFailed(CommandFailed.SAID_NO, answer.problem());
    }
    return answer.isOk() ? Optional.of(answer.json()) : Optional.empty();
  }

  private List<JsonNode> items(String path) throws CommandFailed {
    return read(path).map(json -> list(json.path("items"))).orElse(List.of());
  }

  private List<JsonNode> people(String path) throws CommandFailed {
    List<JsonNode> people =
        new ArrayList<>(read(path).map(json -> list(json.path("people"))).orElse(List.of()));
    // Of whom nothing is known, nothing is to be told.
    people.removeIf(person -> person.path("because").isEmpty());
    return people;
  }

  private List<JsonNode> meetings(String path) throws CommandFailed {
    Set<String> over = Set.of("CONCLUDED", "CANCELLED");
    List<JsonNode> next =
        new ArrayList<>(read(path).map(json -> list(json.path("meetings"))).orElse(List.of()));
    next.removeIf(meeting -> over.contains(text(meeting, "status", "")));
    return next;
  }

  /** The talks, and where the next session is: scopes, and what to call them. */
  private static Map<String, String> scopes(List<JsonNode> meetings) {
    Map<String, String> scopes = new LinkedHashMap<>();
    scopes.put("talks", "At the talks");
    for (JsonNode meeting : meetings) {
      if ("SESSION".equals(text(meeting, "kind", ""))) {
        scopes.put("meeting:" + text(meeting, "meeting", "?"), "At " + text(meeting, "title", "?"));
        for (JsonNode place = meeting.path("place");
            place.isObject();
            place = place.path("within")) {
          String kind = text(place, "kind", "CITY").toLowerCase(Locale.ROOT);
          scopes.put(kind + ":" + text(place, "id", "?"), "In " + name(place));
        }
        return scopes;
      }
    }
    return scopes;
  }

  private static void section(PrintStream out, String title, List<JsonNode> found, Line line) {
    if (found.isEmpty()) {
      return;
    }
    out.printf("%n%s%n", title);
    found.forEach(item -> out.println("  " + line.of(item)));
  }

  private static String parties(JsonNode parties) {
    return list(parties).stream()
        .map(p -> name(p) + " (" + text(p, "role", "?").toLowerCase(Locale.ROOT) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String delegation(JsonNode delegation) {
    JsonNode head = delegation.path("head");
    String members =
        list(delegation.path("members")).stream()
            .map(member -> name(member.path("person")))
            .collect(Collectors.joining(", "));
    String rest =
        "COMPLETE".equals(text(delegation, "roster", "")) ? "no others" : "others not known";
    return "%-4s head %s; %s%s"
        .formatted(
            text(delegation, "party", "?"),
            head.isObject() ? name(head) : "not known",
            members.isEmpty() ? "" : members + "; ",
            rest);
  }

  private static String expectation(JsonNode person) {
    String because =
        list(person.path("because")).stream()
            .map(link -> text(link, "text", ""))
            .filter(why -> !why.isEmpty())
            .collect(Collectors.joining("; "));
    String derived = text(person, "actual", text(person, "derived", "?"));
    return "%-20s %-14s %s".formatted(name(person.path("name")), derived, because);
  }

  private static String meeting(JsonNode meeting) {
    JsonNode place = meeting.path("place");
    return "%-16s %-18s %-10s %s"
        .formatted(
            text(meeting.path("start"), "edtf", "start not known"),
            place.isObject() ? name(place) : text(meeting, "place", "?"),
            text(meeting, "status", "?"),
            text(meeting, "title", ""));
  }

  private static String said(JsonNode announcement) {
    JsonNode speaker = announcement.path("speaker");
    return "%-14s %-22s %s"
        .formatted(
            text(announcement, "kind", "?"),
            speaker.isObject() ? name(speaker) : text(announcement, "speaker", "?"),
            shortened(text(announcement, "text", "")));
  }

  private static String conflict(JsonNode conflict) {
    // Whole: where the two sides meet is at the end of the sentence.
    return "%-9s %s"
        .formatted(
            text(conflict, "severity", "?"),
            text(conflict, "explanation", "").lines().collect(Collectors.joining(" ")));
  }

  private static String name(JsonNode thing) {
    if (thing.isString()) {
      return thing.asString();
    }
    for (String field : List.of("name", "party", "person", "id")) {
      JsonNode value = thing.path(field);
      if (value.isObject()) {
        return name(value);
      }
      if (value.isString()) {
        return value.asString();
      }
    }
    return "?";
  }

  private static String text(JsonNode node, String field, String otherwise) {
    JsonNode value = node.path(field);
    return value.isString() ? value.asString() : otherwise;
  }

  private static String shortened(String text) {
    String line = text.lines().collect(Collectors.joining(" "));
    return line.length() <= TEXT ? line : line.substring(0, TEXT - 1) + "…";
  }

  private static List<JsonNode> list(JsonNode array) {
    return array.isArray() ? StreamSupport.stream(array.spliterator(), false).toList() : List.of();
  }

  private interface Line {
    String of(JsonNode item);
  }
}
