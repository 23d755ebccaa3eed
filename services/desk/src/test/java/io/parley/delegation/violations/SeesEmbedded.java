package io.parley.delegation.violations;

import io.parley.embedded.EmbeddedBroker;

/** A service has no broker of its own. */
public record SeesEmbedded(EmbeddedBroker broker) {}
