/**
 * The read model of what is restricted (rules 23, 31 and 32; ADR 7): it has its own log, tables and
 * consumer, and no part in the timeline.
 */
@NullMarked
package io.parley.projection.restricted;

import org.jspecify.annotations.NullMarked;
