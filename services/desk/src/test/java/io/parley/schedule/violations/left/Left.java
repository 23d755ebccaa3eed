package io.parley.schedule.violations.left;

import io.parley.schedule.violations.left.inner.Inner;
import io.parley.schedule.violations.right.Right;

/** One half of two cycles: to the package beside it, and to the one inside it. */
public record Left(Right right, Inner inner) {}
