package io.parley.schedule.violations.left.inner;

import io.parley.schedule.violations.left.Left;

/** Looks back out. */
public record Inner(Left left) {}
