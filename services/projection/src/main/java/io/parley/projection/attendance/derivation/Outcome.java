package io.parley.projection.attendance.derivation;

import io.parley.projection.attendance.derivation.Fact.Observed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is derived of a presence, beside what was seen of it (rule 15).
 *
 * @param derived what follows
 * @param disputed whether both sides have support (rule 9)
 * @param actual what was seen, there or in a scope that entails it (rule 10); null: nothing
 * @param because the facts that it follows from; of what is UNDETERMINED, those that bear on it
 * @param cut whether farther facts of the chain are left out
 */
public record Outcome(
    Derived derived,
    boolean disputed,
    @Nullable Observed actual,
    List<Fact> because,
    boolean cut) {}
