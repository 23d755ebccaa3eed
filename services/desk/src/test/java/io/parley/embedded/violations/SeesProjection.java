package io.parley.embedded.violations;

import io.parley.projection.ProjectionProperties;

/** The embedded parts must not see a service. */
public record SeesProjection(ProjectionProperties properties) {}
