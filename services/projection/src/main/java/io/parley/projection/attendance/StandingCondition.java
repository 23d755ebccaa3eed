package io.parley.projection.attendance;

import io.parley.projection.attendance.derivation.Fact.Condition;

/**
 * A condition and whether it holds still.
 *
 * @param condition as it was stated, with how it was assessed last
 * @param withdrawn whether it holds no more
 * @param version version of its aggregate
 */
record StandingCondition(Condition condition, boolean withdrawn, long version) {}
