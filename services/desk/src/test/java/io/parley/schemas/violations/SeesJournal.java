package io.parley.schemas.violations;

import io.parley.journal.reading.Token;

/** The language must not see the journal. */
public record SeesJournal(Token token) {}
