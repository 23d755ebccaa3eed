package io.parley.projection.projector;

import org.springframework.stereotype.Component;

/**
 * What stands beside the views' own tables.
 *
 * @param live the database, with the tables that are read
 */
@Component
record Tables(
    Database live, HaltedTable halted, StoppedTable stopped, Retries retries, Skips skips) {}
