package io.parley.schedule.violations.right;

import io.parley.schedule.violations.left.Left;

/** Looks back. */
public record Right(Left left) {}
