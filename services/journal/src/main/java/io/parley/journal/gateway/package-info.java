/** The way of a command from the edge to its decider and of the answer back. */
@NullMarked
package io.parley.journal.gateway;

import org.jspecify.annotations.NullMarked;
