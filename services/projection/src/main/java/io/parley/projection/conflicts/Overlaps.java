package io.parley.projection.conflicts;

import io.parley.projection.conflicts.Conflict.Kind;
import io.parley.projection.conflicts.Conflict.Severity;
import io.parley.projection.conflicts.Places.Apart;
import io.parley.projection.conflicts.Sentence.Name;
import io.parley.projection.conflicts.When.Shared;
import io.parley.projection.conflicts.Whereabouts.Spot;
import io.parley.projection.schedule.Leg;
import io.parley.projection.shape.Located;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One person in two places that exclude each other (rule 19): HARD where it is certain that both
 * are at one time, POSSIBLE where the bounds overlap and no more is certain.
 *
 * <p>Two journeys of one day are a journey with a stop, and a journey from a place ends a stay
 * there: these are told only where they are certain.
 */
final class Overlaps {
  private final Places places;

  private Overlaps(Places places) {
    this.places = places;
  }

  static List<Finding> of(Situation situation) {
    Overlaps overlaps = new Overlaps(new Places(situation.derivation().facts().containment()));
    List<Finding> found = new ArrayList<>();
    Whereabouts.of(situation).forEach((person, spots) -> overlaps.of(person, spots, found));
    return found;
  }

  private void of(String person, List<Spot> spots, List<Finding> found) {
    List<Spot> sorted =
        spots.stream()
            .sorted(
                Comparator.comparing((Spot spot) -> spot.when().earliest())
                    .thenComparing(Spot::subject)
                    .thenComparing(Spot::scope))
            .toList();
    for (int i = 0; i < sorted.size(); i++) {
      Spot one = sorted.get(i);
      for (int j = i + 1; j < sorted.size(); j++) {
        Spot other = sorted.get(j);
        if (!other.when().earliest().isBefore(one.when().latest())) {
          break;
        }
        Severity severity = severity(one, other);
        if (severity != null) {
          found.add(finding(person, severity, one, other));
        }
      }
    }
  }

  private @Nullable Severity severity(Spot one, Spot other) {
    if (one.subject().equals(other.subject()) || (!one.firm() && !other.firm())) {
      return null;
    }
    Apart apart = places.apart(one.scope(), other.scope());
    if (apart == Apart.NO) {
      return null;
    }
    Shared shared = one.when().shared(other.when(), places.inOneCity(one.scope(), other.scope()));
    if (shared == Shared.SURELY && apart == Apart.YES && one.firm() && other.firm()) {
      return Severity.HARD;
    }
    return shared == Shared.NEVER || leaves(one, other) || leaves(other, one)
        ? null
        : Severity.POSSIBLE;
  }

  /** Whether the one is a journey that explains why somebody is no more where the other is. */
  private boolean leaves(Spot journey, Spot other) {
    Leg leg = journey.leg();
    if (leg == null) {
      return false;
    }
    Located from = leg.from();
    String scope = from == null ? null : Places.scope(from);
    return other.leg() != null
        || (scope != null && places.containment().comparable(scope, other.scope()));
  }

  private static Finding finding(String person, Severity severity, Spot one, Spot other) {
    return new Finding(
        Kind.OVERLAP,
        severity,
        Stream.concat(
                Stream.of("person:" + person), Stream.of(one.subject(), other.subject()).sorted())
            .toList(),
        Sentence.of(
            severity == Severity.HARD
                ? "%s %s and at the same time %s"
                : "%s %s and perhaps at the same time %s",
            new Name(person),
            one.does(),
            other.does()),
        Stream.of(one, other).flatMap(spot -> spot.because().stream()).toList());
  }
}
