package io.parley.projection.attendance;

import io.parley.projection.attendance.derivation.Fact;
import io.parley.projection.attendance.derivation.Fact.Assessed;
import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Seen;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.names.Naming;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Facts in words, with the names as of the moment that is asked for.
 *
 * @param names by id of a person, a party or a place
 * @param meetings titles by id of the meeting
 */
record Wording(Map<String, Naming> names, Map<String, String> meetings) {

  /** Every id that the words for these facts need a name for. */
  static Set<String> ids(Collection<Fact> facts) {
    Set<String> ids = new HashSet<>();
    for (Fact fact : facts) {
      for (Presence presence : presences(fact)) {
        ids.add(presence.id());
        ids.add(presence.scope().substring(presence.scope().indexOf(':') + 1));
      }
    }
    return ids;
  }

  private static List<Presence> presences(Fact fact) {
    return switch (fact) {
      case Stated stated -> List.of(stated.presence());
      case Seen seen -> List.of(seen.presence());
      case Condition condition ->
          condition.requires() == null
              ? List.of(condition.dependent())
              : List.of(condition.dependent(), condition.requires());
      case Assessed assessed -> List.of();
    };
  }

  /** What somebody or something is called; the id where nobody has named it. */
  String name(String id) {
    Naming naming = names.get(id);
    return naming == null || naming.name() == null ? id : naming.name();
  }

  /** A fact in a sentence. */
  String of(Fact fact) {
    return switch (fact) {
      case Stated stated ->
          switch (stated.status()) {
            case CONFIRMED -> "%s will be %s".formatted(who(stated), where(stated));
            case DECLINED -> "%s will not be %s".formatted(who(stated), where(stated));
            case UNCLEAR ->
                "It is unclear whether %s will be %s".formatted(who(stated), where(stated));
            case WILLING -> "%s is willing to be %s".formatted(who(stated), where(stated));
            case UNRECOGNIZED ->
                "Something was said of %s %s".formatted(who(stated), where(stated));
          };
      case Condition condition -> condition(condition);
      case Assessed assessed ->
          "An editor finds that this is %s: %s"
              .formatted(
                  switch (assessed.result()) {
                    case MET -> "so";
                    case UNMET -> "not so";
                    case UNRECOGNIZED -> "to be seen";
                  },
                  assessed.reason());
      case Observed seen ->
          (seen.present() ? "%s was seen %s" : "%s was absent %s")
              .formatted(who(seen.presence()), where(seen.presence()));
      case Assumed assumed ->
          (assumed.present() ? "If %s were %s" : "If %s were not %s")
              .formatted(who(assumed.presence()), where(assumed.presence()));
    };
  }

  private String condition(Condition condition) {
    Presence requires = condition.requires();
    String link =
        switch (condition.kind()) {
          case ONLY_IF -> "only if";
          case IF -> "if";
          case IFF -> "if and only if";
          case UNRECOGNIZED -> "depending on whether";
        };
    return "%s will be %s %s %s"
        .formatted(
            who(condition.dependent()),
            where(condition.dependent()),
            link,
            requires == null
                ? "this holds: " + condition.text()
                : "%s is %s".formatted(who(requires), where(requires)));
  }

  private String who(Stated stated) {
    return who(stated.presence());
  }

  private String where(Stated stated) {
    return where(stated.presence());
  }

  private String who(Presence presence) {
    return presence.isOfParty() ? "somebody of " + name(presence.id()) : name(presence.id());
  }

  private String where(Presence presence) {
    String scope = presence.scope();
    if (scope.equals(Presence.TALKS)) {
      return "at the talks";
    }
    String id = scope.substring(scope.indexOf(':') + 1);
    if (scope.startsWith(Presence.MEETING)) {
      return "at the meeting '%s'".formatted(meetings.getOrDefault(id, id));
    }
    return (scope.startsWith("venue:") ? "at " : "in ") + name(id);
  }
}
