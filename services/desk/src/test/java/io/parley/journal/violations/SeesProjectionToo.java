package io.parley.journal.violations;

import io.parley.projection.ProjectionProperties;

/** The journal must not see a service, not even a type of its. */
public record SeesProjectionToo(ProjectionProperties properties) {}
