/**
 * Commands over HTTP: one or a stream, read by the schema, answered with what was recorded or a
 * problem.
 */
@NullMarked
package io.parley.journal.http;

import org.jspecify.annotations.NullMarked;
