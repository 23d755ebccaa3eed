package io.parley.parts.violations;

import io.parley.schemas.Command;

/** What tests stand on knows no word of the language. */
public record SeesSchemas(Command command) {}
