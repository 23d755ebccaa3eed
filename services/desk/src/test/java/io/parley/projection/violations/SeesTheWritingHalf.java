package io.parley.projection.violations;

import io.parley.journal.gateway.CommandGateway;

/** The read side must not send commands. */
public record SeesTheWritingHalf(CommandGateway gateway) {}
