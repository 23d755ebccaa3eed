package io.parley.projection.attendance.derivation;

import java.util.List;

/**
 * A presence that depends on a person's.
 *
 * @param presence what depends
 * @param direct whether a condition on it rests on the person
 * @param via the persons in between, from the one who depends on the person; none where direct
 */
public record Dependent(Presence presence, boolean direct, List<String> via) {}
