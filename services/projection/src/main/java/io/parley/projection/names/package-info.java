/** What persons, parties, bodies and places are called in a negotiation. */
@NullMarked
package io.parley.projection.names;

import org.jspecify.annotations.NullMarked;
