package io.parley.projection.attendance;

import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Presence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said and seen of one presence. What is derived is in no row: it depends on all of them.
 *
 * @param presence whose, and where
 * @param stated the last that each speaker said (rule 28), in the order in which it was recorded
 * @param observed what was seen last; null: nothing
 * @param version version of the aggregate after the last event on this presence
 */
record Attendance(
    Presence presence, List<Stated> stated, @Nullable Observed observed, long version) {}
