package io.parley.projection.conflicts;

import io.parley.projection.attendance.derivation.Containment;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.schedule.Meeting;
import io.parley.projection.shape.Located;
import io.parley.schemas.PlaceKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places as scopes, and which exclude each other (rules 10 and 19): of two that exclude each other
 * neither contains the other.
 */
record Places(Containment containment) {
  /** Whether somebody can be in both of two places at once. */
  enum Apart {
    /** One contains the other, or is the same. */
    NO,
    /** Neither is known to contain the other, and it may. */
    UNKNOWN,
    YES
  }

  /** The scope of a place; null where its kind is of a later release. */
  static @Nullable String scope(Located place) {
    return place.kind() == PlaceKind.UNRECOGNIZED
        ? null
        : place.kind().name().toLowerCase(Locale.ROOT) + ":" + place.id();
  }

  /** Where a meeting is, the narrowest first: its venue, then its place. */
  static List<String> scopes(Meeting meeting) {
    Set<String> scopes = new LinkedHashSet<>();
    Located venue = meeting.venue();
    if (venue != null) {
      // A bare id is of kind CITY on the wire, and a meeting's venue is no city.
      String scope = venue.kind() == PlaceKind.CITY ? "venue:" + venue.id() : scope(venue);
      if (scope != null) {
        scopes.add(scope);
      }
    }
    String place = scope(meeting.place());
    if (place != null) {
      scopes.add(place);
    }
    return List.copyOf(scopes);
  }

  /** The scope of a meeting. */
  static String of(Meeting meeting) {
    return Presence.MEETING + meeting.meeting();
  }

  /** Whether a place contains one of these, or lies in it. */
  boolean meet(String place, List<String> scopes) {
    return scopes.stream().anyMatch(scope -> containment.comparable(place, scope));
  }

  /**
   * Whether two places exclude each other. Of a city and a country, say, that is sure only where it
   * is known in which country the city lies.
   */
  Apart apart(String one, String other) {
    if (containment.comparable(one, other)) {
      return Apart.NO;
    }
    return around(one, kind(other)) && around(other, kind(one)) ? Apart.YES : Apart.UNKNOWN;
  }

  /** Whether both lie in one city, or are it: they have one zone then. */
  boolean inOneCity(String one, String other) {
    Set<String> cities = cities(one);
    cities.retainAll(cities(other));
    return !cities.isEmpty();
  }

  private Set<String> cities(String scope) {
    Set<String> cities = new LinkedHashSet<>(containment.wider(scope));
    cities.add(scope);
    cities.removeIf(each -> !kind(each).equals("city"));
    return cities;
  }

  /** Whether it is known which place of a kind this one is or lies in; a wider kind needs none. */
  private boolean around(String scope, String kind) {
    return rank(kind(scope)) >= rank(kind)
        || containment.wider(scope).stream().anyMatch(each -> kind(each).equals(kind));
  }

  private static int rank(String kind) {
    return switch (kind) {
      case "country" -> 2;
      case "city" -> 1;
      default -> 0;
    };
  }

  private static String kind(String scope) {
    int end = scope.indexOf(':');
    return end < 0 ? scope : scope.substring(0, end);
  }
}
