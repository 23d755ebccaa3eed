package io.parley.schedule.violations.common;

/** In a package for everything. */
public record Anything() {}
