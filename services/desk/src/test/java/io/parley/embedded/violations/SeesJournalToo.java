package io.parley.embedded.violations;

import io.parley.journal.reading.ParleyProperties;

/** The embedded parts know nothing of the services' settings. */
public record SeesJournalToo(ParleyProperties properties) {}
